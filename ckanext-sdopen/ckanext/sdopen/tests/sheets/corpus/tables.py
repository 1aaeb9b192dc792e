"""Files read as the child reads them, in the process of the test."""

import csv
from pathlib import Path

from ckanext.sdopen.sheets import file_tables
from ckanext.sdopen.sheets.account import Account
from ckanext.sdopen.sheets.formats import File
from ckanext.sdopen.sheets.limits import Limits

Rows = list[list[str]]


def tables(path: Path, expected=(), **limits) -> list[tuple[Account, Rows]]:
    """The tables of a file: their accounts and rows, `_row` first, without the heading line."""
    folder = path.parent / f"{path.name}.tables"
    folder.mkdir()
    file = File(path, path.name, folder)
    accounts = file_tables.write(file, Limits(**limits), expected, lambda _: None)
    return [
        (account, rows_of(folder / f"{number}.csv")[1:])
        for number, account in enumerate(accounts, start=1)
    ]


def rows_of(path: Path) -> Rows:
    """All lines of a normalised CSV."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, strict=True))


def table(path: Path, expected=(), **limits) -> tuple[Account, Rows]:
    """The only table of a file."""
    (found,) = tables(path, expected, **limits)
    return found


def text_file(folder: Path, text: str, name: str = "表.csv", encoding: str = "utf-8") -> Path:
    """A file of a text."""
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def codes(account: Account) -> list[str]:
    """The codes of the remarks, and that each is a sentence in both languages."""
    for remark in account.remarks:
        assert remark.sentence("zh")
        assert remark.sentence("en")
    return [remark.code for remark in account.remarks]
