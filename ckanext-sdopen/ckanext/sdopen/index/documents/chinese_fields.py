"""The Solr document of an entry: flat, within Solr's limits, with the analysed Chinese text."""

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any

import orjson

from ckanext.sdopen import codes
from ckanext.sdopen.chinese import pinyin, subjects
from ckanext.sdopen.chinese.text import characters, is_chinese, pairs, whole_runs
from ckanext.sdopen.ckan_seams.json_text import readable, said
from ckanext.sdopen.standard.elements import KIND_OF_TYPE, elements

# Lucene refuses an indexed string beyond this many bytes, and with it the whole document
_LONGEST_STRING = 32_000
# fields of an entry that hold lists of subfields, and what of them is searched
_SUBFIELDS = {
    "info_items": ("name", "english_name", "description"),
    "request_params": ("name", "description"),
    "response_fields": ("name", "description"),
    "error_codes": ("meaning",),
}
# stored whole in data_dict; never searched, and long
_UNSEARCHED = ("request_headers", "request_example", "response_example", "error_codes")
# elements that are codes, numbers or days stand under their own names; as text nobody asks them,
# and Solr would analyse them twice
_NO_TEXTS = ("code", "codes", "count", "quantity", "date", "digits", "boolean", "provider_code")
# the ladder asks it: the entry's own region, without those above
_ASKED = ("region",)
# XML 1.0 §2.2; pysolr sends XML
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# what is longer is seldom said twice
_REPEATED = 40
_STORED = ("data_dict", "validated_data_dict")
_TOKENS = ("_bi", "_uni", "_py", "_in")
_ANALYSED = ("title", "notes", "text", "res_name", "res_description")


# names of items, regions, departments and topics come again and again
@lru_cache(maxsize=50_000)
def _cached_pairs(text: str) -> str:
    return " ".join(token for run in whole_runs(text) for token in pairs(run))


def _pairs(text: str) -> str:
    return (_cached_pairs if len(text) <= _REPEATED else _cached_pairs.__wrapped__)(text)


def _decoded(value: Any) -> list[Any]:
    """A list that scheming stores as JSON text, or a list; anything else is no list."""
    if isinstance(value, str) and value[:1] == "[":
        try:
            value = orjson.loads(value)
        except ValueError:
            return []
    return value if isinstance(value, list) else []


def _subfield_texts(doc: dict[str, Any]) -> dict[str, list[str]]:
    """{field: its searched texts}; the fields themselves leave the document."""
    texts: dict[str, list[str]] = {}
    for name, parts in _SUBFIELDS.items():
        values = doc.pop(name, None)
        flat = doc.pop(f"extras_{name}", None)
        rows = _decoded(values) or _decoded(flat)
        texts[name] = [
            str(row[part])
            for row in rows
            if isinstance(row, dict)
            for part in parts
            if row.get(part)
        ]
    return texts


def _region_names(region: str) -> list[str]:
    try:
        return [codes.region(code).name for code in codes.path(region)]
    except codes.UnknownCode:
        return []


@lru_cache(maxsize=20_000)
def _region_pairs(region: str) -> tuple[str, ...]:
    return tuple(_pairs(name) for name in _region_names(region))


@lru_cache(maxsize=20_000)
def _spoken(text: str) -> str:
    return " ".join(pinyin.syllables(text))


@lru_cache(maxsize=20_000)
def _characters(text: str) -> str:
    return " ".join(token for run in whole_runs(text) for token in characters(run))


def _organization_title(doc: dict[str, Any], shown: dict[str, Any]) -> str:
    organization = shown.get("organization")
    return str(organization.get("title") or "") if isinstance(organization, dict) else ""


def _shown(doc: dict[str, Any]) -> dict[str, Any]:
    shown = said(doc.get("validated_data_dict"))
    return shown if isinstance(shown, dict) else {}


def _is_surely_short(value: Any) -> bool:
    """Whether a value needs no look at its bytes: a character has four at most."""
    if type(value) is str:
        return len(value) * 4 <= _LONGEST_STRING
    return value is None or type(value) is int


def _bounded(value: Any) -> Any:
    """A value that Solr can index as one string, or None where it is too long or no plain value."""
    if isinstance(value, str):
        # four bytes a character at most
        is_short = len(value) * 4 <= _LONGEST_STRING
        return (
            value if is_short or len(value.encode("utf-8", "replace")) <= _LONGEST_STRING else None
        )
    if isinstance(value, dict):
        return None
    if isinstance(value, list | tuple):
        kept = [v for v in value if not isinstance(v, dict | list) and _bounded(v) is not None]
        return kept or None
    return value


def _is_clean(value: Any) -> bool:
    """Whether a value is plainly without forbidden characters, none of which is printable."""
    return value is None or (type(value) is str and value.isprintable())


