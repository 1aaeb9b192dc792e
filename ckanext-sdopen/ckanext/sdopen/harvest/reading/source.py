"""A source file (config/sources/*.yaml): what is read, how its columns map, whose it is."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import yaml

from ckanext.sdopen import codes
from ckanext.sdopen.harvest.messages import UsageError

WORKBOOK = "workbook"
_FORM = {
    "identity": {"key": ["信息资源代码"]},
    "provider": {"column": "提供单位"},
    "mapping": {},
}
TRANSFORMS = ("text", "integer", "date", "list", "count", "code", "tags", "resources")


@dataclass(frozen=True)
class Column:
    """How one field of the entry is read: its column, other names of it, and a transform."""

    column: str
    aliases: tuple[str, ...] = ()
    as_: str = "text"
    codes: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    default: str | None = None
    keep_unknown_in: str = ""
    separators: str = ",，;；、"
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Provider:
    """The column that names the department, and how its full title is made of it.

    `prefix` is put before a title that does not contain `unless_contains`, after `strip` was
    taken from its start: 市统计局 with prefix 佛山市 and strip 市 is 佛山市统计局.
    """

    column: str
    aliases: tuple[str, ...] = ()
    prefix: str = ""
    strip: str = ""
    unless_contains: str = ""


@dataclass(frozen=True)
class Input:
    """The file: its path (relative to the source file), format (by its ending), sheet and rows.

    `format: workbook` is the official form of departments, which needs no mapping; `profile` is
    the legal profile that it is checked under.
    """

    path: str
    format: str = ""
    sheet: str = ""
    records: str = ""
    profile: str = "regulation_2025"


@dataclass(frozen=True)
class Identity:
    """The columns that name a row for ever; rows that agree in them are told by `tie_break`."""

    key: tuple[str, ...]
    tie_break: tuple[str, ...] = ()


@dataclass(frozen=True)
class Swap:
    """Two columns whose contents stand exchanged where the first holds one of `if_first_in`."""

    columns: tuple[str, ...]
    if_first_in: tuple[str, ...]


@dataclass(frozen=True)
class Limits:
    """What one source may hold; beyond it the file (or the row) is refused, never cut."""

    bytes: int = 200 * 1024 * 1024
    records: int = 200_000
    tags: int = 500
    items: int = 2_000
    resources: int = 500


@dataclass(frozen=True)
class Source:
    """One source file, checked."""

    id: str
    title: str
    region: str
    input: Input
    identity: Identity
    provider: Provider
    mapping: Mapping[str, Column]
    folder: Path = Path()
    kind: str = "catalog"
    constants: Mapping[str, Any] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    swap: Swap | None = None
    items_from_abstract: bool = False
    limits: Limits = field(default_factory=Limits)

    @property
    def path(self) -> Path:
        """Where the input file stands."""
        return (self.folder / self.input.path).resolve()


def _build(cls: type, data: Any, where: str) -> Any:
    """A frozen record of `cls` from YAML; an unknown or missing key names the likely one."""
    if not isinstance(data, dict):
        raise UsageError("source_not_a_table", where=where)
    names = {f.name.rstrip("_"): f for f in fields(cls)}
    for key in data:
        if key not in names or key == "folder":
            close = difflib.get_close_matches(str(key), names, n=1)
            hint = close[0] if close else ", ".join(sorted(names))
            raise UsageError("source_unknown_key", where=f"{where}{key}", hint=hint)
    values = {
        names[key].name: tuple(value) if isinstance(value, list) else value
        for key, value in data.items()
    }
    try:
        return cls(**values)
    except TypeError as error:
        raise UsageError("source_missing_key", where=where, detail=str(error)) from None


def _checked(source: Source) -> Source:
    for name, column in source.mapping.items():
        if column.as_ not in TRANSFORMS:
            hint = ", ".join(TRANSFORMS)
            raise UsageError("source_unknown_key", where=f"mapping.{name}.as", hint=hint)
    if source.kind not in ("catalog", "interface"):
        raise UsageError("source_unknown_key", where="kind", hint="catalog, interface")
    try:
        codes.region(source.region)
    except codes.UnknownCode:
        raise UsageError("source_unknown_region", region=source.region) from None
    return source


def load(path: Path) -> Source:
    """Read and check a source file.

    Raises:
        UsageError: the file is absent, is no YAML, or a key in it is unknown or missing.
    """
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError("source_unreadable", path=path, detail=error.strerror) from None
    except yaml.YAMLError as error:
        raise UsageError(
            "source_not_yaml", path=path, detail=" ".join(str(error).split())
        ) from None
    if not isinstance(data, dict):
        raise UsageError("source_not_a_table", where=str(path))
    if isinstance(data.get("input"), dict) and data["input"].get("format") == WORKBOOK:
        # the official form has its columns and its key
        data = {**_FORM, **data}
    parts = {
        "input": Input,
        "identity": Identity,
        "provider": Provider,
        "swap": Swap,
        "limits": Limits,
    }
    for name, cls in parts.items():
        if name in data:
            data[name] = _build(cls, data[name], f"{name}.")
    mapping = data.get("mapping", {})
    if not isinstance(mapping, dict):
        raise UsageError("source_not_a_table", where="mapping")
    data["mapping"] = {
        name: _build(
            Column, {"column": spec} if isinstance(spec, str) else spec, f"mapping.{name}."
        )
        for name, spec in mapping.items()
    }
    return _checked(replace(_build(Source, data, ""), folder=path.parent))
