"""The tables of a source, read once for a job: a later try finds what an earlier one read."""

import json
import os
from collections.abc import Collection
from pathlib import Path

from ckanext.sdopen.sheets.account import Account
from ckanext.sdopen.sheets.reading import Table, read
from ckanext.sdopen.table_publishing.loading import settings
from ckanext.sdopen.table_publishing.loading.progress import Progress
from ckanext.sdopen.table_publishing.loading.source import Source, bring

_ABOUT = "read.json"


def tables(
    source: Source, expected: Collection[str], folder: Path, progress: Progress
) -> list[Table]:
    """The normalised tables of a source.

    Args:
        source: the file.
        expected: names of columns that are known.
        folder: of the job; what an earlier try has read there is not read again.
        progress: is told how far it is.

    Raises:
        LoadRefused, FetchError, SheetError: it cannot be read; the error says why.
    """
    kept = _kept(folder / _ABOUT)
    if kept is not None:
        return kept
    progress.stage("fetching", 0, 10)
    path = bring(source, folder, progress.share)
    progress.stage("reading", 10, 50)

    def told(read_bytes: int, whole: int) -> None:
        progress.share(read_bytes / whole if whole else 0.0)

    found = read(path, source.name, folder, settings.reading(), expected, told)
    _keep(found, folder / _ABOUT)
    return found


def _kept(about: Path) -> list[Table] | None:
    if not about.is_file():
        return None
    told = json.loads(about.read_text(encoding="utf-8"))
    return [Table(Path(one["csv"]), Account.from_dict(one["account"])) for one in told]


def _keep(found: Collection[Table], about: Path) -> None:
    told = [{"csv": str(one.csv), "account": one.account.as_dict()} for one in found]
    part = about.with_suffix(f".{os.getpid()}")
    part.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    part.replace(about)
