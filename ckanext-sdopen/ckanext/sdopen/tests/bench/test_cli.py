"""The command line of the benches."""

import pytest
from click.testing import CliRunner

from ckanext.sdopen.bench.cli import bench
from ckanext.sdopen.services.running import throwaway


@pytest.fixture
def anything(monkeypatch):
    """A portal of the bench's own that would begin."""

    def begin(stack):
        raise AssertionError("the folder is taken")

    monkeypatch.setattr(throwaway, "_install", begin)


@pytest.mark.usefixtures("anything")
def test_a_bench_leaves_a_folder_alone_that_holds_something(tmp_path):
    kept = tmp_path / "thesis.txt"
    kept.write_text("ten years", encoding="utf-8")
    for folder in (tmp_path, kept):
        result = CliRunner().invoke(bench, ["bulk", "--quick", "--folder", str(folder)])
        assert result.exit_code == 1
        assert result.output.startswith("Error: ")
        assert str(folder) in result.output
    assert kept.read_text(encoding="utf-8") == "ten years"


@pytest.mark.usefixtures("anything")
@pytest.mark.parametrize("name", ["", "absent"])
def test_an_empty_or_absent_folder_is_taken(tmp_path, name):
    result = CliRunner().invoke(bench, ["bulk", "--quick", "--folder", str(tmp_path / name)])
    assert str(result.exception) == "the folder is taken"
