"""The examination of one record: the rules of single writes on its plain values."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from functools import cached_property
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context, FlattenDataDict, FlattenErrorDict
from ckanext.scheming.plugins import expand_form_composite

from ckanext.sdopen import codes, config
from ckanext.sdopen.catalog import facts, identity, narrower, resources, schema, values
from ckanext.sdopen.catalog.bulk import receipts
from ckanext.sdopen.catalog.bulk.candidates import Candidate, Known, of_sentence
from ckanext.sdopen.catalog.bulk.shape import Shape
from ckanext.sdopen.catalog.check import check, judged
from ckanext.sdopen.catalog.fields import language
from ckanext.sdopen.catalog.findings import ERROR, Finding, has_errors, sentence
from ckanext.sdopen.catalog.profiles import Profile
from ckanext.sdopen.catalog.standard import KINDS

_CONTEXT = Context()
_EMPTY = (None, "")
# what a record is known by, and what it names
_LOOKED_UP = (
    "id",
    "name",
    "owner_org",
    "catalog",
    "resource_code",
    "source_id",
    "source_key",
    "service_code",
    "service_path",
    "http_method",
)


def told(found: list[Finding], kind: str) -> list[dict[str, Any]]:
    """Findings as a client gets them, each with its sentence."""
    shown = []
    for finding in found:
        parts = asdict(finding)
        params = parts.pop("params", None)
        del params
        shown.append({**parts, "message": sentence(finding, language(), kind)})
    return shown


def of_error(error: Mapping[str, Any]) -> list[dict[str, Any]]:
    """An error dictionary of CKAN as findings."""
    return [
        of_sentence(name, message, item=item, part=part)
        for name, told_of_it in error.items()
        for item, part, message in _placed(told_of_it)
    ]


def _placed(value: Any) -> Iterator[tuple[int | None, str, str]]:
    """(row of a table, element of that row, sentence) of the errors of an element."""
    numbered = enumerate(value) if isinstance(value, list) else [(None, value)]
    for number, one in numbered:
        if isinstance(one, Mapping):
            for part, inner in one.items():
                yield from ((number, str(part), text) for text in messages(inner))
        else:
            yield from ((None, "", text) for text in messages(one))


def messages(value: Any) -> list[str]:
    """The sentences of an error of CKAN, however deep they stand."""
    if isinstance(value, Mapping):
        return [text for inner in value.values() for text in messages(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in messages(inner)]
    return [str(value)] if value else []


def _clean(value: Any) -> Any:
    return schema.cleaned(value) if isinstance(value, str) else value


def _clean_row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _clean(value) for name, value in row.items()}


def is_taken(candidate: Candidate) -> bool:
    """Whether a bulk write takes what the record holds; else it is rejected."""
    record = candidate.record
    if str(record.get("resource_code") or "").strip().endswith("/"):
        # sent again it would get another number
        message = tk._("A bulk write needs whole codes; take them by sdopen_code_allocate")
        candidate.reject_for("resource_code", message)
    elif record.get("extras"):
        message = tk._("A bulk write takes the elements of the schema only; leave extras out")
        candidate.reject_for("extras", message)
    return candidate.is_open


class Examiner:
    """Examines the records of one type in a batch."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.kind = KINDS[shape.package_type]
        self.profiles: Mapping[bool, Profile] = {
            from_source: config.profile(from_source=from_source) for from_source in (False, True)
        }
        self._missing = {(name,): tk.missing for name in shape.fields}

    @cached_property
    def version(self) -> str:
        """A short hash of all that settings and schemas have a record examined by."""
        rules = [
            [p.name, dict(p.severities), asdict(p.limits), p.code_pattern.pattern]
            for p in self.profiles.values()
        ]
        return receipts.digest([self.shape.version, rules])[:16]

    def unpack(self, candidate: Candidate) -> bool:
        """Take a record apart: no groups, whole topics, tables as rows; False where it is unfit."""
        record = candidate.record
        if any("-" in name for name in record):
            expand_form_composite(record, set(self.shape.tables))
        record.pop("groups", None)
        try:
            schema.refuse_odd(record)
            schema.refuse_unfit(record, self.kind, self.profiles[False])
            topics = values.listed(record.get("topics"))
            if topics:
                record["topics"] = codes.topic_codes(topics)
            entry_resources = record.get("resources")
            if isinstance(entry_resources, list):
                resources.refuse_odd(entry_resources)
                resources.refuse_doubles(entry_resources)
        except tk.ValidationError as error:
            candidate.reject(of_error(error.error_dict))
            return False
        return is_taken(candidate)

    def identify(self, candidate: Candidate) -> tuple[FlattenDataDict, FlattenErrorDict]:
        """The record's values with id, name, region and code settled, and what is wrong there."""
        known = candidate.known
        data: FlattenDataDict = dict(self._missing)
        data.update({(name,): value for name, value in candidate.record.items()})
        schema.clean(data)
        if known:
            schema.keep_unsent(data, known)  # type: ignore[arg-type]
        errors: FlattenErrorDict = defaultdict(list)
        identity.identify(self.kind, data, errors, known)  # type: ignore[arg-type]
        return data, errors

    def entry(self, candidate: Candidate, data: FlattenDataDict) -> dict[str, Any]:
        """The plain entry that the rules read, completed as the form completes it."""
        for table in self.shape.tables:
            rows = data.get((table,))
            if isinstance(rows, list):
                data[(table,)] = [
                    {name: _clean(value) for name, value in row.items() if value not in _EMPTY}
                    for row in rows
                ]
        entry = schema.plain(data)
        # judged when the record was unpacked
        for name in ("tags", "resources"):
            entry.pop(name, None)
        schema.complete(data, entry)
        if not (entry.get("source_id") and entry.get("source_key")):
            schema.release(data, entry, candidate.known)  # type: ignore[arg-type]
        return entry

    def profile_of(self, entry: Mapping[str, Any]) -> Profile:
        """The legal profile of an entry: harvested ones are asked for less."""
        return self.profiles[bool(entry.get("source_id") and entry.get("source_key"))]

    def findings(self, entry: dict[str, Any], served_items: Any) -> list[Finding]:
        """What the entry breaks by itself."""
        return check(entry, self.profile_of(entry), self.kind, served_items=served_items)

    def judged(self, found: list[Finding], entry: Mapping[str, Any]) -> list[Finding]:
        """Findings among the neighbours with the severities of the entry's profile."""
        return judged(found, self.profile_of(entry).severities)

    def is_refused(self, candidate: Candidate, found: list[Finding], errors: Any) -> bool:
        """Whether findings or errors keep the record out; it then bears all of them."""
        if not errors and not has_errors(found):
            return False
        wrong = [finding for finding in found if finding.severity == ERROR]
        named = {".".join(map(str, key)): messages for key, messages in errors.items() if messages}
        candidate.reject(told(wrong, self.kind) + of_error(named))
        return True


