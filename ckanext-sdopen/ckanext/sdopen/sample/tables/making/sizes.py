"""How many rows the table of an open catalog has."""

from ckanext.sdopen.sample.records import Entry
from ckanext.sdopen.sample.tables.tables import ROWS

# three million rows in all; the largest catalogs declare more than a table of the sample holds
_FEWEST, _MOST, _PART = 100, 100_000, 75


def is_open(entry: Entry) -> bool:
    """Whether a catalog has a table: it is open, unconditionally or not."""
    return entry.kind == "catalog" and entry.payload["opening"] != "none"


def rows_of(entry: Entry, full: bool) -> int:
    """The rows of an open catalog: those of the sample, or all that it declares."""
    declared = int(entry.payload["record_count"])
    is_small = ROWS.get(entry.subject.name) == declared
    return declared if full else rows_of_sample(declared, is_small)


def rows_of_sample(declared: int, is_small: bool) -> int:
    """The rows of a catalog that declares so many records: a part of them, all of a small one.

    >>> rows_of_sample(860, True), rows_of_sample(86_942, False), rows_of_sample(34_379_229, False)
    (860, 1159, 100000)
    """
    if is_small:
        return declared
    return min(_MOST, max(_FEWEST, declared // _PART))
