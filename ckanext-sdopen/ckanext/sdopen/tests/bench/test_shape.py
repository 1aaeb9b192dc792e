"""The figures of the package's shape, of the checkout and of a revision beside it."""

import json
import subprocess

import pytest
from click.testing import CliRunner

from ckanext.sdopen.bench import shape
from ckanext.sdopen.bench.cli import bench
from ckanext.sdopen.errors import SdopenError

UP = "from ckanext.sdopen.entries import b\n"


@pytest.fixture
def checkout(tmp_path):
    """A repository whose last revision imports up the rows and whose files no longer do."""
    package = tmp_path / "ckanext-sdopen" / "ckanext" / "sdopen"
    for name, source in {
        "access/a.py": UP,
        "entries/b.py": "",
        "tests/access/test_a.py": "\n\n",
        "README.txt": "no Python",
    }.items():
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text(source, encoding="utf-8")
    author = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    for command in (["init", "-q"], ["add", "."], [*author, "commit", "-q", "-m", "first"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    (package / "access" / "a.py").write_text("\n\n\n", encoding="utf-8")
    return tmp_path


def test_a_revision_and_the_checkout_stand_side_by_side(checkout):
    measured = shape.measure("HEAD", checkout)
    assert list(measured) == ["before", "now"]
    names = ("lines", "files", "folders", "imports", "imports_up_the_rows", "test_lines")
    assert [measured["before"][name] for name in names] == [1, 2, 2, 1, 1, 2]
    assert [measured["now"][name] for name in names] == [3, 2, 2, 0, 0, 2]


def test_an_unknown_revision_is_refused_in_words_of_git(checkout):
    with pytest.raises(SdopenError, match="nowhere"):
        shape.measure("nowhere", checkout)


def test_the_command_prints_a_table_and_last_the_same_as_json():
    result = CliRunner().invoke(bench, ["shape", "--json"])
    assert result.exit_code == 0
    lines = result.output.splitlines()
    figures = json.loads(lines[-1])["now"]
    assert f"{figures['lines']:,}" in next(line for line in lines if line.startswith("lines"))
    assert figures["files"] > 300
    assert figures["test_files"] > 150


def test_the_command_says_which_revision_is_unknown():
    result = CliRunner().invoke(bench, ["shape", "--against", "nowhere"])
    assert result.exit_code == 1
    assert "nowhere" in result.output
