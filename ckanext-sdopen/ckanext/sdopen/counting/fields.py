"""A count as Redis keeps it: what was done, on which day, to what."""

from datetime import date
from typing import NamedTuple

PURE = True

_BETWEEN = "|"


class Counted(NamedTuple):
    """What is counted together: `kind` is a word of ours, `subject` an id."""

    kind: str
    day: date
    subject: str

    def field(self) -> str:
        """Its name in Redis.

        >>> Counted("download", date(2026, 11, 30), "a1").field()
        'download|2026-11-30|a1'
        """
        return _BETWEEN.join((self.kind, self.day.isoformat(), self.subject))


def of_field(field: str) -> Counted | None:
    """What a name in Redis says; None where it is none of ours."""
    kind, _, rest = field.partition(_BETWEEN)
    day, _, subject = rest.partition(_BETWEEN)
    try:
        return Counted(kind, date.fromisoformat(day), subject) if subject else None
    except ValueError:
        return None
