"""`scripts/harvest load FILE`: push records that already are as the action API takes them."""

import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import click
from rich.console import Console

from ckanext.sdopen.harvest.account import portal_option, token_of, token_option
from ckanext.sdopen.harvest.bulk import Bulk, Result
from ckanext.sdopen.harvest.bulk_push import new_run, reason_of
from ckanext.sdopen.harvest.messages import HarvestError, UsageError, language, say
from ckanext.sdopen.harvest.portal import Portal

_REJECTED, _INTERRUPTED = 3, 130
_SHOWN = 20


@dataclass
class Loaded:
    """What became of the records so far."""

    counts: Counter[str] = field(default_factory=Counter)
    refused: list[tuple[int, str]] = field(default_factory=list)

    def take(self, number: int, result: Result) -> None:
        """Count one record; of the refused ones the first are kept with their reasons."""
        self.counts[result["result"]] += 1
        reason = reason_of(result)
        if reason and len(self.refused) < _SHOWN:
            self.refused.append((number, reason))

    @property
    def status(self) -> int:
        """The exit status: 3 where a record was refused."""
        return _REJECTED if self.counts["rejected"] + self.counts["conflict"] else 0


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """The records of a file, one a line; empty lines are none."""
    for line in file:
        if stripped := line.strip():
            yield stripped


def _open(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise UsageError("file_unreadable", path=path, detail=error.strerror) from None


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
    as_json: bool,
) -> None:
    """装载 NDJSON 记录（每行一条）。 Push the records of FILE, one JSON object a line, in bulk.

    退出码 exit status: 0 完成 done · 3 有记录被拒 some rejected ·
    6 门户出错 portal failed · 64 用法错误 usage · 130 中断 interrupted.
    """
    loaded, began, searchable = Loaded(), time.monotonic(), False
    name = run or new_run(file.stem)
    try:
        account = Portal(portal, token_of(token_file), language())
        bulk = Bulk(account, name, workers, records, patience)
        with _open(file) as lines:
            for number, result in enumerate(bulk.push(_lines(lines)), 1):
                loaded.take(number, result)
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
    _tell(loaded, name, time.monotonic() - began, searchable, as_json)
    sys.exit(status)


def _tell(loaded: Loaded, run: str, seconds: float, searchable: bool, as_json: bool) -> None:
    if as_json:
        figures = {"run": run, "seconds": round(seconds, 3), "searchable": searchable}
        click.echo(json.dumps({**figures, "counts": dict(loaded.counts)}, ensure_ascii=False))
        return
    done = sum(loaded.counts.values())
    rate = done / max(seconds, 0.001)
    click.echo(say("load_head", run=run, count=done, seconds=f"{seconds:.1f}", rate=f"{rate:.0f}"))
    for result, count in loaded.counts.most_common():
        click.echo(f"  {say(f'result_{result}')}  {count}")
    for number, reason in loaded.refused:
        click.echo(say("load_refused", number=number, reason=reason))
