"""Documents of the index for many packages at once, as CKAN's PackageSearchIndex makes each.

What the compiled way does not know (`Shows.knows`, tags of vocabularies) CKAN makes itself.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.plugins import get_permission_labels
from ckan.lib.search.index import KEY_CHARS, RESERVED_FIELDS, escape_xml_illegal_chars
from dateutil.parser import ParserError, parse

from ckanext.sdopen.access import entry_facts, labels, scopes
from ckanext.sdopen.ckan_seams import guard, index_document
from ckanext.sdopen.ckan_seams.index_document import NoDocument, removes_deleted
from ckanext.sdopen.ckan_seams.index_key import index_id
from ckanext.sdopen.ckan_seams.json_text import Carried
from ckanext.sdopen.ckan_seams.rows import Stored
from ckanext.sdopen.ckan_seams.show import Both, Shows, own_hooks
from ckanext.sdopen.standard.elements import KIND_OF_TYPE

log = logging.getLogger(__name__)
Document = dict[str, Any]

_RESERVED = frozenset(RESERVED_FIELDS)
_SIGNS = frozenset(KEY_CHARS)
_OF_RESOURCES = {
    "name": "res_name",
    "description": "res_description",
    "format": "res_format",
    "url": "res_url",
    "resource_type": "res_type",
}
# what the document holds in another form
_FLATTENED = ("extras", "resources", "relationships_as_subject", "relationships_as_object")


def _date(entry_id: str, name: str, value: Any) -> str | None:
    """The value of a field for dates as Solr takes it; None where it is no date."""
    try:
        date = parse(value) if value else None
    except ParserError:
        log.warning("%r: %r value of %r is not a valid date", entry_id, name, value)
        return None
    return date.isoformat() + ("" if date.tzinfo else "Z") if date else None


@lru_cache(maxsize=10_000)
def _names(key: str) -> tuple[str, str]:
    """The names that the index gives an element."""
    name = "".join(sign for sign in key if sign in _SIGNS)
    return name, f"extras_{name}"


def _flattened(doc: Document, default: dict[str, Any]) -> None:
    """Elements, tags, topics, provider and files side by side."""
    known = _RESERVED.union(doc)
    for extra in default.get("extras", ()):
        key, name = _names(extra["key"])
        doc[name] = extra["value"]
        if key not in known:
            doc[key] = extra["value"]
    doc["tags"] = [tag["name"] for tag in default["tags"]]
    doc["groups"] = [group["name"] for group in default["groups"]]
    doc["capacity"] = "private" if default["private"] else "public"
    owner = default.get("organization")
    doc["organization"] = owner["name"] if owner else None
    more = {name: f"res_extras_{name}" for name in model.Resource.get_extra_columns()}
    if default["resources"]:
        for own, name in (_OF_RESOURCES | more).items():
            doc[name] = [resource.get(own, "") for resource in default["resources"]]


def flat(default: dict[str, Any], custom: dict[str, Any]) -> Document:
    """The document before the plugins' hooks."""
    doc = {name: value for name, value in default.items() if name not in _FLATTENED}
    doc["data_dict"] = Carried.of(default)
    doc["validated_data_dict"] = Carried.of(custom)
    title = doc["title"]
    if title:
        doc["title_string"] = title
    _flattened(doc, default)
    doc["entity_type"] = "package"
    doc["dataset_type"] = doc["type"]
    for name in [name for name in doc if name.endswith("_date")]:
        date = _date(doc["id"], name, doc.pop(name))
        if date:
            doc[name] = date
    for name in ("title", "notes", "title_string"):
        if doc.get(name):
            doc[name] = escape_xml_illegal_chars(doc[name])
    if doc["title"]:
        doc["title"] = doc["title"].lstrip()
    doc["metadata_created"] += "Z"
    doc["metadata_modified"] += "Z"
    doc["site_id"] = tk.config["ckan.site_id"]
    doc["index_id"] = index_id(doc["id"])
    return doc


@dataclass
class Labels:
    """The labels of entries from their rows, those of entries alike asked for once."""

    by_facts: dict[entry_facts.EntryFacts, list[str]] = field(default_factory=dict)
    other: Any = field(default_factory=get_permission_labels)

    def __post_init__(self) -> None:
        self.is_own = type(self.other).__module__ == "ckanext.sdopen.plugin"

    def of(self, stored: Stored) -> list[str]:
        """Who may read the entry; see `access.labels`."""
        plain = stored.catalog is None or stored.catalog["type"] == "dataset"
        if not (self.is_own and entry_facts.is_ours(stored.package["type"]) and plain):
            return list(self.other.get_dataset_labels(model.Package.get(stored.id)))
        known = entry_facts.of_columns(stored.package, stored.catalog)
        if known not in self.by_facts:
            own = labels.plain_labels(known)
            public = own == [labels.PUBLIC]
            self.by_facts[known] = own if public else [*own, *scopes.holding(own)]
        return list(self.by_facts[known])


def _tables(kind: str) -> frozenset[str]:
    """The fields of a type that are tables, and what dcat's hook reads besides."""
    schema = tk.get_action("scheming_dataset_schema_show")({}, {"type": kind})
    tables = [f["field_name"] for f in schema["dataset_fields"] if "repeating_subfields" in f]
    return frozenset((*tables, "spatial"))


def _of_tables(hook: Callable[[Document], Document]) -> bool:
    """Whether a hook flattens tables and does nothing else: dcat's, which asks for the schema."""
    return type(getattr(hook, "__self__", None)).__module__ == "ckanext.dcat.plugins"


def _owner(hook: Callable[[Document], Document]) -> str:
    return type(getattr(hook, "__self__", None)).__name__


class Builder:
    """Makes documents with the plugins that are loaded now; made once for many packages."""

    def __init__(self) -> None:
        self._is_known = not guard.unknown(guard.INDEX)
        self._shows = Shows()
        self._labels = Labels()
        self._hooks: list[Callable[[Document], Document]] = own_hooks(
            p.IPackageController, "before_dataset_index"
        )
        self._tables = {kind: _tables(kind) for kind in KIND_OF_TYPE}

    def _knows(self, stored: Stored) -> bool:
        vocabularies = any(tag["vocabulary_id"] for tag in stored.tags)
        return self._is_known and not vocabularies and self._shows.knows(stored)

    def _finished(self, both: Both, stored: Stored) -> Document:
        doc = flat(*both)
        own = self._labels.of(stored)
        doc["labels_digest"] = labels.digest(own)
        for hook in self._hooks:
            if not (_of_tables(hook) and self._tables[doc["type"]].isdisjoint(doc)):
                doc = hook(doc)
            if not doc or doc.get("id") != stored.id:
                raise NoDocument(f"{_owner(hook)}.before_dataset_index gives no document of it")
        doc["permission_labels"] = own
        return doc

    def document(self, stored: Stored) -> Document | None:
        """The document of a package; None of one that is to be taken out of the index.

        Raises:
            NoDocument: it belongs into the index, and a plugin or CKAN gave nothing.
        """
        if stored.package["state"] in (None, model.State.DELETED) and removes_deleted():
            return None
        if self._knows(stored):
            return self._finished(self._shows.both(stored), stored)
        return index_document.document(stored.id)


def documents(entries: Iterable[Stored]) -> list[Document]:
    """The documents of packages, without those that are to be taken out of the index."""
    builder = Builder()
    return [doc for entry in entries if (doc := builder.document(entry)) is not None]
