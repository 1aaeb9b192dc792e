"""All tables of one file: 1.csv, 2.csv … in a folder, and the account of each."""

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from ckanext.sdopen.sheets import formats
from ckanext.sdopen.sheets.account import Account, Remark
from ckanext.sdopen.sheets.formats import File
from ckanext.sdopen.sheets.limits import Limits
from ckanext.sdopen.sheets.messages import SheetError
from ckanext.sdopen.sheets.normalising import write_table
from ckanext.sdopen.sheets.sources.delimited import Progress


def write(
    file: File, limits: Limits, expected: Collection[str], progress: Progress
) -> list[Account]:
    """Write the tables of a file into its folder; their accounts, in the order of the CSVs.

    Raises:
        SheetError: the file cannot be read, or holds no table.
    """
    folder = file.folder
    accounts: list[Account] = []
    unread: list[Remark] = []
    for member, grid in formats.grids(file, limits, progress):
        target = folder / f"{len(accounts) + 1}.csv"
        account = write_table.write(grid, target, expected, limits)
        if account is None:
            unread.append(Remark("sheet_unread", {"sheet": grid.sheet}))
        else:
            accounts.append(replace(account, member=member))
    (folder / "member").unlink(missing_ok=True)
    accounts = _without_remarks(accounts, unread, folder)
    if not accounts:
        raise SheetError("no_table", sheets=" ".join(one.sentence("zh") for one in unread))
    return [replace(one, remarks=(*one.remarks, *unread)) for one in accounts]


def _without_remarks(accounts: list[Account], unread: list[Remark], folder: Path) -> list[Account]:
    """The tables without sheets of one column of text, which explain the others."""
    if max((len(one.columns) for one in accounts), default=0) == 1:
        return accounts
    kept = []
    for number, account in enumerate(accounts, start=1):
        csv = folder / f"{number}.csv"
        if len(account.columns) > 1:
            kept.append(account)
            csv.rename(folder / f"{len(kept)}.csv")
        else:
            csv.unlink()
            unread.append(Remark("sheet_remarks", {"sheet": account.sheet}))
    return kept
