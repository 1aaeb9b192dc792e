"""What a check found: a code, where it stands, and what its sentence needs.

The sentences stand in `findings.yaml`, Chinese and English, each saying what is wrong, where, and
what to do. Nothing here knows how they reach a user.
"""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ckanext.sdopen import codes
from ckanext.sdopen.standard import elements

ERROR, WARNING, OFF = SEVERITIES = ("error", "warning", "off")
# codes that a sentence enumerates; longer lists are named
_LISTED_AT_MOST = 12
_SHOWN_AT_MOST = 60
_SENTENCES = Path(__file__).with_name("findings.yaml")


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: `field` is the element, `item` the position of a row in it (0 the first).

    `part` is the element of that row. An error keeps an entry from being saved, a warning does not.
    """

    code: str
    field: str
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    item: int | None = None
    part: str = ""
    severity: str = ERROR

    @property
    def path(self) -> tuple[str | int, ...]:
        """Where it stands: `("info_items", 3, "data_type")`, `("title",)`."""
        if self.item is None:
            return (self.field,)
        return (self.field, self.item, self.part) if self.part else (self.field, self.item)


@cache
def sentences() -> Mapping[str, Mapping[str, str]]:
    """{code: {zh, en}} of every finding."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = _SENTENCES.read_text(encoding="utf-8")
    return dict(yaml.load(text, Loader=loader))  # noqa: S506 safe both


def has_errors(findings: Iterable[Finding]) -> bool:
    """Whether any of the findings keeps the entry from being saved."""
    return any(finding.severity == ERROR for finding in findings)


def _choices(list_name: str, lang: str) -> str:
    listed = codes.load(list_name)
    if len(listed) > _LISTED_AT_MOST:
        return sentences()["_long_list"][lang].format(list=list_name, first=next(iter(listed)).zh)
    separator = "、" if lang == "zh" else ", "
    return separator.join(f"{code.value} ({code.label(lang)})" for code in listed)


def _shown(value: Any) -> str:
    text = str(value)
    return text if len(text) <= _SHOWN_AT_MOST else f"{text[:_SHOWN_AT_MOST]}…"


def _label(finding: Finding, kind: str, lang: str) -> str:
    element = elements.elements(kind).get(finding.field)
    if element is None:
        named = sentences().get(f"_label_{finding.field}")
        return named[lang] if named else finding.field
    part = element.parts.get(finding.part)
    return (part or element).label(lang)


def sentence(finding: Finding, lang: str, kind: str = "catalog") -> str:
    """The sentence of a finding in `zh` or `en`; `kind` is the record type of the entry.

    A list of codes (`list` among the params) is spelt out as `{choices}`, every other value is
    shown shortened. `label` among the params names an element that no schema of entries holds.
    """
    lang = "zh" if lang.startswith("zh") else "en"
    params = {name: _shown(value) for name, value in finding.params.items()}
    if "list" in params:
        params["choices"] = _choices(params["list"], lang)
    params.setdefault("label", _label(finding, kind, lang))
    said = sentences()[finding.code][lang].format(**params)
    if finding.item is None:
        return said
    element = elements.elements(kind).get(finding.field)
    row = element.rows(lang) if element else _label(finding, kind, lang)
    named = "_at_named_row" if params.get("row_name") else "_at_row"
    where = sentences()[named][lang].format(
        row=row, number=finding.item + 1, name=params.get("row_name", "")
    )
    return where + said


def as_dict(finding: Finding, lang: str, kind: str = "catalog") -> dict[str, Any]:
    """A finding as the action API gives it."""
    return {
        "code": finding.code,
        "severity": finding.severity,
        "path": list(finding.path),
        "params": dict(finding.params),
        "message": sentence(finding, lang, kind),
    }
