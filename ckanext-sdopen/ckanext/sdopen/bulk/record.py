"""A record of a batch on its way: what was sent, what is stored, what is to be written."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

CREATED, UPDATED, UNCHANGED, PENDING, CONFLICT, REJECTED = RESULTS = (
    "created",
    "updated",
    "unchanged",
    "pending",
    "conflict",
    "rejected",
)
Row = dict[str, Any]


@dataclass(frozen=True)
class Known:
    """What is stored of an entry, with the attributes by which rules ask a package."""

    package: Row
    resources: tuple[Row, ...] = ()
    tags: tuple[Row, ...] = ()

    @property
    def id(self) -> str:
        """Its id."""
        return str(self.package["id"])

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.package["name"])

    @property
    def type(self) -> str:
        """Its package type."""
        return str(self.package["type"])

    @property
    def state(self) -> str:
        """CKAN's state of it."""
        return str(self.package["state"])

    @property
    def owner_org(self) -> str:
        """The id of its provider."""
        return str(self.package["owner_org"] or "")

    @property
    def extras(self) -> Mapping[str, Any]:
        """Its extras."""
        return self.package["extras"] or {}


def of_sentence(
    field_name: str,
    message: str,
    code: str = "invalid",
    *,
    item: int | None = None,
    part: str = "",
) -> dict[str, Any]:
    """A finding that a sentence tells, as a client gets it."""
    return {
        "code": code,
        "severity": "error",
        "field": field_name,
        "item": item,
        "part": part,
        "message": message,
    }


@dataclass
class Candidate:
    """One record: `result` is one of RESULTS once it is decided, `findings` say why."""

    position: int
    record: dict[str, Any]
    entry_id: str = ""
    name: str = ""
    content_hash: str = ""
    # its words are those that the stored entry was written from
    is_as_before: bool = False
    # holds characters that PostgreSQL or UTF-8 refuse
    is_unprintable: bool = False
    known: Known | None = None
    owner: Any = None
    # why the catalog that an interface names cannot be served
    unknown_catalog: str = ""
    # what is to be written
    package: Row = field(default_factory=dict)
    resources: list[Row] = field(default_factory=list)
    resources_written: list[Row] = field(default_factory=list)
    resources_purged: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    tag_ids: dict[str, str] = field(default_factory=dict)
    labels: list[str] = field(default_factory=list)
    labels_before: list[str] = field(default_factory=list)
    result: str = ""
    findings: list[dict[str, Any]] = field(default_factory=list)

    @property
    def package_type(self) -> str:
        """The type of CKAN package that it is."""
        return str(self.record.get("type") or "dataset")

    @property
    def region(self) -> str:
        """The region of the stored entry, else of the provider; empty where neither is known."""
        of = self.known or self.owner
        return str(of.extras.get("region") or "") if of else ""

    @property
    def is_open(self) -> bool:
        """Whether nothing has decided it yet."""
        return not self.result

    def reject(self, findings: list[dict[str, Any]], result: str = REJECTED) -> None:
        """Reject it: nothing of it is written."""
        self.result, self.findings = result, findings

    def reject_for(self, name: str, message: str, code: str = "invalid") -> None:
        """Reject it for one reason."""
        self.reject([of_sentence(name, message, code)])

    def as_answer(self) -> dict[str, Any]:
        """The result as the client gets it."""
        answer: dict[str, Any] = {"id": self.entry_id, "name": self.name, "result": self.result}
        if self.findings:
            answer["findings"] = self.findings
        return answer


def counts(results: Iterable[str], every: Sequence[str] = RESULTS) -> dict[str, int]:
    """{result: how many}, every result named."""
    found = dict.fromkeys(every, 0)
    for result in results:
        found[result] += 1
    return found
