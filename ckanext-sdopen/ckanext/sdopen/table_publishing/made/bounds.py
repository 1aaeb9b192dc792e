"""Which files are made at all, and which of them while their caller waits."""

import ckan.plugins.toolkit as tk

from ckanext.sdopen.errors import SdopenError
from ckanext.sdopen.table_publishing.giving import addresses, asked, sheets_of_rows
from ckanext.sdopen.table_publishing.made import settings
from ckanext.sdopen.table_publishing.made.order import CSV, GEOJSON, XLSX, XML, Order

MADE = (XLSX, XML, GEOJSON)


class TooLarge(SdopenError):
    """The file would have more rows than are made into one; take the CSV."""


def most_rows(of_question: bool) -> int:
    """Up to how many rows a file has: of a whole table what two sheets of a workbook hold."""
    return settings.most_rows() if of_question else 2 * sheets_of_rows.MOST_ROWS


def is_at_once(rows: int, columns: int) -> bool:
    """Whether a file is made while its caller waits."""
    return rows * columns <= settings.most_cells()


def is_whole_csv(order: Order) -> bool:
    """Whether it is the CSV of a whole table, as it is made at the publication."""
    others = [name for name, _ in order.given if not asked.is_ours(name)]
    return order.form == CSV and order.is_whole and not others


def no_room() -> str:
    """What who asks for a file is told while the disk has no room for it."""
    return str(tk._("There is no room for the file at the moment; take the CSV, or ask later"))


def require_size(order: Order) -> None:
    """Refuse a file that is too large to be made.

    Raises:
        TooLarge: it is; its sentence names the CSV.
    """
    most = most_rows(not order.is_whole)
    if order.rows <= most:
        return
    message = tk._(
        "A file {form} holds up to {most} rows, this would have {rows}; take the CSV: {address}"
    )
    csv = addresses.file(order.found, CSV, order.question.pairs)
    said = message.format(form=order.form.upper(), most=most, rows=order.rows, address=csv)
    raise TooLarge(said)
