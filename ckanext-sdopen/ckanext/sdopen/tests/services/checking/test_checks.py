"""scripts/check on checks of our own making: a line for each, all of them made, one verdict."""

import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from ckanext.sdopen.paths import PACKAGE
from ckanext.sdopen.services.checking import checks
from ckanext.sdopen.services.checking.checks import NOT_MADE, Check
from ckanext.sdopen.services.layout import ROOT


@pytest.fixture(autouse=True)
def _english(monkeypatch):
    monkeypatch.setenv("LC_ALL", "C")


def ending(name: str, status: int, words: str) -> Check:
    """A check that says some words and ends with a status."""
    program = f"import sys; print({words!r}); sys.exit({status})"
    return Check(name, (Path(sys.executable).name, "-c", program))


def test_each_check_has_its_line_and_only_a_failed_one_its_output(capsys, tmp_path):
    made = [
        ending("types", 1, "module.py: wrong"),
        ending("format", 0, "twelve files unchanged"),
        ending("lint", NOT_MADE, "first words\nno network"),
    ]
    assert checks.failed(made, Path(sys.executable).parent, tmp_path) == ["types"]
    said = capsys.readouterr().out
    assert "✗ types" in said
    assert "module.py: wrong" in said
    assert "✓ format" in said
    assert "twelve files" not in said
    assert "– lint: no network\n" in said
    assert "first words" not in said


def settings() -> dict[str, Any]:
    """The settings of the tools."""
    document = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    tools: dict[str, Any] = document["tool"]
    return tools


def test_every_name_that_may_stand_unused_still_stands_somewhere():
    code = "\n".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
    allowed = settings()["vulture"]["ignore_names"]
    assert [name for name in allowed if name not in code] == []


def test_every_module_with_types_of_its_own_manner_exists():
    names = [name for one in settings()["mypy"]["overrides"] for name in one["module"]]
    stems = [PACKAGE.parents[1].joinpath(*name.removesuffix(".*").split(".")) for name in names]
    assert [s for s in stems if not s.is_dir() and not s.with_suffix(".py").is_file()] == []
    assert len(names) == len(set(names))
