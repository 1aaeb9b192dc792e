"""The house of the package: the order of its folders, and what breaks it in a tree of files.

A tree is given as `{path: source}` with paths from the package's folder, so that any revision can
be judged. Everything is read from the sources; nothing is imported.
"""

import ast
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path, PurePosixPath

NAME = "ckanext.sdopen"

# from the ground up: a file imports from its own folder and from the rows before its own
ROWS: tuple[tuple[str, ...], ...] = (
    ("__init__", "errors", "paths", "sentences", "plain_answers", "gc_settings"),
    ("codes", "identifiers", "fetching"),
    ("standard", "chinese", "sheets"),
    ("language",),
    ("moments", "parameters", "config", "notices", "commands", "optional_plugins"),
    ("ckan_seams",),
    ("audit", "jobs", "breaker", "counting"),
    ("access",),
    ("numbering", "tables", "workbook"),
    ("directory", "linked_data"),
    ("index", "changes", "stats"),
    ("entries", "search"),
    ("bulk", "table_publishing", "interfaces", "review", "cases", "guard"),
    ("departments", "api"),
    ("portal",),
    ("sample",),
    ("contents",),
    ("plugin",),
)
# beside the rows, with the number of first rows they may know; nothing but `bench` knows them
APART: Mapping[str, int] = {
    "services": 1,
    "harvest": 3,
    "gateway": 3,
    "table_reader": 3,
    "bench": len(ROWS),
}
# the first rows are pure; of the other folders, those whose `__init__` says `PURE = True`
PURE_ROWS = 3
LINES, FILES = 250, 15
TEST_LINES, TEST_FILES = 450, 25
FEWER_LINES: Mapping[str, int] = {"plugin.py": 100}

_CKAN = {"ckan", "ckanext"}
_IMPURE = _CKAN | {"click", "flask", "psycopg2", "pysolr", "redis", "requests", "sqlalchemy"}
# the one function that sends requests for all others
_SENDS = "fetching"
# contents pages read the actions of every folder
_CONTENTS = {"contents", "plugin", "bench"}


class Rule(StrEnum):
    """What a finding breaks."""

    UNLISTED = "stands in no row"
    UP = "imports up the rows"
    SIBLING = "imports a sibling of its row"
    APART = "imports across the wall of what stands apart"
    ACTIONS = "imports another folder's actions"
    CIRCLE = "imports in a circle"
    IMPURE = "is pure and imports"
    LONG = "has too many lines"
    CROWDED = "has too many files"
    TEST = "imports a test"


@dataclass(frozen=True, order=True)
class Finding:
    """A file or folder that breaks a rule, and by which import, circle or number."""

    rule: Rule
    path: str
    by: str = ""

    def __str__(self) -> str:
        return f"{self.path} {self.rule}: {self.by}".rstrip(": ")


