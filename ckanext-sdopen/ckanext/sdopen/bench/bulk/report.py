"""The figures of the bulk bench as people read them."""

import statistics

from ckanext.sdopen.bench.bulk.measured import Measured
from ckanext.sdopen.bench.bulk.run import Loaded


def _parts(run: Loaded) -> str:
    parts = sorted(run.cpu, key=lambda part: -run.cpu[part])
    return ", ".join(f"{part} {run.cpu_ms(part):.2f}" for part in parts)


def run_line(number: int, run: Loaded, solr: float) -> str:
    """One run beside Solr alone."""
    return (
        f"run {number}: {run.entries} entries in {run.seconds:.1f} s = {run.rate:.0f}/s, "
        f"CPU {run.cpu_ms():.2f} ms ({_parts(run)}); Solr alone {solr:.0f}/s"
    )


def step_line(step: int, run: Loaded) -> str:
    """One step of the curve."""
    return (
        f"curve: to {step:>7}  {run.seconds:7.1f} s  {run.rate:6.0f}/s  CPU {run.cpu_ms():.2f} ms"
    )


def _rows(found: Measured) -> list[tuple[str, str, str]]:
    figures = found.json()
    pages = ", ".join(f"{name} {ms:.0f}" for name, ms in found.pages.items())
    memory = ", ".join(f"{name} {mb:.0f}" for name, mb in found.memory.items())
    rows = [
        ("bulk, entries/s", f"{figures['entries_per_s']:.0f}", "≥ 800 at 20,000"),
        ("ckanapi load datasets -p 2, entries/s", f"{figures['ckanapi_per_s']:.1f}", ""),
        ("times as fast", f"{figures['ratio']:.1f}", "≥ 30"),
        ("CPU-ms an entry, all processes", f"{figures['cpu_ms_per_entry']:.2f}", "≤ 2.5"),
        ("Solr alone, documents/s", f"{statistics.median(found.solr):.0f}", ""),
        ("of Solr alone", f"{figures['of_solr']:.0%}", "≥ 30 %"),
        ("rebuild, entries/s", f"{figures['rebuild_per_s']:.0f}", "≥ 800"),
        ("pages meanwhile, p95 ms", pages, "≤ 500"),
        ("pages that failed", str(found.pages_failed), "0"),
        ("largest process, MB", memory, "web ≤ 1024"),
        ("read without an index", str(found.scans), "none"),
    ]
    if found.curve:
        entries = sum(run.entries for _, run in found.curve)
        seconds = sum(run.seconds for _, run in found.curve)
        figure = f"{entries / seconds:.0f} ({seconds / 60:.1f} min)"
        rows.append((f"{entries} in all, entries/s", figure, "≥ 600, ≤ 12 min at 420,000"))
    return rows


def table(found: Measured) -> str:
    """All figures beside their marks."""
    rows = [("what", "figure", "mark"), *_rows(found)]
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    return "\n".join(f"{a:<{widths[0]}}  {b:<{widths[1]}}  {c}".rstrip() for a, b, c in rows)
