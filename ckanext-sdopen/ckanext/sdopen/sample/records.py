"""The records of the sample province; plain values, ready for the action API."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Subject:
    """One subject of the vocabulary: what a department of its kind keeps."""

    topic: str
    name: str
    department: str
    update_cycle: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class DepartmentKind:
    """What a kind of department is called at each level; counties may have none."""

    province: str
    city: str
    county: str

    def called(self, level: str) -> str:
        """Its name at a level, without the region's."""
        return {"province": self.province, "city": self.city, "county": self.county}[level]


@dataclass(frozen=True)
class Department:
    """A department: `key` is its kind in the vocabulary, `is_authority` the region's 大数据局."""

    id: str
    name: str
    title: str
    region: str
    level: str
    provider_code: str
    key: str
    kind: str
    contact_phone: str
    is_authority: bool = False

    def payload(self) -> dict[str, Any]:
        """The organization as the action API takes it."""
        values = asdict(self)
        values.pop("key")
        values["is_authority"] = "true" if self.is_authority else "false"
        return values


@dataclass(frozen=True)
class Entry:
    """A catalog or an interface: its id and name as the portal derives them, and its payload."""

    id: str
    name: str
    kind: str
    department: Department
    subject: Subject
    payload: dict[str, Any] = field(compare=False)
