"""The commands for a department's workbook: the blank form, and a check without any portal."""

import datetime
import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from ckanext.sdopen.errors import SdopenError
from ckanext.sdopen.harvest.messages import UsageError, language, say
from ckanext.sdopen.sheets.confinement import Bounds
from ckanext.sdopen.standard import profiles
from ckanext.sdopen.workbook.child_process import Checked, Request, check_book
from ckanext.sdopen.workbook.messages import BookError

WITH_ERRORS, UNREADABLE, USAGE = 3, 5, 64
_FORM = Path("信息资源目录表.xlsx")
_COLOURS = {"error": "red", "warning": "yellow"}


@click.command("template")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=_FORM,
    show_default=True,
    help="写到哪里 · the file to write",
)
@click.option("--kind", type=click.Choice(["catalog"]), default="catalog", show_default=True)
def template_command(out: Path, kind: str) -> None:
    """生成空白的目录表（正式表样）。 Write the blank form that departments fill in."""
    # the library that writes sheets takes a third of the time in which any command begins
    from ckanext.sdopen.workbook.form import template

    try:
        template.write(out)
    except OSError as error:
        _fail(UsageError("book_not_written", path=out, detail=error.strerror), USAGE)
    click.echo(say("template_written", path=out))


@click.command("check")
@click.argument("book", type=click.Path(path_type=Path))
@click.option(
    "--profile",
    default="regulation_2025",
    show_default=True,
    help="检查口径 · legal profile (schemas/profiles.yaml)",
)
@click.option(
    "--annotated",
    type=click.Path(path_type=Path),
    help="批注副本写到哪里（.xlsx） · where to write the annotated copy",
)
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出 · print the result as JSON")
@click.option(
    "--memory",
    type=click.IntRange(128, 16_384),
    default=Bounds.memory_mb,
    show_default=True,
    help="读取程序的内存上限（MB） · memory of the reader",
)
@click.option(
    "--seconds",
    type=click.IntRange(1, 3_600),
    default=Bounds.seconds,
    show_default=True,
    help="读取程序的时间上限（秒） · time of the reader",
)
def check_command(
    book: Path, profile: str, annotated: Path | None, as_json: bool, memory: int, seconds: int
) -> None:
    """检查目录表，不连接门户。 Check a department's workbook, offline.

    退出码 exit status: 0 没有错误 no errors · 3 有错误 errors · 5 不能读取 unreadable ·
    64 用法错误 usage.
    """
    try:
        rules = profiles.profile(profile)
    except SdopenError as error:
        _fail(error, USAGE)
    if annotated and annotated.suffix.lower() != ".xlsx":
        _fail(UsageError("book_not_xlsx", path=annotated), USAGE)
    if annotated and annotated.resolve() == book.resolve():
        _fail(UsageError("book_over_itself", path=annotated), USAGE)
    with tempfile.TemporaryDirectory(prefix="sdopen-book-") as folder:
        today = datetime.datetime.now().astimezone().date()
        bounds = Bounds(memory, seconds)
        request = Request(book, rules, today, language(), bool(annotated), bounds=bounds)
        try:
            checked = check_book(request, Path(folder))
        except BookError as error:
            _unreadable(error, as_json)
        written = _copy_annotated(checked, annotated)
        if as_json:
            found = list(checked.findings())
            click.echo(json.dumps({**checked.summary, "findings": found}, ensure_ascii=False))
        else:
            _print(book, checked, written)
    sys.exit(WITH_ERRORS if checked.summary["errors"] else 0)


def _fail(error: SdopenError, status: int) -> Any:
    Console(stderr=True, soft_wrap=True).print(
        str(error), style="red", highlight=False, markup=False
    )
    sys.exit(status)


def _unreadable(error: BookError, as_json: bool) -> Any:
    if as_json:
        answer = {"error": error.code, "message": error.sentence(language())}
        click.echo(json.dumps(answer, ensure_ascii=False))
    return _fail(SdopenError(error.sentence(language())), UNREADABLE)


def _copy_annotated(checked: Checked, wanted: Path | None) -> Path | None:
    """Put the annotated copy where it is wanted."""
    if wanted is None or checked.annotated is None:
        return None
    try:
        shutil.copyfile(checked.annotated, wanted)
    except OSError as error:
        _fail(UsageError("book_not_written", path=wanted, detail=error.strerror), USAGE)
    return wanted


def _print(book: Path, checked: Checked, written: Path | None) -> None:
    console = Console(soft_wrap=True)

    def line(text: str, style: str = "") -> None:
        console.print(text, style=style, highlight=False, markup=False)

    summary = checked.summary
    line(say("check_head", path=book.name, catalogs=summary["catalogs"], items=summary["items"]))
    if summary["faulty"]:
        line(say("check_faulty", faulty=summary["faulty"], errors=summary["errors"]), "red")
    if summary["warned"] or summary["warnings"]:
        line(say("check_warned", warned=summary["warned"], warnings=summary["warnings"]), "yellow")
    if not summary["errors"]:
        line(say("check_clean"), "green")
    for kind in summary["kinds"]:
        more = "……" if kind["count"] > len(kind["cells"]) else ""
        line(f"  {kind['count']} × {kind['message']}", _COLOURS[kind["severity"]])
        line(f"      {'、'.join(kind['cells'])}{more}")
    for note in summary["notes"]:
        line(f"  · {note['message']}")
    secret = checked.confidential()
    if secret:
        line(secret.sentence(language()), "red")
    elif written:
        line(say("check_annotated", path=written))
    elif summary["kinds"]:
        line(say("check_offer"))
