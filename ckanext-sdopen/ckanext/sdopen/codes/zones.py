"""Local functional zones (开发区、高新区 …) that an operator adds to the regions by a file."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from ckanext.sdopen.codes.lists import Code, CodeList
from ckanext.sdopen.errors import SdopenError

KIND, LEVEL = "functional_zone", "county"
_KEYS = {"value", "zh", "en", "parent", "aliases", "level", "kind"}
_CODE = re.compile(r"\d{6}")


def _problem(row: Mapping[str, Any], known: Mapping[str, Code]) -> str:
    """What is wrong with a zone; empty where nothing is."""
    code, parent = row.get("value"), known.get(str(row.get("parent")))
    if set(row) - _KEYS:
        return f"unknown keys {sorted(set(row) - _KEYS)}; write {sorted(_KEYS)} only"
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        return f'value {code!r} is not six digits in quotes, like "370672"'
    if code in known:
        return f"{code} is {known[code].zh} already; choose a code that is free"
    if not isinstance(row.get("zh"), str) or not row["zh"].strip():
        return "zh, the name, is missing"
    if parent is None or parent.more["level"] == LEVEL:
        return (
            f"parent {row.get('parent')!r} is no province or city; write its six digits in quotes"
        )
    shared = 4 if parent.more["level"] == "city" else 2
    if code[:shared] != parent.value[:shared]:
        return f"{code} does not begin like its parent {parent.value}"
    if row.get("level", LEVEL) != LEVEL or row.get("kind", KIND) != KIND:
        return f"level can only be {LEVEL}, kind only {KIND}"
    twin = [c for c in known.values() if c.zh == row["zh"] and c.more.get("parent") == parent.value]
    return f"{parent.zh} has a {row['zh']} already, {twin[0].value}" if twin else ""


def _rows(path: Path) -> list[Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 safe both
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SdopenError(f"the file of zones {path} cannot be read: {error}") from None
    rows = document.get("entries") if isinstance(document, Mapping) else None
    if not isinstance(rows, list) or not document.get("source"):
        raise SdopenError(f"the file of zones {path} needs `source`, a text, and `entries`, a list")
    return rows


def completed(regions: CodeList, path: Path) -> CodeList:
    """The regions and the zones of a file.

    Raises:
        SdopenError: the file cannot be read, or an entry is wrong; it is named by its number.
    """
    known = {code.value: code for code in regions}
    for number, row in enumerate(_rows(path), 1):
        problem = _problem(row, known) if isinstance(row, Mapping) else "it is no mapping"
        if problem:
            raise SdopenError(f"{path}, entry {number}: {problem}")
        aliases = tuple(str(alias) for alias in row.get("aliases") or ())
        more = {"level": LEVEL, "parent": str(row["parent"]), "kind": KIND}
        known[row["value"]] = Code(
            row["value"], row["zh"].strip(), str(row.get("en") or row["zh"]), aliases, more
        )
    return CodeList(regions.name, regions.source, list(known.values()))
