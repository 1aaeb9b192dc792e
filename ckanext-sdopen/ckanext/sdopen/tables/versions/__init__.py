"""A version of a table: one immutable file, named by its content."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ckanext.sdopen.tables.columns import Column

PURE = True


@dataclass(frozen=True, slots=True)
class Version:
    """A whole version: `hash` is the SHA-256 of its file in hex, `created` a moment in UTC.

    `table` is the id of its resource; `source` tells what it was made of (file name, encoding,
    delimiter, sheet, header row).
    """

    table: str
    hash: str
    rows: int
    bytes: int
    columns: tuple[Column, ...]
    created: datetime
    source: Mapping[str, Any]
