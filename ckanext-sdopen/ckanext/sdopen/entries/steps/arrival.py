"""An entry on its way in: plain values, and what the steps find about them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from ckanext.sdopen.standard.findings import ERROR, Finding

# what counts as no value
EMPTY: tuple[Any, ...] = (None, "", [])


class Stored(Protocol):
    """What is stored of an entry: a row of CKAN, or what a batch has looked up."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def state(self) -> str:
        """CKAN's state of it."""

    @property
    def owner_org(self) -> str:
        """The id of its provider."""

    @property
    def extras(self) -> Mapping[str, Any]:
        """Its extras."""


@dataclass
class Arrival:
    """An entry on its way in.

    `values` is what was sent, by element, tables as lists of rows; the steps settle it in place.
    `entry` is the same without empty values, as rules read it. `refusals` are sentences by the
    element that they are about, beside the `findings`.
    """

    kind: str
    values: dict[str, Any]
    stored: Stored | None = None
    entry: dict[str, Any] = field(default_factory=dict)
    entry_id: str = ""
    name: str = ""
    private: bool = True
    findings: list[Finding] = field(default_factory=list)
    refusals: dict[str, list[str]] = field(default_factory=dict)

    @property
    def is_harvested(self) -> bool:
        """Whether it comes from a source: it is asked for less."""
        return bool(self.entry.get("source_id") and self.entry.get("source_key"))

    @property
    def errors(self) -> Sequence[Finding]:
        """The findings that keep it out."""
        return [finding for finding in self.findings if finding.severity == ERROR]

    @property
    def region(self) -> str:
        """The region of its provider."""
        return str(self.entry.get("region") or "")

    @property
    def owner(self) -> str:
        """The id of its provider."""
        return str(self.entry.get("owner_org") or "")

    @property
    def code(self) -> str:
        """Its 信息资源代码."""
        return str(self.entry.get("resource_code") or "")

    @property
    def title(self) -> str:
        """Its title."""
        value = self.entry.get("title")
        return value if isinstance(value, str) else ""

    def refuse(self, name: str, sentence: str) -> None:
        """Keep it out for a reason that no finding names."""
        self.refusals.setdefault(name, []).append(sentence)
