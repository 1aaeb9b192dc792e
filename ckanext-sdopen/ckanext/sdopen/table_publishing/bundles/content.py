"""What stands in the bundle of some catalogs, told before the first byte of it is sent."""

import json
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.sdopen import codes, moments
from ckanext.sdopen.errors import SdopenError
from ckanext.sdopen.language import language
from ckanext.sdopen.table_publishing import reading
from ckanext.sdopen.table_publishing.bundles import schemas, settings
from ckanext.sdopen.table_publishing.bundles.zips import Written, Zip
from ckanext.sdopen.table_publishing.giving import addresses
from ckanext.sdopen.table_publishing.giving.found import Found
from ckanext.sdopen.tables import reader_client
from ckanext.sdopen.tables import settings as tables_settings

# of larger tables the bundle holds the Parquet file, a quarter as large
MOST_CSV_ROWS = 1_000_000
_BLOCK = 1 << 18
MOST_TABLES = 200
# how much larger a table is as CSV than its Parquet file
_CSV_TIMES = 4


class TooLarge(SdopenError):
    """The tables are more than a bundle holds."""


@dataclass(frozen=True)
class Data:
    """A table as it stands in the bundle: its path there, and the address of its version."""

    path: str
    table: Found
    address: str
    parquet: Path | None

    @property
    def name(self) -> str:
        """Its file name."""
        return self.path.rsplit("/", 1)[-1]

    def blocks(self, safe: bool) -> Generator[bytes, None, None]:
        """Its bytes."""
        if self.parquet:
            with self.parquet.open("rb") as file:
                while block := file.read(_BLOCK):
                    yield block
            return
        version = reading.readable(self.table.version)
        question = {"ask": "rows", "fields": [one.name for one in self.table.version.columns]}
        with reader_client.export(version, question, "csv", safe=safe) as blocks:
            yield from blocks


@dataclass(frozen=True)
class Catalog:
    """A catalog in the bundle: its folder, its metadata as the caller reads them, its tables."""

    shown: Mapping[str, Any]
    data: Sequence[Data]

    @property
    def folder(self) -> str:
        """The name of its folder: that of its address."""
        return str(self.shown["name"])


def require_size(tables: Sequence[Found]) -> None:
    """Refuse tables that together are more than a bundle holds.

    Raises:
        TooLarge: they are.
    """
    size, most = sum(map(_bytes, tables)), settings.most_bytes()
    if size > most or len(tables) > MOST_TABLES:
        message = tk._(
            "The catalogs together hold about {size} MB in {tables} tables; a bundle holds up to "
            "{most} MB in {number}: take them one by one"
        )
        said = {"size": size >> 20, "tables": len(tables), "most": most >> 20}
        raise TooLarge(message.format(number=MOST_TABLES, **said))


def _is_large(table: Found) -> bool:
    return table.is_whole and table.version.rows > MOST_CSV_ROWS


def _bytes(table: Found) -> int:
    return table.version.bytes * (1 if _is_large(table) else _CSV_TIMES)


def of(entry: model.Package, tables: Sequence[Found]) -> Catalog:
    """What of a catalog with these tables the bundle holds, for who may have them.

    Raises:
        MissingVersion, StorageAway, NoRoom: a file of a version cannot be had.
    """
    shown = tk.get_action("package_show")({}, {"id": entry.id})
    return Catalog(shown, [_data(table) for table in tables])


def _data(table: Found) -> Data:
    path = tables_settings.store().path(table.version.hash) if _is_large(table) else None
    ending = "parquet" if path else "csv"
    address = addresses.file(table, ending, fixed=True)
    return Data(f"{table.entry.name}/data/{table.name}.{ending}", table, address, path)


def terms(catalog: Catalog) -> str:
    """Under which terms the data are given, as a text for people."""
    shown, lang = catalog.shown, language()
    provider = (shown.get("organization") or {}).get("title") or ""
    page = tk.h.url_for("dataset.read", id=shown["name"], qualified=True)
    opening = codes.load("opening").label(str(shown.get("opening") or ""), lang)
    lines = [
        (tk._("Catalog"), shown.get("title")),
        (tk._("Provider"), provider),
        (tk._("Opening"), opening),
        (tk._("Condition of opening"), shown.get("opening_condition")),
        (tk._("Updated on"), shown.get("updated_on")),
        (tk._("Fetched on"), moments.today().isoformat()),
        (tk._("Catalog and terms of use"), page),
    ]
    said = tk._("Name the provider and the catalog with its address where you use the data.")
    return "".join(f"{name}: {value}\n" for name, value in lines if value) + f"\n{said}\n"


def sent(catalogs: Sequence[Catalog], texts: Mapping[str, str], safe: bool) -> Iterator[bytes]:
    """The bundle, block by block; what cannot be read on the way leaves a broken zip.

    Args:
        catalogs: what is in it.
        texts: {path: content} of what is to be read by people.
        safe: put `'` before texts that a spreadsheet would compute.
    """
    bundle = Zip(moments.now())
    for path, text in texts.items():
        yield from bundle.file(path, [text.encode()])
    for catalog in catalogs:
        metadata = _json(catalog.shown)
        yield from bundle.file(f"{catalog.folder}/metadata.json", [metadata])
        for data in catalog.data:
            with closing(data.blocks(safe)) as blocks:
                yield from bundle.file(data.path, blocks, is_packed=data.parquet is not None)
            for path, told in _descriptions(data).items():
                yield from bundle.file(path, [_json(told)])
    package = _json(datapackage(catalogs, bundle.written))
    yield from bundle.file("datapackage.json", [package])
    sums = "".join(f"{one.sha256}  {name}\n" for name, one in bundle.written.items())
    yield from bundle.file("SHA256SUMS", [sums.encode()])
    yield from bundle.end()


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def _descriptions(data: Data) -> dict[str, Any]:
    stem = data.path.rpartition(".")[0]
    columns = data.table.version.columns
    told: dict[str, Any] = {f"{stem}.schema.json": schemas.table_schema(columns)}
    if not data.parquet:
        web = schemas.csv_on_the_web(data.name, data.table.title, columns)
        told[f"{data.path}-metadata.json"] = web
    return told


def datapackage(catalogs: Sequence[Catalog], written: Mapping[str, Written]) -> dict[str, Any]:
    """The bundle as a Data Package: each table with its columns, bytes and SHA-256."""
    resources = [
        {
            "name": f"{catalog.folder}-{data.table.version.hash[:12]}",
            "path": data.path,
            "title": data.table.title,
            "format": data.name.rpartition(".")[2],
            "encoding": "utf-8",
            "bytes": written[data.path].bytes,
            "hash": f"sha256:{written[data.path].sha256}",
            "schema": schemas.table_schema(data.table.version.columns),
            "sources": [{"title": catalog.shown["title"], "path": data.address}],
            **({} if data.parquet else {"profile": "tabular-data-resource"}),
        }
        for catalog in catalogs
        for data in catalog.data
    ]
    return {"profile": "data-package", "resources": resources}
