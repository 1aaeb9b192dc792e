"""The elements of the catalog standard, read as plain data from the schemas' YAML.

The forms, the action API, the bulk path, the workbook and the harvest tool all ask here what an
element is called, of which kind its value is, and when it is required.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import yaml

from ckanext.sdopen.paths import SCHEMAS

# type of a CKAN package → kind of record
KIND_OF_TYPE: Mapping[str, str] = {"dataset": "catalog", "interface": "interface"}
FILES: Mapping[str, str] = {"catalog": "catalog.yaml", "interface": "interface.yaml"}
TABLE = "table"
# kinds whose values may come as lists
LISTS = (TABLE, "codes", "words", "tags")
# a preset of schemas/presets.yaml without `sdopen_` is a kind, but for these
_PRESET_KINDS = {"kept": "text", "yes_no": "boolean"}
_PREFIX = "sdopen_"


@dataclass(frozen=True, slots=True)
class Element:
    """One element: its name, the kind of its value, and what the standard asks of it.

    `kind` is a key of `values.CHECKS`, or `table`, whose rows hold the elements `parts`.
    `codes` names its list in schemas/codes; `digits` is the length of a number in digits, 0 any.
    """

    name: str
    kind: str
    labels: Mapping[str, str]
    codes: str = ""
    digits: int = 0
    section: str = ""
    required: bool = False
    required_from_source: bool = False
    row_labels: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, "Element"] = field(default_factory=dict)

    def label(self, lang: str) -> str:
        """What a user calls it."""
        return self.labels["zh" if lang.startswith("zh") else "en"]

    def rows(self, lang: str) -> str:
        """What a user calls one row of a table: 信息项."""
        return (self.row_labels or self.labels)["zh" if lang.startswith("zh") else "en"]


def _labels(words: Any, name: str) -> dict[str, str]:
    if not isinstance(words, Mapping):
        return {"zh": str(words or name), "en": str(words or name)}
    return {"zh": words["zh_Hans_CN"], "en": words["en"]}


def _kind(spec: Mapping[str, Any]) -> str:
    """The kind of a field; empty for what no user writes and so bears no label (id, name)."""
    if "kind" in spec:
        return str(spec["kind"])
    preset = str(spec.get("preset") or "")
    if preset.startswith(_PREFIX):
        kind = preset.removeprefix(_PREFIX)
        return _PRESET_KINDS.get(kind, kind)
    return "text" if "label" in spec else ""


def _element(spec: Mapping[str, Any]) -> Element:
    parts = {part["field_name"]: _element(part) for part in spec.get("repeating_subfields", ())}
    return Element(
        spec["field_name"],
        _kind(spec),
        _labels(spec.get("label"), spec["field_name"]),
        str(spec.get("codes") or ""),
        int(spec.get("digits", 0)),
        str(spec.get("section", "")),
        bool(spec.get("required")),
        bool(spec.get("required_from_source")),
        _labels(spec["row_label"], "") if "row_label" in spec else {},
        parts,
    )


@cache
def elements(kind: str) -> Mapping[str, Element]:
    """{name: element} of a record type (`catalog`, `interface`), in the order of its schema."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = (SCHEMAS / FILES[kind]).read_text(encoding="utf-8")
    document = yaml.load(text, Loader=loader)  # noqa: S506 safe both
    listed = (_element(spec) for spec in document["dataset_fields"])
    return {element.name: element for element in listed if element.kind}
