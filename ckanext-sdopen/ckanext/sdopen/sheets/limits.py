"""What a file of rows may be: sizes, columns, time and memory of its reading."""

from dataclasses import dataclass

from ckanext.sdopen.sheets.confinement import Bounds
from ckanext.sdopen.sheets.xlsx.zip_archive import ArchiveLimits


@dataclass(frozen=True, kw_only=True)
class Limits(ArchiveLimits):
    """Bounds of one file; the sizes of files in bytes, of cells in characters.

    Sheets of an xlsx with more than `streamed_cells` cells in the rectangle around what they
    hold are read row by row. `made_mb` bounds the largest normalised table.
    """

    bytes: int = 2 << 30
    unpacked: int = 4 << 30
    columns: int = 2_000
    cell: int = 1_000_000
    line: int = 32 << 20
    streamed_cells: int = 3_000_000
    memory_mb: int = 1024
    seconds: int = 3_600
    cpu_seconds: int = 1_800
    made_mb: int = 16_384

    def bounds(self) -> Bounds:
        """What the child that reads may use."""
        return Bounds(self.memory_mb, self.seconds, self.cpu_seconds, self.made_mb)
