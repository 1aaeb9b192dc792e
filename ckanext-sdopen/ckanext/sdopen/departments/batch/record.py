"""A record of a batch of groups on its way."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ckan import model

from ckanext.sdopen.bulk.examining.examine_record import messages
from ckanext.sdopen.bulk.record import CONFLICT, CREATED, REJECTED, UNCHANGED, UPDATED

RESULTS = (CREATED, UPDATED, UNCHANGED, CONFLICT, REJECTED)


@dataclass
class Candidate:
    """One record: `result` is one of RESULTS once it is decided, `findings` say why.

    `references` are the ids and names by which it may mean a group, `reference` the derived one.
    """

    position: int
    record: Mapping[str, Any]
    reference: str = ""
    references: tuple[str, ...] = ()
    stored: model.Group | None = None
    group: model.Group | None = None
    is_changed: bool = False
    title_before: str = ""
    regions: list[str] = field(default_factory=list)
    result: str = ""
    findings: list[dict[str, Any]] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Whether nothing has decided it yet."""
        return not self.result

    @property
    def is_renamed(self) -> bool:
        """Whether a stored group has another title now."""
        return bool(self.stored and self.group and self.group.title != self.title_before)

    def reject(self, errors: Mapping[str, Any], code: str = "invalid") -> None:
        """Reject it: nothing of it is written."""
        self.result = CONFLICT if code == "record_twice" else REJECTED
        self.findings = [
            {"code": code, "severity": "error", "field": name, "item": None, "part": ""}
            | {"message": message}
            for name, value in errors.items()
            for message in messages(value)
        ]

    def as_answer(self) -> dict[str, Any]:
        """The result as the client gets it."""
        known = self.group or self.stored
        answer = {
            "id": known.id if known else self.reference,
            "name": known.name if known else "",
            "result": self.result,
        }
        return {**answer, "findings": self.findings} if self.findings else answer