def modules(root: Path) -> dict[str, str]:
    """All Python files below the package's folder by their paths from it."""
    paths = sorted(root.rglob("*.py"))
    return {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def parted(tree: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The modules of the package, and those of its tests; migrations and data are left out."""
    tests = {path: source for path, source in tree.items() if folder_of(path) == "tests"}
    left = {"tests", "migration", "config_files", "schemas"}
    return {path: tree[path] for path in tree if folder_of(path) not in left}, tests


def folder_of(path: str) -> str:
    """The folder of the package in which a module stands; the module's own name beside them."""
    return PurePosixPath(path.split("/")[0]).stem


def row_of(path: str) -> int:
    """The place of a module's folder in `ROWS`; what is unlisted or apart comes after the last."""
    folder = folder_of(path)
    return next((place for place, row in enumerate(ROWS) if folder in row), len(ROWS))


def imports(path: str, tree: Mapping[str, str]) -> set[str]:
    """What a module imports: paths of modules of the tree, absolute names of all others.

    Imports within functions and under `if TYPE_CHECKING:` count like all others.
    """
    found: set[str] = set()
    for node in ast.walk(_parsed(tree[path])):
        if isinstance(node, ast.Import):
            found |= {_path(alias.name, tree) or alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(node, path)
            names = [_path(f"{base}.{alias.name}", tree) for alias in node.names]
            found |= {name or _path(base, tree) or base for name in names}
    return found - {path}


@lru_cache(maxsize=2048)
def _parsed(source: str) -> ast.Module:
    return ast.parse(source)


def _absolute(node: ast.ImportFrom, path: str) -> str:
    """The absolute name of the module from which something is imported."""
    if not node.level:
        return node.module or ""
    parts = [*NAME.split("."), *path.split("/")][: -node.level]
    return ".".join([*parts, *filter(None, [node.module])])


def _path(name: str, tree: Mapping[str, str]) -> str | None:
    """The path of a known module by its absolute name."""
    if name != NAME and not name.startswith(NAME + "."):
        return None
    stem = name.removeprefix(NAME).lstrip(".").replace(".", "/")
    candidates = (f"{stem}.py", f"{stem}/__init__.py".lstrip("/"))
    return next((path for path in candidates if path in tree), None)


def edges(tree: Mapping[str, str]) -> set[tuple[str, str]]:
    """All imports within a tree as (importer, imported)."""
    return {(path, name) for path in tree for name in imports(path, tree) if name in tree}


def findings(tree: Mapping[str, str]) -> list[Finding]:
    """All that breaks the order of the house in a tree of modules and tests."""
    package, tests = parted(tree)
    known = sorted(edges(package))
    found = {
        Finding(Rule.UNLISTED, folder_of(path))
        for path in package
        if row_of(path) == len(ROWS) and folder_of(path) not in APART
    }
    for path, target in known:
        found |= {Finding(rule, path, target) for rule in _broken(path, target, package)}
    for path, target in edges(tests):
        if PurePosixPath(target).name.startswith("test_"):
            found.add(Finding(Rule.TEST, path, target))
    found |= {*_impure(package), *_circles(known), *_sizes(package, LINES, FILES)}
    return sorted(found | {*_sizes(tests, TEST_LINES, TEST_FILES)})


def is_actions(path: str) -> bool:
    """Whether a module holds actions, by its whole name, its ending or its folder."""
    parts = PurePosixPath(path).with_suffix("").parts
    return "actions" in parts or parts[-1].endswith("_actions")


def _broken(path: str, target: str, tree: Mapping[str, str]) -> Iterator[Rule]:
    """The rules that one import breaks."""
    own, other = folder_of(path), folder_of(target)
    if own == other:
        return
    if own not in _CONTENTS and is_actions(target):
        yield Rule.ACTIONS
    if own in APART:
        near = row_of(target) < APART[own]
        pure = APART[own] >= PURE_ROWS and _is_pure(target, tree)
        if not (near or pure or own == "bench"):
            yield Rule.APART
    elif other in APART:
        yield Rule.APART
    elif row_of(target) > row_of(path):
        yield Rule.UP
    elif row_of(target) == row_of(path):
        yield Rule.SIBLING


def _is_pure(path: str, tree: Mapping[str, str]) -> bool:
    """Whether a module is pure: by its row, or by the nearest folder above it that says so."""
    if row_of(path) < PURE_ROWS:
        return True
    for folder in PurePosixPath(path).parents:
        for node in _parsed(tree.get(f"{folder}/__init__.py", "")).body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "PURE":
                return ast.unparse(node.value) == "True"
    return False


def _impure(tree: Mapping[str, str]) -> Iterator[Finding]:
    """Imports of pure modules that are not pure, and of CKAN by what stands apart."""
    pure = {path for path in tree if _is_pure(path, tree)}
    for path in tree:
        folder = folder_of(path)
        barred = _IMPURE if path in pure else _CKAN if folder in APART else set()
        allowed = {"bench": _CKAN, _SENDS: {"requests"}}.get(folder, set())
        for name in sorted(imports(path, tree)):
            own = path in pure and name in tree and name not in pure
            if own or name.split(".")[0] in barred - allowed:
                yield Finding(Rule.IMPURE, path, name)


def _circles(known: list[tuple[str, str]]) -> Iterator[Finding]:
    """Circles of files; each is opened at its last import to find the next."""
    graph: dict[str, dict[str, None]] = {}
    for path, target in known:
        graph.setdefault(path, {})[target] = None
    while True:
        try:
            return TopologicalSorter(graph).prepare()
        except CycleError as error:
            # each file of the circle is imported by the one after it
            circle = error.args[1][::-1]
            del graph[circle[-2]][circle[-1]]
            first = circle.index(min(circle))
            turned = [*circle[first:-1], *circle[:first], min(circle)]
            yield Finding(Rule.CIRCLE, turned[0], " → ".join(turned))


def _sizes(tree: Mapping[str, str], lines: int, files: int) -> Iterator[Finding]:
    """Files of too many lines and folders of too many files beside `__init__`."""
    for path, source in tree.items():
        if source.count("\n") > FEWER_LINES.get(path, lines):
            yield Finding(Rule.LONG, path, str(source.count("\n")))
    beside = [PurePosixPath(path) for path in tree if not path.endswith("__init__.py")]
    for folder, count in Counter(str(path.parent) for path in beside).items():
        if count > files:
            yield Finding(Rule.CROWDED, folder, str(count))
