"""The command line of the harvest scripts: `scripts/harvest run SOURCE`."""

import json
import sys
from collections import Counter
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from ckanext.sdopen.harvest import load_cli, run, workbook_cli
from ckanext.sdopen.harvest.account import portal_option, token_of, token_option
from ckanext.sdopen.harvest.messages import HarvestError, language, say
from ckanext.sdopen.harvest.pushing.one_by_one import ALWAYS, FAILED, RESULTS
from ckanext.sdopen.harvest.pushing.portal import Portal
from ckanext.sdopen.harvest.reading import source
from ckanext.sdopen.harvest.reading.mapping import Entry
from ckanext.sdopen.harvest.report import Report

DONE_WITH_REJECTED, INTERRUPTED = 3, 130
_SHOWN_REJECTED = 20


def _push(entries: list[Entry], report: Report, pushing: run.Pushing) -> bool:
    """Push with a progress bar on a terminal; True where the user interrupted it."""
    console = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal,
    )
    with bar:
        task = bar.add_task(report.source.title, total=len(entries))
        try:
            run.run(
                entries,
                report,
                pushing,
                lambda _: bar.advance(task),
            )
        except KeyboardInterrupt:
            return True
    return False


def _print(report: Report, console: Console) -> None:
    counts = report.counts()
    console.print(say("report_head", title=report.source.title, rows=report.rows), highlight=False)
    for result in RESULTS:
        if counts[result] or result in ALWAYS:
            console.print(f"  {say(f'result_{result}')}  {counts[result]}", highlight=False)
    if report.departments_made:
        console.print(say("report_departments", count=report.departments_made), highlight=False)
    for code, count in report.findings_by_code().items():
        console.print(f"  {count} × {say(f'{code}_title')}", highlight=False, markup=False)
    rejected = report.rejected()
    for row, title, reason in rejected[:_SHOWN_REJECTED]:
        line = say("report_rejected", row=row, title=title, reason=reason)
        console.print(line, style="red", highlight=False, markup=False)
    if len(rejected) > _SHOWN_REJECTED:
        more = len(rejected) - _SHOWN_REJECTED
        console.print(say("report_more", count=more), highlight=False)


@click.group()
def harvest() -> None:
    """收割：把部门的目录文件读入并推送到门户。 Read a department's file and push it to a portal."""


harvest.add_command(workbook_cli.template_command)
harvest.add_command(workbook_cli.check_command)
harvest.add_command(load_cli.load_command)


@harvest.command("run")
@click.argument("source_file", type=click.Path(path_type=Path))
@portal_option
@token_option
@click.option(
    "--workers",
    type=click.IntRange(1, 8),
    default=2,
    show_default=True,
    help="并行连接数 · parallel connections",
)
@click.option(
    "--push",
    "way",
    type=click.Choice(run.WAYS),
    default=run.WAYS[0],
    show_default=True,
    help="逐条或成批推送 · entry by entry, or in bulk",
)
@click.option("--dry-run", is_flag=True, help="只检查，不推送 · check only, push nothing")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出结果 · print the result as JSON")
@click.option(
    "--report",
    "folder",
    type=click.Path(path_type=Path),
    help="报告目录，默认 var/harvest · folder of the reports",
)
def run_command(
    source_file: Path,
    portal: str,
    token_file: Path | None,
    workers: int,
    way: str,
    dry_run: bool,
    as_json: bool,
    folder: Path | None,
) -> None:
    """读取来源文件所述的数据并推送。 Read what SOURCE_FILE describes and push it.

    退出码 exit status: 0 完成 done · 3 有记录被拒 some rejected · 5 来源出错 source failed ·
    6 门户出错 portal failed · 64 用法错误 usage · 130 中断 interrupted.
    """
    console = Console(stderr=as_json)
    report = None
    interrupted = False
    try:
        entries, report = run.gather(source.load(source_file))
        if dry_run:
            _print_plan(entries, report, console)
            sys.exit(DONE_WITH_REJECTED if any(e.rejected for e in entries) else 0)
        token = token_of(token_file)
        pushing = run.Pushing(lambda: Portal(portal, token, language()), workers, way)
        interrupted = _push(entries, report, pushing)
    except HarvestError as error:
        _finish(report, folder, as_json, console)
        # one sentence, one line: the terminal wraps it, not we
        Console(stderr=True, soft_wrap=True).print(
            str(error), style="red", highlight=False, markup=False
        )
        sys.exit(error.exit_code)
    _finish(report, folder, as_json, console)
    if interrupted:
        console.print(say("interrupted"))
        sys.exit(INTERRUPTED)
    sys.exit(DONE_WITH_REJECTED if any(report.counts()[one] for one in FAILED) else 0)


def _print_plan(entries: list[Entry], report: Report, console: Console) -> None:
    refused = sum(entry.rejected for entry in entries)
    head = say(
        "plan_head", title=report.source.title, rows=report.rows, entries=len(entries) - refused
    )
    console.print(head, highlight=False)
    findings = Counter(f.code for f in report.file_findings)
    findings.update(f.code for entry in entries for f in entry.findings)
    for code, count in findings.most_common():
        console.print(f"  {count} × {say(f'{code}_title')}", highlight=False, markup=False)
    for entry in entries:
        if entry.rejected:
            reason = " ".join(f.sentence for f in entry.findings)
            line = say("report_rejected", row=entry.row, title=entry.title, reason=reason)
            console.print(line, style="red", highlight=False, markup=False)


def _finish(report: Report | None, folder: Path | None, as_json: bool, console: Console) -> None:
    if report is None or not report.outcomes:
        return
    path = report.write(folder or run.default_folder())
    if as_json:
        click.echo(json.dumps(report.summary(), ensure_ascii=False))
    else:
        _print(report, console)
    console.print(say("report_where", path=path), highlight=False, markup=False)
