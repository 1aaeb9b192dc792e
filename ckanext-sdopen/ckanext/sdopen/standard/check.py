"""The check of one entry: values, required elements, rules; the same for every way in."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

from ckanext.sdopen.standard import confidential, elements, values
from ckanext.sdopen.standard.confidential import CODES as CONFIDENTIAL_CODES
from ckanext.sdopen.standard.findings import OFF, Finding, has_errors
from ckanext.sdopen.standard.limits import Limits
from ckanext.sdopen.standard.profiles import Profile
from ckanext.sdopen.standard.rules import RULES, RuleInput
from ckanext.sdopen.standard.rules.service import item_names

Entry = Mapping[str, Any]
# characters of a value of another type in which a mark is looked for
_SEARCHED = 10_000
_EMPTY: tuple[Any, ...] = (None, "", [])


class Model:
    """The compiled checks of a record type under given limits."""

    def __init__(self, kind: str, limits: Limits) -> None:
        by_name = elements.elements(kind)
        self.limits = limits
        self.single: dict[str, values.Check] = {}
        self.tables: dict[str, dict[str, values.Check]] = {}
        for name, element in by_name.items():
            if element.kind == elements.TABLE:
                parts = element.parts.values()
                self.tables[name] = {part.name: values.compiled(part, limits) for part in parts}
            else:
                self.single[name] = values.compiled(element, limits)
        self.required = tuple(e.name for e in by_name.values() if e.required)
        self.required_from_source = tuple(
            e.name for e in by_name.values() if e.required_from_source
        )
        self.rules = RULES[kind]

    def wrong_values(self, entry: Entry) -> Iterator[Finding]:
        """What is wrong with single values."""
        single, tables = self.single, self.tables
        for name, value in entry.items():
            if value is None or value == "":
                continue
            check = single.get(name)
            if check is not None:
                problem = check(value)
                if problem:
                    problem = _marked(value) or problem
                    yield Finding(problem[0], name, problem[1])
            elif name in tables:
                yield from self._rows(name, value, tables[name])
        for name in ("tags", "resources"):
            rows = entry.get(name)
            if isinstance(rows, list) and len(rows) > getattr(self.limits, name):
                params = {"count": len(rows), "limit": getattr(self.limits, name)}
                yield Finding("rows_too_many", name, params)
            elif isinstance(rows, list):
                yield from marked_rows(name, rows)

    def _rows(self, table: str, rows: Any, parts: Mapping[str, values.Check]) -> Iterator[Finding]:
        if not isinstance(rows, list):
            yield Finding("table_expected", table)
            return
        if len(rows) > self.limits.items:
            yield Finding("rows_too_many", table, {"count": len(rows), "limit": self.limits.items})
            return
        for number, row in enumerate(rows):
            if not isinstance(row, Mapping):
                yield Finding("table_expected", table)
                return
            for part, value in row.items():
                if value is None or value == "":
                    continue
                check = parts.get(part)
                if check is not None:
                    problem = check(value)
                    if problem:
                        problem = _marked(value) or problem
                        params = {**problem[1], "row_name": _row_name(row, part)}
                        yield Finding(problem[0], table, params, number, part)

    def missing(self, entry: Entry, from_source: bool) -> Iterator[Finding]:
        """Required elements without a value."""
        for name in self.required_from_source if from_source else self.required:
            if entry.get(name) in _EMPTY:
                yield Finding("value_missing", name)


def _marked(value: Any) -> values.Problem | None:
    """The mark that a wrong value bears: no sentence about it may show the value."""
    text = value if isinstance(value, str) else str(value)[:_SEARCHED]
    mark = confidential.mark(text)
    return (mark, {}) if mark else None


def marked_rows(name: str, rows: Iterable[Any]) -> Iterator[Finding]:
    """Marks of secrecy among tags and in what is said of files; CKAN checks all else of them."""
    # CKAN takes errors of tags in a shape of its own: they go to the form's field
    field = "tag_string" if name == "tags" else name
    for row in rows:
        for value in row.values() if isinstance(row, Mapping) else (row,):
            if isinstance(value, str) and (code := confidential.mark(value)):
                yield Finding(code, field)
                return


def _row_name(row: Mapping[str, Any], part: str) -> str:
    """The name of a row as a sentence may show it: not where the name itself is wrong."""
    name = row.get("name")
    return name if part != "name" and isinstance(name, str) else ""


@lru_cache(maxsize=16)
def model(kind: str, limits: Limits) -> Model:
    """The compiled checks, made once."""
    return Model(kind, limits)


def judged(found: Iterable[Finding], severities: Mapping[str, str]) -> list[Finding]:
    """The findings with their severities; those that are off are gone."""
    kept = []
    for finding in found:
        severity = severities[finding.code]
        if severity != OFF:
            kept.append(
                finding if finding.severity == severity else replace(finding, severity=severity)
            )
    return kept


def _without_text(confidential: Sequence[Finding]) -> list[Finding]:
    """Of a classified entry nothing is told but that, and where: no name, no value."""
    return [replace(finding, params={}) for finding in confidential]


def check(
    entry: Entry,
    profile: Profile,
    kind: str = "catalog",
    today: date | None = None,
    served_items: Iterable[Mapping[str, Any]] = (),
) -> list[Finding]:
    """Everything that an entry breaks under a legal profile.

    Args:
        entry: the entry as the action API takes it; unknown keys are not looked at.
        profile: severities, limits and pattern of codes.
        kind: `catalog` or `interface`.
        today: the day it is asked, for dates in the future.
        served_items: the items of the catalog that an interface serves.

    Returns:
        Findings in the order of values, required elements, rules. An element whose value is wrong
        is not also called missing, and rules do not speak of it again. A classified entry
        (涉密、工作秘密) has no other findings than that, and they carry none of its text.
    """
    checks = model(kind, profile.limits)
    found = list(checks.wrong_values(entry))
    secret = [finding for finding in found if finding.code in CONFIDENTIAL_CODES]
    if secret:
        textless = _without_text(secret)
        if has_errors(judged(textless, profile.severities)):
            return judged(textless, profile.severities)
        found = [finding for finding in found if finding.code not in CONFIDENTIAL_CODES] + textless
    found += checks.missing(entry, profile.from_source)
    wrong = {finding.path for finding in found}
    # rules are asked of what is sound, and do not speak again of what is not
    sound = {k: v for k, v in entry.items() if (k,) not in wrong} if wrong else entry
    # a harvest checks without a portal, whose time zone `moments` asks: the machine's day counts
    facts = RuleInput(profile, today or date.today(), item_names(served_items))
    for rule in checks.rules:
        told_anew = rule(sound, facts)
        found += [f for f in told_anew if f.path not in wrong] if wrong else told_anew
    return judged(found, profile.severities) if found else found