def _cleaned(value: Any) -> Any:
    """Text without characters that XML forbids; CKAN cleans three fields only."""
    if isinstance(value, str):
        # nothing forbidden is printable
        return value if value.isprintable() else _FORBIDDEN.sub("", value)
    if isinstance(value, list):
        return [_cleaned(part) for part in value]
    return value


def _entry_fields(doc: dict[str, Any], shown: dict[str, Any]) -> None:
    """Facets and counts of a catalog or an interface."""
    stored = _decoded(doc.get("topics")) or _decoded(shown.get("topics"))
    topics = codes.topic_codes(map(str, stored))
    doc["topics"] = topics
    doc["groups"] = list(dict.fromkeys([*doc.get("groups", []), *topics]))
    formats = [*doc.get("res_format", []), *_decoded(shown.get("format_types"))]
    formats += _decoded(shown.get("service_formats"))
    doc["res_format"] = list(dict.fromkeys(str(f).strip().lower() for f in formats if f))
    count = str(shown.get("record_count") or "")
    if count.isdigit():
        doc["record_count"] = int(count)
    else:
        doc.pop("record_count", None)
    region = str(shown.get("region") or "")
    if region:
        # the regions above hold the entry too: choosing a city finds its counties
        doc["region"] = list(_path(region)) or [region]


@cache
def _fields_without_text(package_type: str) -> tuple[str, ...]:
    """The fields of extras that are no texts."""
    found = elements(KIND_OF_TYPE[package_type]).values() if package_type in KIND_OF_TYPE else ()
    return tuple(f"extras_{e.name}" for e in found if e.kind in _NO_TEXTS and e.name not in _ASKED)


def _path(region: str) -> Iterable[str]:
    try:
        return codes.path(region)
    except codes.UnknownCode:
        return ()


def _analysed(doc: dict[str, Any], shown: dict[str, Any], texts: dict[str, list[str]]) -> None:
    """The searched text: pairs and single characters, pinyin of title and department."""
    title = str(doc.get("title") or "")
    organization = _organization_title(doc, shown)
    names = [row.get("name") for row in _decoded(shown.get("info_items")) if isinstance(row, dict)]
    of_title = whole_runs(title)
    syllables = pinyin.of_runs(of_title)
    doc["title_bi"] = " ".join(token for run in of_title for token in pairs(run))
    doc["title_uni"] = " ".join(token for run in of_title for token in characters(run))
    spoken = [" ".join(syllables)] if title else []
    doc["title_py"] = [*spoken, *([_spoken(organization)] if organization else [])]
    chinese = [run for run in of_title if is_chinese(run[0])]
    doc["title_in"] = " ".join(syllable[0] for syllable in pinyin.of_runs(chinese))
    doc["title_sort"] = pinyin.sort_key_of(syllables, title)[:1000]
    doc["title_subject"] = subjects.subject(title)
    doc["org_bi"] = _pairs(organization)
    doc["org_uni"] = _characters(organization)
    doc["region_bi"] = list(_region_pairs(str(shown.get("region") or "")))
    doc["tags_bi"] = [_pairs(str(tag)) for tag in doc.get("tags", [])]
    doc["items_bi"] = [_pairs(str(name)) for name in names if name] + [
        _pairs(text) for name in ("request_params", "response_fields") for text in texts[name]
    ]
    doc["notes_bi"] = _pairs(str(doc.get("notes") or ""))
    more = [doc.get("notes"), shown.get("industry"), shown.get("inner_department"), doc.get("name")]
    more += [topic for code in doc.get("topics", []) if (topic := codes.load("topics").label(code))]
    more += [*doc.get("res_name", []), *doc.get("res_description", []), *texts["info_items"]]
    doc["text_bi"] = [_pairs(str(text)) for text in more if text]


def index_document(doc: dict[str, Any]) -> dict[str, Any]:
    """Make CKAN's document of a package one that Solr takes and a Chinese query finds.

    Documents of other types keep what CKAN made of them, within Solr's limits.
    """
    doc = {
        key: value if _is_clean(value) or key in _STORED else _cleaned(value)
        for key, value in doc.items()
    }
    shown = _shown(doc)
    texts = _subfield_texts(doc)
    for name in _UNSEARCHED:
        doc.pop(name, None)
        doc.pop(f"extras_{name}", None)
    if "opening" in shown:
        _entry_fields(doc, shown)
        for name in _fields_without_text(str(shown.get("type"))):
            doc.pop(name, None)
    _analysed(doc, shown, texts)
    for key, value in list(doc.items()):
        if key in _STORED:
            doc[key] = readable(value)
        elif not _is_surely_short(value) and key not in _ANALYSED and not key.endswith(_TOKENS):
            bounded = _bounded(value)
            if bounded is None:
                del doc[key]
            else:
                doc[key] = bounded
    return doc
