"""更新周期, dates, and the six numbers of the census."""

from collections.abc import Iterator

from ckanext.sdopen.standard.findings import Finding
from ckanext.sdopen.standard.rules.base import Entry, RuleInput

CENSUS = (
    "census_stored_gb",
    "census_records_wan",
    "census_shared_gb",
    "census_shared_records_wan",
    "census_open_gb",
    "census_open_records_wan",
)
# what cannot exceed what: shared and opened are parts of the stored
_PARTS = (
    ("census_shared_gb", "census_stored_gb"),
    ("census_open_gb", "census_stored_gb"),
    ("census_shared_records_wan", "census_records_wan"),
    ("census_open_records_wan", "census_records_wan"),
)
_EXPLAINED = ("irregular", "other")


def cycle_explained(entry: Entry, facts: RuleInput) -> Iterator[Finding]:
    """不定期 and 其他 say when."""
    if entry.get("update_cycle") in _EXPLAINED and not entry.get("update_cycle_note"):
        yield Finding("update_cycle_note_missing", "update_cycle_note")


def days_are_past(entry: Entry, facts: RuleInput) -> Iterator[Finding]:
    """Nothing was published or updated tomorrow."""
    today = facts.today.isoformat()
    for name in ("released_on", "updated_on"):
        day = entry.get(name)
        # ISO days order as text
        if day and str(day)[:10] > today and str(day)[:1].isdigit():
            yield Finding("date_in_future", name, {"value": day})


def census_counted(entry: Entry, facts: RuleInput) -> Iterator[Finding]:
    """The six census numbers are there, 0 where unknown, and no part exceeds its whole."""
    missing = [name for name in CENSUS if entry.get(name) in (None, "")]
    if missing:
        yield Finding("census_missing", missing[0], {"count": len(missing)})
    for part, whole in _PARTS:
        first, second = _number(entry.get(part)), _number(entry.get(whole))
        if first is not None and second is not None and first > second:
            yield Finding("census_exceeds", part, {"value": first, "whole": second})


def _number(value: object) -> float | None:
    try:
        return float(str(value)) if value not in (None, "") else None
    except ValueError:
        return None
