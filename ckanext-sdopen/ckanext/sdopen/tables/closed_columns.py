"""Values of items that are narrower than their entry stay out of its files, tables and samples."""

import json
import tempfile
from collections.abc import Iterable, Mapping
from typing import IO, Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import uploader
from ckan.lib.files import FileData, Location, exc
from ckan.plugins import plugin_loaded
from ckanext.datastore.backend import DatastoreBackend
from ckanext.datastore.backend.postgres import DatastorePostgresqlBackend

from ckanext.sdopen.access import visibility
from ckanext.sdopen.chinese.folding import folded
from ckanext.sdopen.tables import column_names, history
from ckanext.sdopen.tables.long_columns import column_of


def _closed_among(columns: Iterable[str], names: Mapping[str, str]) -> list[str]:
    compared = {folded(column) for column in columns}
    return sorted(names[name] for name in compared & set(names))


def _refusal(columns: list[str]) -> str:
    message = tk._(
        "{columns}: the catalog opens or shares this item less than itself; remove the column "
        "from the data, or change the item's class"
    )
    return str(message).format(columns=", ".join(columns))


def _of_file(file: IO[bytes], file_name: str, names: Mapping[str, str]) -> str:
    """Why a file is refused; empty where it is not."""
    try:
        found = _closed_among(column_names.columns(file, file_name), names)
    except column_names.Unreadable:
        message = tk._(
            "The columns of {file} cannot be told, and items of the catalog are not given with "
            "it; hand in CSV (UTF-8) or XLSX"
        )
        return str(message).format(file=file_name)
    return _refusal(found) if found else ""


def _opened(resource: Mapping[str, Any]) -> IO[bytes]:
    """The stored file of a resource, wherever the portal keeps its files."""
    upload = uploader.get_resource_uploader(dict(resource))
    path = upload.get_path(str(resource["id"]))
    storage = getattr(upload, "storage", None)
    if storage is None:
        return open(path, "rb")
    spooled = tempfile.SpooledTemporaryFile(1 << 20)  # noqa: SIM115 the caller closes it
    for part in storage.stream(FileData(Location(path))):
        spooled.write(part)
    spooled.seek(0)
    return spooled


def _stored_file(resource: Mapping[str, Any], names: Mapping[str, str]) -> str:
    file_name = str(resource.get("original_filename") or resource.get("url") or "")
    try:
        with _opened(resource) as file:
            return _of_file(file, file_name.rsplit("/", 1)[-1], names)
    except (OSError, exc.LocationError):
        return ""  # there is no file to give


def _table_fields(resource_id: str) -> list[Mapping[str, Any]]:
    """The columns of a resource's table in the DataStore; none where it has no table."""
    if not plugin_loaded("datastore"):
        return []
    backend = DatastoreBackend.get_active_backend()
    if not backend.resource_exists(resource_id):
        return []
    found = history.current(resource_id)
    is_loaded = found is not None and not found.version.source.get("written")
    if is_loaded or not isinstance(backend, DatastorePostgresqlBackend):
        told = backend.resource_fields(resource_id, False, False)
    else:
        # all columns of a written one, also those that our back end withholds
        told = DatastorePostgresqlBackend.resource_fields(backend, resource_id, False, False)
    return list(told["fields"])


def _with_columns(names: Mapping[str, str]) -> dict[str, str]:
    """The names, and the columns that are short for long ones."""
    return {folded(str(column_of(name))): name for name in names.values()} | dict(names)


def closed_fields(
    fields: Iterable[Mapping[str, Any]], names: Mapping[str, str]
) -> dict[str, list[str]]:
    """{id: names of its items} of columns of the DataStore that are of narrower items.

    A column is known by its id and by its label; the id may be short for a long name.
    """
    if not names:
        return {}
    compared = _with_columns(names)
    found = {}
    for field in fields:
        info = field.get("info")
        label = info.get("label") if isinstance(info, Mapping) else None
        said = [str(text) for text in (field["id"], label) if text]
        found[str(field["id"])] = _closed_among(said, compared)
    return {identity: closed for identity, closed in found.items() if closed}


