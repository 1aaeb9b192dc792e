"""One type's records of a batch, from what was sent to what is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.sdopen.bulk import receipts
from ckanext.sdopen.bulk.examining import examine_record, gate, lookups, record_files, states
from ckanext.sdopen.bulk.examining.build_rows import Builder, keep_files_apart
from ckanext.sdopen.bulk.examining.permissions import Permissions
from ckanext.sdopen.bulk.record import REJECTED, UNCHANGED, Candidate, Known
from ckanext.sdopen.entries import publication, steps
from ckanext.sdopen.entries.steps.arrival import Arrival
from ckanext.sdopen.entries.validation import identity
from ckanext.sdopen.standard.elements import KIND_OF_TYPE


@dataclass
class Wave:
    """The records of one type, examined together."""

    examiner: examine_record.Examiner
    directory: lookups.Directory
    permissions: Permissions
    moment: datetime

    def __post_init__(self) -> None:
        self.answers = examine_record.Answered(self.examiner, self.directory)

    @property
    def kind(self) -> str:
        """`catalog` or `interface`."""
        return self.examiner.kind

    def examine(self, candidates: Sequence[Candidate]) -> None:
        """Examine every record: `result` is set, and what is to be written stands in it."""
        for candidate in candidates:
            wrong = (
                examine_record.unlookable(candidate.record) if candidate.is_unprintable else None
            )
            if wrong:
                candidate.reject(examine_record.as_answers([wrong], self.kind))
        candidates = [c for c in candidates if c.is_open]
        if self.kind == "interface":
            # nobody narrows them meanwhile; first, as who does takes them before their interfaces
            self.directory.load_catalogs([c.record.get("catalog") for c in candidates], held=True)
        self._find(candidates)
        self._compare(candidates)
        examined = self._examined([c for c in candidates if c.is_open])
        self._build(examined)
        keep_files_apart([candidate for candidate, _ in examined])
        gate.ask([candidate for candidate, _ in examined], self.permissions)

    def _find(self, candidates: Sequence[Candidate]) -> None:
        """Say who the records are, lock what is stored of them, refuse those nobody may write."""
        self.directory.load_departments(c.record.get("owner_org") for c in candidates)
        wanted: dict[str, list[str]] = {}
        for number, candidate in enumerate(candidates):
            candidate.owner = self.directory.department(candidate.record.get("owner_org"))
            if candidate.owner is not None:
                candidate.record["owner_org"] = candidate.owner.id
            wanted[str(number)] = possible_ids(candidate)
        every = {one for ids in wanted.values() for one in ids}
        lookups.lock(every)
        stored = lookups.stored(every)
        self.directory.load_departments(known.owner_org for known in stored.values())
        taken: dict[str, int] = {}
        for number, candidate in enumerate(candidates):
            ids = wanted[str(number)]
            candidate.known = next((stored[one] for one in ids if one in stored), None)
            candidate.entry_id = candidate.known.id if candidate.known else (ids or [""])[-1]
            candidate.name = candidate.known.name if candidate.known else ""
            self._admit(candidate, taken)
        self._hide([c for c in candidates if c.known and not c.is_open])

    def _hide(self, refused: Sequence[Candidate]) -> None:
        """Tell nothing of what the account may not read.

        An id is answered like that of nothing; a code is taken, as package_create says, too.
        """
        # the wave's own looks catalogs up in its turn
        catalogs = lookups.Directory()
        catalogs.load_catalogs(c.known.extras.get("catalog") for c in refused if c.known)
        for candidate in refused:
            if candidate.known is None or self.permissions.sees(candidate.known, catalogs):
                continue
            candidate.name = ""
            if candidate.record.get("id") == candidate.known.id:
                candidate.reject_for("id", tk._("There is no such entry"), "not_found")
            else:
                message = tk._("You may not change this entry")
                candidate.reject_for("id", message, "not_authorized")

    def _admit(self, candidate: Candidate, taken: dict[str, int]) -> None:
        known, owner = candidate.known, candidate.record.get("owner_org")
        if known is not None and known.type != candidate.package_type:
            message = tk._("There is another kind of entry with this id")
            candidate.reject_for("type", message, "other_kind")
        elif known is not None and not self.permissions.updates(known):
            candidate.reject_for("id", self._why_not(known), "not_authorized")
        elif owner and candidate.owner is None:
            message = tk._("There is no department {name}; make it first, or correct the name")
            candidate.reject_for("owner_org", message.format(name=owner), "department_unknown")
        elif candidate.owner is not None and self._moves(candidate):
            message = tk._("You may not write for this department")
            candidate.reject_for("owner_org", message, "not_authorized")
        elif candidate.entry_id and candidate.entry_id in taken:
            message = tk._("The batch holds this entry twice; the first is record {number}")
            number = taken[candidate.entry_id] + 1
            candidate.reject_for("id", message.format(number=number), "record_twice")
        elif candidate.entry_id:
            taken[candidate.entry_id] = candidate.position

    def _moves(self, candidate: Candidate) -> bool:
        """Whether the record asks for a department for which the account may not write."""
        known, owner = candidate.known, candidate.owner
        if known is None:
            return not self.permissions.creates(candidate.package_type, owner.id)
        return known.owner_org != owner.id and not self.permissions.takes_over(owner.id)

    def _why_not(self, known: Known) -> str:
        if known.state == publication.ACTIVE:
            return publication.only_the_authority()
        return str(tk._("You may not change this entry"))

    def _compare(self, candidates: Sequence[Candidate]) -> None:
        """What was brought before, to the letter, is not looked at again."""
        ids = [c.entry_id for c in candidates if c.is_open and c.known]
        hashes: Mapping[str, str] = lookups.hashes(ids) if ids else {}
        for candidate in candidates:
            if not candidate.is_open:
                continue
            # who publishes and who does not bring the same record to different states
            rights = self.permissions.publishes(candidate.region)
            sent = receipts.together(candidate.content_hash, str(rights))
            stored = hashes.get(candidate.entry_id, "")
            candidate.content_hash = f"{sent}.{self.examiner.version}"
            # under other rules than these, it is examined anew
            candidate.is_as_before = stored.partition(".")[0] == sent
            if stored == candidate.content_hash:
                candidate.result = UNCHANGED

    def _examined(self, candidates: Sequence[Candidate]) -> list[tuple[Candidate, Arrival]]:
        """The records that are sound by themselves, each with what its steps have made of it."""
        if self.kind == "interface":
            self._serve(candidates)
        examined = []
        for candidate in candidates:
            if not candidate.is_open:
                continue
            if not self.permissions.trusted:
                record_files.leave_out(candidate, _active(candidate.known))
            if not self.examiner.unpack(candidate):
                continue
            states.set_state(candidate, self.permissions)
            if not candidate.is_open:
                continue
            arrival = self.examiner.arrival(candidate)
            steps.take(arrival, self.answers, steps.BY_ITSELF)
            if candidate.unknown_catalog:
                arrival.refusals["catalog"] = [candidate.unknown_catalog]
            if self.examiner.is_refused(candidate, arrival.findings, arrival.refusals):
                continue
            candidate.entry_id, candidate.name = arrival.entry_id, arrival.name
            examined.append((candidate, arrival))
        return examined

    def _serve(self, candidates: Sequence[Candidate]) -> None:
        """Look up the catalogs that interfaces serve; the element holds their ids from now on."""
        known = [c.known.extras.get("catalog") for c in candidates if c.known]
        self.directory.load_catalogs([c.record.get("catalog") for c in candidates] + known)
        for candidate in candidates:
            reference = candidate.record.get("catalog")
            if not isinstance(reference, str) or not reference.strip():
                continue
            catalog = self.directory.catalog(reference)
            if catalog is None or not self.permissions.reads(catalog):
                message = tk._(
                    'There is no catalog "{value}"; give the id or address of one, or nothing'
                )
                candidate.unknown_catalog = message.format(value=reference)
            else:
                candidate.record["catalog"] = catalog.id

    def _build(self, examined: Sequence[tuple[Candidate, Arrival]]) -> None:
        """Judge the records among the others of the directory, and make their rows."""
        if not examined:
            return
        self.answers.look_around(arrival for _, arrival in examined)
        builder = Builder(self.examiner, self.directory, self.permissions, self.moment)
        for candidate, arrival in examined:
            steps.take(arrival, self.answers, steps.AMONG_OTHERS)
            if self.examiner.is_refused(candidate, arrival.findings, {}):
                continue
            builder.build(candidate, arrival)
            if candidate.result != REJECTED:
                self.answers.neighbourhood.add_title(arrival)


def _active(known: Known | None) -> list[dict[str, Any]]:
    return [row for row in known.resources if row["state"] == "active"] if known else []


def possible_ids(candidate: Candidate) -> list[str]:
    """The ids under which the entry may be stored, the one it would get last but for given ones."""
    record = candidate.record
    given = record.get("id")
    found = [given] if isinstance(given, str) and given else []
    derived = identity.possible_ids(record)
    return [*found, *derived[1:], *derived[:1]] if derived else found


def kinds() -> tuple[str, ...]:
    """The package types in the order in which a batch writes them: interfaces name catalogs."""
    return tuple(sorted(KIND_OF_TYPE, key=lambda one: one != "dataset"))
