"""A finding: what was looked at, how bad it is, and the facts of its sentences."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """How bad a finding is."""

    ERROR = "error"
    WARNING = "warning"
    OK = "ok"


class Area(StrEnum):
    """What a finding is about; the report lists them in this order."""

    PARTS = "parts"
    VERSIONS = "versions"
    DATABASE = "database"
    AGREEMENT = "agreement"
    WORK = "work"
    AUDIT = "audit"
    MACHINE = "machine"
    SETTINGS = "settings"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `check` names its texts in texts.yaml."""

    area: Area
    check: str
    severity: Severity
    facts: Mapping[str, str | int] = field(default_factory=dict)


def worst(findings: Iterable[Finding]) -> Severity:
    """The worst severity; OK where there is no finding."""
    found = {one.severity for one in findings}
    return next((one for one in Severity if one in found), Severity.OK)


def graded(value: float, warns_from: float, errs_from: float) -> Severity:
    """OK below the first bound, an error from the second on."""
    if value >= errs_from:
        return Severity.ERROR
    return Severity.WARNING if value >= warns_from else Severity.OK