def unlookable(record: Mapping[str, Any]) -> Finding | None:
    """What of a record the database could not even look for."""
    for name in _LOOKED_UP:
        value = record.get(name)
        if isinstance(value, str) and values.FORBIDDEN.search(value):
            return Finding("text_unprintable", name, severity=ERROR)
    return None


def tag_names(record: Mapping[str, Any], errors: dict[str, list[str]]) -> list[str]:
    """The names of a record's tags, from `tags` and `tag_string`, each once."""
    named = []
    for tag in record.get("tags") or ():
        if tag.get("vocabulary_id"):
            errors.setdefault("tags", []).append(tk._("A bulk write takes free tags only"))
        named.append(("tags", _clean(str(tag.get("name") or ""))))
    line = record.get("tag_string")
    if isinstance(line, str):
        named += [("tag_string", name) for part in line.split(",") if (name := part.strip())]
    elif isinstance(line, list):
        named += [("tag_string", _clean(str(name))) for name in line]
    for field, name in named:
        try:
            for validator in ("tag_length_validator", "tag_name_validator"):
                tk.get_validator(validator)(name, _CONTEXT)
        except tk.Invalid as error:
            errors.setdefault(field, []).append(error.error)
    return list(dict.fromkeys(name for _, name in named))


def clean_resources(record: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    """The record's resources with clean texts; None where it does not speak of them."""
    listed = record.get("resources")
    return None if listed is None else [_clean_row(resource) for resource in listed]


def narrower_refusal(
    record: Mapping[str, Any], known: Known | None, catalog: Any, kind: str
) -> Mapping[str, Any] | None:
    """Why the values of narrower items keep an entry out; None where nothing does."""
    before = known.extras if known else {}
    try:
        if kind == "interface":
            narrower.refuse_sample(record, before, catalog)
        elif record.get("resources"):
            names = narrower.narrower_of_values({**before, **record})
            narrower.refuse_resources(record["resources"], names)
    except tk.ValidationError as error:
        return error.error_dict
    return None


def is_closed(entry: Mapping[str, Any], catalog: Any) -> bool:
    """Whether not everybody reads the entry once it is published: CKAN's `private`."""
    known = facts.of_values({**entry, "state": "active"}, catalog)
    return not facts.is_public(known)
