"""The file of a version: the layout that keeps pages cheap, written whole or not at all."""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

from ckanext.sdopen.tables.columns import Column
from ckanext.sdopen.tables.findings.spelling import quoted
from ckanext.sdopen.tables.making.engine import Engine
from ckanext.sdopen.tables.making.errors import NotWhole

ID = "_id"
# rows that are read together for one page or one key
ROW_GROUP = 20_480
# of a million rows 32.9 MB in 1.5 CPU s; at the default level 33.8 MB in 1.7
_PACKED = "COMPRESSION zstd, COMPRESSION_LEVEL 1"
_PIECE = 1 << 20


def identifier(name: str) -> str:
    """A name as SQL writes it, whatever it holds."""
    return '"' + name.replace('"', '""') + '"'


def write(
    engine: Engine, rows: str, columns: Sequence[Column], part: Path, values: Sequence[object] = ()
) -> int:
    """Write rows, in the order in which they come, as a version's file; how many they are.

    Args:
        engine: what writes.
        rows: SQL of the rows, the columns in their order under whatever names.
        columns: what the file calls them, after `_id`, which counts from 1.
        part: where it is written; on the disk when this returns.
        values: bound to the SQL.

    Raises:
        NotWhole: the file does not hold what was written.
    """
    named = ", ".join(identifier(column.name) for column in columns)
    numbered = f"SELECT row_number() OVER () AS {ID}, {named} FROM ({rows}) AS t({named})"
    options = f"FORMAT parquet, PARQUET_VERSION v2, {_PACKED}, ROW_GROUP_SIZE {ROW_GROUP}"
    target = quoted(str(part))
    written = engine.run(f"COPY ({numbered}) TO {target} ({options})", values)[0][0]
    found, first, last = engine.run(
        f"SELECT count(*), min({ID}), max({ID}) FROM read_parquet({target})"
    )[0]
    if (found, first or 1, last or 0) != (written, 1, written):
        raise NotWhole(expected=written, found=found)
    _to_disk(part)
    return int(written)


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def content_hash(path: Path) -> str:
    """The SHA-256 of a file in hex."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()
