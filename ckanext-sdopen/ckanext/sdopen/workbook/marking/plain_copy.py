"""An xls or CSV as a plain xlsx of the same cells, for marking; the original stays as it is."""

from pathlib import Path

from xlsxwriter import Workbook

from ckanext.sdopen.workbook.reading.book_file import Book
from ckanext.sdopen.workbook.reading.cells import text

_LONGEST = 32_767
_LONGEST_NAME = 31
_REFUSED = str.maketrans("[]:*?/\\", "_______")


def to_xlsx(book: Book, path: Path) -> None:
    """Write the cells of a book, every one a text, with their merges and hidden sheets."""
    options = {"constant_memory": True, "strings_to_urls": False, "strings_to_formulas": False}
    with Workbook(str(path), options) as copy:
        for sheet in book.sheets():
            new = copy.add_worksheet(sheet.name[:_LONGEST_NAME].translate(_REFUSED))
            if sheet.hidden:
                new.hide()
            for number, row in sheet.cells:
                for place, cell in enumerate(row):
                    said = text(cell)
                    if said:
                        new.write_string(number, place, said[:_LONGEST])
            # merge_range() would write the rows again, out of order
            new.merge.extend([a, b, c, d] for (a, b), (c, d) in sheet.merges)
