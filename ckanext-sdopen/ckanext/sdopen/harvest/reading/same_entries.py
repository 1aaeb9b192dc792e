"""Which rows are the same entry: merged where all columns agree, told apart by the tie-break."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from ckanext.sdopen.harvest.reading.mapping import Entry
from ckanext.sdopen.harvest.reading.readers import Row
from ckanext.sdopen.harvest.reading.row_findings import Finding
from ckanext.sdopen.harvest.reading.source import Source
from ckanext.sdopen.harvest.reading.values import text


def _content(row: Row) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, text(cell)) for name, cell in row.cells.items()))


def _merged(entries: list[tuple[Entry, Row]]) -> list[tuple[Entry, Row]]:
    """Rows that agree in every column become the first of them, which remembers the others."""
    same: dict[tuple[tuple[str, str], ...], list[tuple[Entry, Row]]] = defaultdict(list)
    for entry, row in entries:
        same[_content(row)].append((entry, row))
    merged = []
    for group in same.values():
        first, row = group[0]
        others = tuple(entry.row for entry, _ in group[1:])
        notes = tuple(Finding("row_merged", n, first.key, {"into": first.row}) for n in others)
        kept = replace(first, merged_rows=others, findings=first.findings + notes)
        merged.append((kept, row))
    return merged


def _apart(
    group: list[tuple[Entry, Row]], source: Source, found: dict[str, str]
) -> Iterable[Entry]:
    """Rows with one key that differ: the earliest keeps the key, later ones add their tie-break."""
    if len(group) == 1:
        yield group[0][0]
        return
    ties = [
        "|".join(text(row.cells.get(found[name])) for name in source.identity.tie_break)
        for _, row in group
    ]
    if len(set(ties)) < len(group):
        rows = "、".join(str(entry.row) for entry, _ in group)
        for entry, _ in group:
            finding = Finding("key_twice", entry.row, entry.key, {"rows": rows})
            yield replace(entry, rejected=True, findings=(*entry.findings, finding))
        return
    ordered = sorted(zip(ties, group, strict=True), key=lambda pair: pair[0])
    for position, (tie, (entry, _)) in enumerate(ordered):
        key = f"{entry.key}|{tie}" if position else entry.key
        finding = Finding("key_shared", entry.row, key, {"columns": "、".join(source.identity.key)})
        yield replace(entry, key=key, findings=(*entry.findings, finding))


def distinct_entries(
    entries: Iterable[tuple[Entry, Row]], source: Source, found: dict[str, str]
) -> list[Entry]:
    """Merge and tell apart the entries of one file, in the order of their rows."""
    by_key: dict[str, list[tuple[Entry, Row]]] = defaultdict(list)
    settled: list[Entry] = []
    for entry, row in entries:
        if entry.rejected:
            settled.append(entry)
        else:
            by_key[entry.key].append((entry, row))
    for group in by_key.values():
        settled.extend(_apart(_merged(group), source, found))
    return sorted(settled, key=lambda entry: entry.row)
