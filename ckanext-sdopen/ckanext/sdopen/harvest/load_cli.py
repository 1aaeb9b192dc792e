"""`scripts/harvest load FILE`: push records that already are as the action API takes them."""

import codecs
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, BinaryIO

import click
import orjson
from rich.console import Console

from ckanext.sdopen.harvest.account import portal_option, token_of, token_option
from ckanext.sdopen.harvest.messages import HarvestError, UsageError, language, say
from ckanext.sdopen.harvest.pushing.bulk_push import new_run, reason_of
from ckanext.sdopen.harvest.pushing.by_batches import Bulk, Result
from ckanext.sdopen.harvest.pushing.portal import Portal

_REJECTED, _INTERRUPTED = 3, 130
_SHOWN = 20
# seconds between two words about a load that goes on
_EVERY = 10.0


@dataclass
class Loaded:
    """What became of the records so far; refused ones go whole into the report, if there is one."""

    report: IO[str] | None = None
    counts: Counter[str] = field(default_factory=Counter)
    refused: dict[int, str] = field(default_factory=dict)

    def take(self, number: int, result: Result) -> None:
        """Count one record; of the refused ones the first are kept with their reasons."""
        self.counts[result["result"]] += 1
        reason = reason_of(result)
        if not reason:
            return
        if len(self.refused) < _SHOWN:
            self.refused[number] = reason
        if self.report:
            self.report.write(json.dumps({"record": number, **result}, ensure_ascii=False) + "\n")

    @property
    def refusals(self) -> int:
        """How many records were not written."""
        return self.counts["rejected"] + self.counts["conflict"]

    @property
    def status(self) -> int:
        """The exit status: 3 where a record was refused."""
        return _REJECTED if self.refusals else 0


def _lines(file: BinaryIO, path: Path) -> Iterator[bytes]:
    """The records of a file, one a line; empty lines are none.

    Raises:
        UsageError: a line is no JSON object.
    """
    for number, line in enumerate(file, 1):
        stripped = line.removeprefix(codecs.BOM_UTF8).strip()
        if not stripped:
            continue
        try:
            is_record = isinstance(orjson.loads(stripped), dict)
        except orjson.JSONDecodeError:
            is_record = False
        if not is_record:
            raise UsageError("load_line_broken", path=path, number=number)
        yield stripped


def _titles(path: Path, numbers: set[int]) -> dict[int, str]:
    """The titles of a few records of a file, by their numbers."""
    found: dict[int, str] = {}
    with _open(path) as file:
        for number, line in enumerate(_lines(file, path), 1):
            if number in numbers:
                found[number] = str(orjson.loads(line).get("title") or "")
            if len(found) == len(numbers):
                break
    return found


def _open(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise UsageError("load_unreadable", path=path, detail=error.strerror) from None


def _create(path: Path) -> IO[str]:
    try:
        return path.open("w", encoding="utf-8")
    except OSError as error:
        raise UsageError("load_unwritable", path=path, detail=error.strerror) from None


class Progress:
    """Tells on the error output, now and then, that the load goes on, and why it waits."""

    def __init__(self, patience: float) -> None:
        self._console = Console(stderr=True, soft_wrap=True)
        self._patience = patience
        self._began = self._said = time.monotonic()

    def went_on(self, count: int) -> None:
        """So many records are done."""
        now = time.monotonic()
        if now - self._said >= _EVERY:
            self._said = now
            rate = count / (now - self._began)
            self._console.print(say("load_progress", count=count, rate=f"{rate:.0f}"))

    def waits(self, failure: str) -> None:
        """The portal is waited for."""
        waiting = say("load_waits", detail=failure, seconds=f"{self._patience:.0f}")
        self._console.print(waiting, highlight=False, markup=False)


@click.command("load")
@click.argument("file", type=click.Path(path_type=Path))
@portal_option
@token_option
@click.option(
    "--workers",
    type=click.IntRange(1, 16),
    default=2,
    show_default=True,
    help="同时在途的批次 · batches in flight",
)
@click.option(
    "--records",
    type=click.IntRange(1, 1000),
    default=1000,
    show_default=True,
    help="每批记录数 · records a batch",
)
@click.option(
    "--run",
    "run",
    help="本次装载的名称；中断后用同一名称重跑，已答复的批次不再写入 · name of the run; "
    "under the same name an interrupted load goes on and writes no batch twice",
)
@click.option(
    "--patience",
    type=click.FloatRange(0),
    default=900,
    show_default=True,
    help="门户中断时等待的秒数 · seconds to wait for a portal that is down",
)
@click.option(
    "--wait/--no-wait",
    default=True,
    show_default=True,
    help="等到全部可检索 · wait until all can be found",
)
@click.option(
    "--refused",
    "kept",
    type=click.Path(path_type=Path),
    help="未写入的记录及原因，写入此文件（NDJSON） · file for the records that were not written",
)
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出结果 · print the result as JSON")
def load_command(
    file: Path,
    portal: str,
    token_file: Path | None,
    workers: int,
    records: int,
    run: str | None,
    patience: float,
    wait: bool,
    kept: Path | None,
    as_json: bool,
) -> None:
    """装载 NDJSON 记录（每行一条）。 Push the records of FILE, one JSON object a line, in bulk.

    退出码 exit status: 0 完成 done · 3 有记录被拒 some rejected ·
    6 门户出错 portal failed · 64 用法错误 usage · 130 中断 interrupted.
    """
    loaded, began, searchable = Loaded(), time.monotonic(), False
    name, progress = run or new_run(file.stem), Progress(patience)
    try:
        account = Portal(portal, token_of(token_file), language())
        bulk = Bulk(account, name, workers, records, patience, progress.waits)
        with ExitStack() as files:
            lines = files.enter_context(_open(file))
            loaded.report = files.enter_context(_create(kept)) if kept else None
            for number, result in enumerate(bulk.push(_lines(lines, file)), 1):
                loaded.take(number, result)
                progress.went_on(number)
        searchable = wait and bulk.commit()
        status = loaded.status
    except HarvestError as error:
        Console(stderr=True, soft_wrap=True).print(
            str(error), style="red", highlight=False, markup=False
        )
        status = error.exit_code
    except KeyboardInterrupt:
        Console(stderr=True).print(say("interrupted"))
        status = _INTERRUPTED
    _print_outcome(loaded, file, name, time.monotonic() - began, searchable, as_json)
    sys.exit(status)


def _print_outcome(
    loaded: Loaded, file: Path, run: str, seconds: float, searchable: bool, as_json: bool
) -> None:
    if as_json:
        figures = {"run": run, "seconds": round(seconds, 3), "searchable": searchable}
        click.echo(json.dumps({**figures, "counts": dict(loaded.counts)}, ensure_ascii=False))
        return
    done = sum(loaded.counts.values())
    rate = done / max(seconds, 0.001)
    click.echo(say("load_head", run=run, count=done, seconds=f"{seconds:.1f}", rate=f"{rate:.0f}"))
    for result, count in loaded.counts.most_common():
        click.echo(f"  {say(f'result_{result}')}  {count}")
    titles = _titles(file, set(loaded.refused)) if loaded.refused else {}
    for number, reason in loaded.refused.items():
        title = titles.get(number, "")
        click.echo(say("load_refused", number=number, title=title, reason=reason))
    if loaded.refusals > len(loaded.refused):
        click.echo(say("load_more", count=loaded.refusals - len(loaded.refused)))
