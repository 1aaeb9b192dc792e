"""Records that say the name of each value: JSON and XML; their columns are all names found."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from ckanext.sdopen.sheets.account import Remark, RowNumbers
from ckanext.sdopen.sheets.grid import Batch, Grid, batched_with_numbers
from ckanext.sdopen.sheets.limits import Limits
from ckanext.sdopen.sheets.messages import SheetError

# {name of a value: its text}
Record = Mapping[str, str]
# numbers of records, from 1, whose values were kept as JSON text
Nested = RowNumbers


def grid(
    records: Callable[[Nested], Iterable[tuple[int, Record]]],
    name: str,
    kind: str,
    encoding: str,
    limits: Limits,
) -> Grid:
    """A table of records; they are read twice, first for their names.

    Raises:
        SheetError: they have more names than a table may have columns.
    """
    names: dict[str, None] = {}
    for number, record in records(Nested()):
        names.update(dict.fromkeys(record))
        if len(names) > limits.columns:
            raise SheetError(
                "columns", sheet=name, row=number, count=len(names), limit=limits.columns
            )
    nested = Nested()

    def batches() -> Iterator[Batch]:
        nested.count = 0
        nested.first.clear()
        rows = (
            (number, [record.get(one, "") for one in names]) for number, record in records(nested)
        )
        yield from batched_with_numbers(rows)

    def remarks() -> list[Remark]:
        if not nested.count:
            return []
        return [Remark("nested", {"count": nested.count, "first": nested.first[0]})]

    return Grid(
        batches, sheet=name, columns=tuple(names), remarks=remarks, encoding=encoding, format=kind
    )
