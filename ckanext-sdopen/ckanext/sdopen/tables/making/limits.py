"""How much a version may take while it is made, and how many bad rows it may have."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Limits:
    """Bounds of the making of one version.

    `memory`, `temporary` and `free` are megabytes: of DuckDB, of temporary files, and what must
    stay on their disk; `folder` is where they go, `seconds` how long it may take. A table with more
    than `bad_percent` of bad rows makes no version; `marked` findings are kept one by one.
    """

    folder: Path
    threads: int = 1
    memory: int = 1024
    temporary: int = 20_480
    bad_percent: float = 10.0
    marked: int = 10_000
    free: int = 0
    seconds: int = 14_400
