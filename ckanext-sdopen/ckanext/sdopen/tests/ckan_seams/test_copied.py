"""Each function that is copied, or reached into, is the one that was looked at."""

from pathlib import Path
from zlib import crc32

import pytest

from ckanext.sdopen.ckan_seams import sources
from ckanext.sdopen.ckan_seams.copied import BULK, COPIED, INDEX, Copied
from ckanext.sdopen.paths import PACKAGE


@pytest.mark.parametrize("one", COPIED, ids=lambda one: one.name)
def test_a_copied_function_is_the_known_one(one: Copied):
    found = sources.source_hash(one.name)
    assert found == one.known, f"look at what changed in {one.name}, then at {one.copy}"


def test_each_is_named_once_and_closes_what_there_is():
    names = [one.name for one in COPIED]
    assert len(set(names)) == len(names) > 70
    assert {way for one in COPIED for way in one.ways} == {BULK, INDEX}
    plugins = {"activity", "datatables_view", "dcat"}
    assert {one.plugin for one in COPIED} == {"", *plugins}


def test_the_table_for_developers_names_every_copy(repository):
    written = (repository / "docs" / "developing.md").read_text(encoding="utf-8")
    assert {one.copy for one in COPIED if f"`{one.copy}`" not in written} == set()


def test_each_copy_stands_where_it_is_said_to(repository):
    places = {one.copy: (PACKAGE / one.copy, repository / one.copy) for one in COPIED}
    missing = [
        copy
        for copy, paths in places.items()
        if not any(path.is_dir() or path.with_suffix(".py").is_file() for path in paths)
    ]
    assert missing == []


PLAIN = '''
def added(first, second):
    """One sum."""
    return first + second
'''
SAME = '''
def added(first, second):
    """Another sentence,

  in more lines.
    """

    # why
    return first + second  # the sum
'''


def of(folder: Path, monkeypatch, text: str) -> str:
    """The hash of `added` of a module with this text."""
    name = f"told_{crc32(text.encode())}"
    (folder / f"{name}.py").write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(folder)
    return sources.source_hash(f"{name}:added")


def test_words_about_a_function_do_not_count_and_what_it_does_counts(tmp_path, monkeypatch):
    plain = of(tmp_path, monkeypatch, PLAIN)
    assert of(tmp_path, monkeypatch, SAME) == plain != sources.MISSING
    assert of(tmp_path, monkeypatch, PLAIN.replace("+", "-")) != plain
    assert of(tmp_path, monkeypatch, PLAIN.replace("second", "other")) != plain


def test_a_function_that_is_wrapped_is_another(tmp_path, monkeypatch):
    wrapped = f"""
from functools import wraps
def patch(function):
    @wraps(function)
    def patched(*arguments):
        return 0
    return patched
@patch{PLAIN}"""
    assert of(tmp_path, monkeypatch, wrapped) not in (
        of(tmp_path, monkeypatch, PLAIN),
        sources.MISSING,
    )


@pytest.mark.parametrize(
    "name", ["no.such.module:f", "ckan.logic:no_such", "ckan.logic:log", "builtins:len"]
)
def test_what_is_not_there_or_has_no_source_is_missing(name):
    assert sources.source_hash(name) == sources.MISSING


@pytest.mark.parametrize("text", ["'''", "x\n'''a\n", "def added(", "\x00", "", "  )\n"])
def test_a_source_that_is_another_than_was_loaded_is_no_error(tmp_path, monkeypatch, text):
    # a text of its own is a module of its own
    plain = of(tmp_path, monkeypatch, f"{PLAIN}# {tmp_path}\n")
    (module,) = tmp_path.glob("told_*.py")
    module.write_text(text, encoding="utf-8")
    assert sources.source_hash(f"{module.stem}:added") != plain
