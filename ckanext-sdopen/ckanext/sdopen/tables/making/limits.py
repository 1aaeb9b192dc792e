"""How much a version may take while it is made, and how many bad rows it may have."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Limits:
    """Bounds of the making of one version.

    `memory` and `temporary` are megabytes; `folder` is where temporary files go; a table with more
    than `bad_percent` of bad rows makes no version; `marked` findings are kept one by one.
    """

    folder: Path
    threads: int = 1
    memory: int = 1024
    temporary: int = 20_480
    bad_percent: float = 10.0
    marked: int = 10_000
