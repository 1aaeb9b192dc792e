"""The examination of one record: the rules of single writes on its plain values."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from functools import cached_property
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.sdopen import config
from ckanext.sdopen.bulk import receipts
from ckanext.sdopen.bulk.examining.compiled_schema import Shape
from ckanext.sdopen.bulk.examining.lookups import Directory
from ckanext.sdopen.bulk.examining.neighbours import Neighbourhood
from ckanext.sdopen.bulk.record import Candidate, Known, of_sentence
from ckanext.sdopen.ckan_seams.scheming import join_form_fields
from ckanext.sdopen.directory.neighbours import Neighbours
from ckanext.sdopen.entries.steps.arrival import Arrival
from ckanext.sdopen.entries.steps.cleaning import cleaned
from ckanext.sdopen.entries.steps.unpacking import refuse_odd, unpack
from ckanext.sdopen.language import language
from ckanext.sdopen.moments import today
from ckanext.sdopen.standard import values
from ckanext.sdopen.standard.elements import KIND_OF_TYPE
from ckanext.sdopen.standard.findings import ERROR, Finding, has_errors, sentence
from ckanext.sdopen.standard.profiles import Profile
from ckanext.sdopen.tables import closed_columns

_CONTEXT = Context()
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


def as_answers(found: list[Finding], kind: str) -> list[dict[str, Any]]:
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
        self.kind = KIND_OF_TYPE[shape.package_type]
        self.profiles: Mapping[bool, Profile] = {
            from_source: config.profile(from_source=from_source) for from_source in (False, True)
        }

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
            join_form_fields(record, set(self.shape.tables))
        record.pop("groups", None)
        try:
            refuse_odd(record)
            unpack(record, self.kind, self.profiles[False])
        except tk.ValidationError as error:
            candidate.reject(of_error(error.error_dict))
            return False
        return is_taken(candidate)

    def arrival(self, candidate: Candidate) -> Arrival:
        """The record at the first of its steps."""
        return Arrival(self.kind, dict(candidate.record), candidate.known)

    def is_refused(
        self, candidate: Candidate, found: Sequence[Finding], errors: Mapping[str, list[str]]
    ) -> bool:
        """Whether findings or errors keep the record out; it then bears all of them."""
        if not errors and not has_errors(found):
            return False
        wrong = [finding for finding in found if finding.severity == ERROR]
        named = {name: texts for name, texts in errors.items() if texts}
        candidate.reject(as_answers(wrong, self.kind) + of_error(named))
        return True


class Answered:
    """The answers of the steps for a batch, looked up before they are asked for."""

    def __init__(self, examiner: Examiner, directory: Directory) -> None:
        self._profiles, self._directory = examiner.profiles, directory
        self._around: Neighbourhood | None = None
        self._today = today()

    def profile(self, from_source: bool) -> Profile:
        """The legal profile of the portal's own entries, or of harvested ones."""
        return self._profiles[from_source]

    def today(self) -> date:
        """The portal's day."""
        return self._today

    def department(self, reference: str) -> model.Group | None:
        """The department of an id or name, whatever its state."""
        return self._directory.group(reference)

    def catalog(self, reference: Any) -> model.Package | None:
        """The catalog that an interface names by id, name or address."""
        return self._directory.catalog(reference)

    def around(self, arrival: Arrival) -> Neighbours:
        """What the directory holds that concerns an entry."""
        return self.neighbourhood.neighbours_of(arrival)

    def look_around(self, arrivals: Iterable[Arrival]) -> None:
        """Ask the directory about all these entries."""
        self._around = Neighbourhood(arrivals)

    @property
    def neighbourhood(self) -> Neighbourhood:
        """What was found around the entries of the batch."""
        if self._around is None:
            raise RuntimeError("the directory has not been asked about these entries")
        return self._around


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
        named.append(("tags", cleaned(str(tag.get("name") or ""))))
    line = record.get("tag_string")
    if isinstance(line, str):
        named += [("tag_string", name) for part in line.split(",") if (name := part.strip())]
    elif isinstance(line, list):
        named += [("tag_string", cleaned(str(name))) for name in line]
    for field, name in named:
        try:
            for validator in ("tag_length_validator", "tag_name_validator"):
                tk.get_validator(validator)(name, _CONTEXT)
        except tk.Invalid as error:
            errors.setdefault(field, []).append(error.error)
    return list(dict.fromkeys(name for _, name in named))


def narrower_refusal(
    record: Mapping[str, Any], known: Known | None, catalog: Any, kind: str
) -> Mapping[str, Any] | None:
    """Why the values of narrower items keep an entry out; None where nothing does."""
    before = known.extras if known else {}
    try:
        if kind == "interface":
            closed_columns.refuse_sample(record, before, catalog)
        elif record.get("resources"):
            names = closed_columns.narrower_of_values({**before, **record})
            closed_columns.refuse_resources(record["resources"], names)
    except tk.ValidationError as error:
        return error.error_dict
    return None
