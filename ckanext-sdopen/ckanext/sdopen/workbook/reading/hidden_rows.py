"""Rows of a sheet as they pass by: the beginning, and which of them are hidden."""

from collections.abc import Iterator

from ckanext.sdopen.workbook.reading.blocks import Row


def beginning(cells: Iterator[Row], count: int) -> tuple[list[Row], Iterator[Row]]:
    """The first rows, where a header is looked for, and the rest."""
    head: list[Row] = []
    for one in cells:
        head.append(one)
        if len(head) >= count:
            break
    return head, cells


def watched(
    head: list[Row], rest: Iterator[Row], hidden: set[int], last: int, seen: list[int]
) -> Iterator[Row]:
    """All rows in their order; `seen` gets those below row `last` that are hidden and filled."""
    for rows in (head, rest):
        for number, row in rows:
            if number in hidden and number > last and row.count("") < len(row):
                seen.append(number)
            yield number, row
