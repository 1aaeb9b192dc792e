"""The house of design.md §3: who may import whom, and which files are only contents pages."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2]
NAME = "ckanext.sdopen"

# a module's row, by its path without `.py`; the first rule that matches counts
PURE = 1
RULES = 2
ACTIONS = 3
FACES = 4
CONTENTS = 5
PLUGIN = 6
APART = 0

EXACT = {
    "__init__": PURE,
    "paths": PURE,
    "errors": PURE,
    "heap": PURE,
    "config": RULES,
    "commands": RULES,
    "helpers": CONTENTS,
    "views": CONTENTS,
    "cli": CONTENTS,
    "plugin": PLUGIN,
}
PURE_CAPABILITIES = ("codes", "sample")
PURE_MODULES = {
    "catalog": {
        "check",
        "classes",
        "confidential",
        "duplicates",
        "findings",
        "headers",
        "identifier",
        "limits",
        "profiles",
        "provider_code",
        "resource_code",
        "rules",
        "service_key",
        "standard",
        "values",
        "visibility",
        "workbook",
    },
    "search": {
        "text",
        "analysis",
        "facets",
        "synonyms",
        "pinyin",
        "clauses",
        "sounds",
        "ladder",
        "judging",
    },
    "interfaces": {"signature"},
    "stats": {"rates", "amounts"},
    "review": {"states"},
}
FACE_NAMES = {"pages", "entry_pages", "cli", "helpers", "export"}
# the sample is pure but for what loads it into a portal
SAMPLE_LOADING = {"loading", "accounts", "previews"}
APART_CAPABILITIES = ("harvest", "services")
# measures the portal from within and from outside: it may know everything, nothing knows it
BENCH = 9


def modules() -> list[Path]:
    """Every module of the package that is not a test or a migration."""
    skipped = {"tests", "migration", "config_files", "schemas"}
    return [
        path
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.relative_to(PACKAGE).parts[0] not in skipped
    ]


def row_of(path: Path) -> int:
    """The row of the house in which a module stands."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    if len(parts) == 1:
        return EXACT[parts[0]]
    capability, name = parts[0], parts[1]
    if capability in APART_CAPABILITIES:
        return APART
    if capability == "bench":
        return BENCH
    if capability == "logic":
        return CONTENTS
    if len(parts) > 2 and name in PURE_MODULES.get(capability, set()):
        return PURE
    # in a package within a capability the file's name says its kind, too
    if {name, parts[-1]} & FACE_NAMES or capability == "portal":
        return FACES
    if capability == "sample" and name in SAMPLE_LOADING:
        return FACES
    if "actions" in (name, parts[-1]) or name.endswith("_actions"):
        return ACTIONS
    if name == "__init__" or capability in PURE_CAPABILITIES:
        return PURE
    if name in PURE_MODULES.get(capability, set()):
        return PURE
    return RULES


def imports_of(path: Path) -> set[str]:
    """The absolute names of all modules that a module imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def own_module(name: str) -> Path | None:
    """The file of one of our modules, None for another's."""
    if not name.startswith(NAME + "."):
        return None
    stem = PACKAGE.joinpath(*name.removeprefix(NAME + ".").split("."))
    for candidate in (stem.with_suffix(".py"), stem / "__init__.py"):
        if candidate.exists():
            return candidate
    return None


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_module_imports_only_from_its_own_row_and_the_rows_above(path):
    row = row_of(path)
    for name in imports_of(path):
        target = own_module(name)
        if target is None or target == path:
            continue
        other = row_of(target)
        if row == APART:
            same = target.relative_to(PACKAGE).parts[0] == path.relative_to(PACKAGE).parts[0]
            assert other in (APART, PURE), f"{name}: only pure modules and its own"
            assert other == PURE or same, f"{name}: another module that stands apart"
        else:
            lowest = APART if row == BENCH else PURE
            assert lowest <= other <= row, f"row {row} imports {name} of row {other}"


@pytest.mark.parametrize(
    "path",
    [p for p in modules() if row_of(p) in (PURE, APART)],
    ids=lambda p: str(p.relative_to(PACKAGE)),
)
def test_pure_modules_and_those_apart_know_no_ckan(path):
    foreign = {name.split(".")[0] for name in imports_of(path)} | {
        ".".join(name.split(".")[:2]) for name in imports_of(path)
    }
    assert "ckan" not in foreign
    if row_of(path) == PURE:
        assert not foreign & {"requests", "sqlalchemy", "redis", "pysolr", "flask"}


@pytest.mark.parametrize(
    "path",
    [p for p in modules() if row_of(p) == CONTENTS],
    ids=lambda p: str(p.relative_to(PACKAGE)),
)
def test_a_contents_page_holds_imports_and_all_and_no_code(path):
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        documented = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        names = isinstance(node, ast.Assign | ast.AnnAssign)
        if names:
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            assert isinstance(target, ast.Name)
            assert target.id == "__all__"
        assert documented or names or isinstance(node, ast.Import | ast.ImportFrom)
