"""Records for runs that are disturbed: entries with files and tags, then edits of every kind."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from ckanext.sdopen.bench.bulk.corpus import write
from ckanext.sdopen.sample import Province

Record = dict[str, Any]
_CLOSED = "属于内部管理信息，依据《中华人民共和国政府信息公开条例》第十六条不予开放"


@dataclass(frozen=True)
class Corpus:
    """Files of records in the order in which they are loaded, and what they come to."""

    files: tuple[Path, ...]
    entries: int
    records: int


def _with_files(number: int, record: Record) -> Record:
    if number % 4:
        return record
    files = [
        {
            "name": f"文件{place}",
            "url": f"https://data.example.cn/{number}/{place}.csv",
            "format": "CSV",
        }
        for place in range(number % 3 + 1)
    ]
    return {**record, "resources": files}


def _narrowed(record: Record) -> Record:
    """Not open any more."""
    kept = {name: v for name, v in record.items() if not name.startswith("opening")}
    closed = {"opening": "none", "closing_basis": _CLOSED, "interface_count": 0}
    numbers = {"census_open_gb": 0, "census_open_records_wan": 0}
    return {**kept, **closed, **numbers}


def _edited(number: int, record: Record) -> Record:
    """A fifth each: another abstract, other tags, no files, narrower, as it was."""
    kind = number % 5
    if kind == 0:
        return {**record, "notes": f"{record['notes']}（已更新）"}
    if kind == 1:
        return {**record, "tags": [*record["tags"][:1], {"name": f"新标签{number % 7}"}]}
    if kind == 2:
        return {**record, "resources": [], "file_count": 0}
    return _narrowed(record) if kind == 3 else record


def _catalogs(count: int) -> Iterator[Record]:
    found = islice(Province().catalog_entries(), count)
    return (_with_files(number, entry.payload) for number, entry in enumerate(found))


def _edits(count: int) -> Iterable[Record]:
    return (_edited(number, record) for number, record in enumerate(_catalogs(count)))


def make(folder: Path, entries: int) -> Corpus:
    """So many entries, then edits of two thirds of them."""
    first, then = folder / "first.ndjson", folder / "then.ndjson"
    edits = entries * 2 // 3
    write(first, _catalogs(entries))
    write(then, _edits(edits))
    return Corpus((first, then), entries, entries + edits)
