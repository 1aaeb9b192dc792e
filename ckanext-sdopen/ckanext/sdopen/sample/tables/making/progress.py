"""How far the making of tables is: tables, rows, rows a second, time left, disk used."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import click
from rich.console import Console
from rich.live import Live

# seconds between two lines where there is no terminal
_EVERY = 10.0


@dataclass
class Meter:
    """Counts what is made and tells it, on a terminal in one line, else every ten seconds."""

    tables: int
    rows: int
    made: int = 0
    rows_done: int = 0
    rows_new: int = 0
    bytes: int = 0
    started: float = field(default_factory=time.monotonic)
    _said: float = field(default_factory=time.monotonic)
    _live: Live | None = None

    def __str__(self) -> str:
        seconds = max(time.monotonic() - self.started, 0.001)
        rate = self.rows_new / seconds
        left = f"{(self.rows - self.rows_done) / rate:.0f} s" if rate else "?"
        return (
            f"数据表 tables: {self.made}/{self.tables}, {self.rows_done:,}/{self.rows:,} rows"
            f" ({rate:,.0f}/s, {left} left, {self.bytes / 1e6:,.1f} MB)"
        )

    def add(self, rows: int, size: int, again: bool = False) -> None:
        """Count a table that stands; one that stood already tells nothing of the speed."""
        self.made += 1
        self.rows_done += rows
        self.rows_new += 0 if again else rows
        self.bytes += size
        if self._live:
            self._live.update(str(self))
        elif time.monotonic() - self._said >= _EVERY:
            self._said = time.monotonic()
            click.echo(str(self))

    @contextmanager
    def shown(self, console: Console) -> Iterator[None]:
        """Tell how far it is while the work goes on, and at its end."""
        if console.is_terminal:
            with Live(str(self), console=console) as self._live:
                yield
        else:
            yield
            click.echo(str(self))