def _of_resource(resource: Mapping[str, Any], names: Mapping[str, str]) -> str:
    upload = resource.get("upload")
    if getattr(upload, "filename", None):
        return _of_file(upload.stream, str(upload.filename), names)  # type: ignore[union-attr]
    if resource.get("url_type") == "upload" and resource.get("id"):
        refused = _stored_file(resource, names)
        if refused:
            return refused
    fields = _table_fields(str(resource["id"])) if resource.get("id") else []
    closed = closed_fields(fields, names).values()
    found = sorted({name for of_field in closed for name in of_field})
    return _refusal(found) if found else ""


def _whole(entry: Mapping[str, Any], stored: model.Package | None) -> dict[str, Any]:
    """The entry with the classes and items that an update does not send."""
    shown: Mapping[str, Any] = {}
    if stored and not {"sharing", "opening", "info_items"} <= set(entry):
        shown = tk.get_action("package_show")({"ignore_auth": True}, {"id": stored.id})
    given = {name: value for name, value in entry.items() if name != "upload"}
    return {**shown, **given}


def refuse(entry: Mapping[str, Any], stored: model.Package | None) -> None:
    """Check the files, tables and the sample answer of an entry about to be saved.

    Raises:
        ValidationError: one holds a column of an item that is narrower; the column is named.
    """
    if entry.get("type") == "interface" or (stored and stored.type == "interface"):
        known = stored.extras if stored else {}
        reference = str(entry.get("catalog") or known.get("catalog") or "").rstrip("/")
        catalog = model.Package.get(reference.rsplit("/", 1)[-1]) if reference else None
        refuse_sample(entry, known, catalog)
    elif isinstance(entry.get("resources"), list) and entry["resources"]:
        refuse_resources(entry["resources"], visibility.narrower_names(_whole(entry, stored)))


def refuse_resources(resources: Iterable[Any], names: Mapping[str, str]) -> None:
    """The same of resources, by the names of the items that are narrower."""
    if not names:
        return
    problems = [
        {"upload": [text]} if (text := _of_resource(resource, names)) else {}
        for resource in resources
        if isinstance(resource, Mapping)
    ]
    if any(problems):
        raise tk.ValidationError({"resources": problems})


def refuse_sample(
    entry: Mapping[str, Any], known: Mapping[str, Any], catalog: model.Package | None
) -> None:
    """The same of an interface's sample answer, by the catalog that it serves."""
    sample = entry.get("response_example", known.get("response_example"))
    if not isinstance(sample, str) or catalog is None or catalog.type != "dataset":
        return
    classes = {name: entry.get(name) or known.get(name) for name in ("sharing", "opening")}
    found = _closed_among(column_names.keys(sample), narrower_of_values(catalog.extras, classes))
    if found:
        raise tk.ValidationError({"response_example": [_refusal(found)]})


def refuse_columns(entry_id: str, columns: Iterable[str]) -> None:
    """Check columns that are about to stand in a table of an entry.

    Raises:
        ValidationError: one is of an item that is narrower than its catalog; it is named.
    """
    found = closed_of(entry_id, columns)
    if found:
        raise tk.ValidationError({"fields": [_refusal(found)]})


def closed_of(entry_id: str, columns: Iterable[str]) -> list[str]:
    """Those of some columns that are of items narrower than their catalog, by the items' names."""
    names = narrower_of(entry_id)
    return _closed_among(columns, names) if names else []


def narrower_of(entry_id: str, classes: Mapping[str, Any] | None = None) -> dict[str, str]:
    """{compared name: name} of the items of a stored catalog that are narrower than it.

    `classes` are those of an interface, which may open more than its catalog.
    """
    entry = model.Package.get(entry_id)
    return narrower_of_values(entry.extras if entry else {}, classes)


def narrower_of_values(
    stored: Mapping[str, Any], classes: Mapping[str, Any] | None = None
) -> dict[str, str]:
    """The same from the stored values of a catalog, of which the items are JSON text."""
    items = stored.get("info_items")
    shown = {**stored, "info_items": json.loads(items) if isinstance(items, str) else items}
    own = visibility.narrower_names(shown)
    if classes:
        own |= visibility.narrower_names({**shown, **classes})
    return _with_columns(own)
