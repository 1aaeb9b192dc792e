"""What breaks the order of the house is found in invented trees of files, and nothing else is."""

import pytest

from ckanext.sdopen.bench import house
from ckanext.sdopen.bench.house import Finding, Rule

LONG = "x = 1\n"


def of(name: str, what: str = "x") -> str:
    """The line that imports a name from one of our modules."""
    return f"from ckanext.sdopen.{name} import {what}\n"


def broken(tree: dict[str, str]) -> list[Finding]:
    return house.findings(tree)


ORDERLY = {
    "__init__.py": "",
    "errors.py": "",
    "codes/__init__.py": of("errors"),
    "standard/check.py": of("codes") + "import re\n",
    "moments.py": of("language") + "import ckan.plugins.toolkit as tk\n",
    "language.py": "import ckan\n",
    "access/actions.py": of("access.labels") + of("audit.log"),
    "access/labels.py": "import sqlalchemy\n",
    "audit/log.py": "",
    "contents.py": of("access.actions"),
    "plugin.py": of("contents") + of("access.actions"),
    "harvest/read.py": of("standard.check") + of("workbook.reading", "cells") + "import requests\n",
    "workbook/reading/__init__.py": "PURE = True\n",
    "workbook/reading/cells.py": of("standard.check"),
    "workbook/uploads/store.py": of("workbook.reading", "cells") + "import redis\n",
    "fetching/send.py": "import requests\n",
    "services/portal.py": of("errors") + "import click\n",
    "bench/house.py": of("harvest.read") + of("plugin") + "import ckan\n",
    "migration/env.py": "import ckan\n" * 300,
    "tests/access/test_labels.py": of("tests.access", "corpus"),
    "tests/access/corpus.py": "",
}


def test_an_orderly_house_has_no_findings():
    assert broken(ORDERLY) == []


BREAKING = {
    "an unlisted folder": (
        {"catalog/a.py": ""},
        Finding(Rule.UNLISTED, "catalog"),
    ),
    "an unlisted file beside the folders": (
        {"heap.py": ""},
        Finding(Rule.UNLISTED, "heap"),
    ),
    "an import up the rows": (
        {"access/a.py": of("entries.b"), "entries/b.py": ""},
        Finding(Rule.UP, "access/a.py", "entries/b.py"),
    ),
    "an import of what is unlisted": (
        {"plugin.py": of("heap"), "heap.py": ""},
        Finding(Rule.UP, "plugin.py", "heap.py"),
    ),
    "an import up within a function": (
        {"access/a.py": "def f():\n    " + of("entries", "b"), "entries/b.py": ""},
        Finding(Rule.UP, "access/a.py", "entries/b.py"),
    ),
    "an import up for types alone": (
        {
            "access/a.py": "if TYPE_CHECKING:\n    import ckanext.sdopen.entries.b\n",
            "entries/b.py": "",
        },
        Finding(Rule.UP, "access/a.py", "entries/b.py"),
    ),
    "an import up by a relative name": (
        {"access/deep/a.py": "from ...entries import b\n", "entries/b.py": ""},
        Finding(Rule.UP, "access/deep/a.py", "entries/b.py"),
    ),
    "an import up of a package": (
        {"access/__init__.py": of("entries"), "entries/__init__.py": "x = 1"},
        Finding(Rule.UP, "access/__init__.py", "entries/__init__.py"),
    ),
    "a sibling of the row": (
        {"bulk/a.py": of("review.b"), "review/b.py": ""},
        Finding(Rule.SIBLING, "bulk/a.py", "review/b.py"),
    ),
    "who speaks before what is spoken": (
        {"language.py": of("moments"), "moments.py": ""},
        Finding(Rule.UP, "language.py", "moments.py"),
    ),
    "actions of another folder": (
        {"entries/actions.py": of("access.actions.files"), "access/actions/files.py": ""},
        Finding(Rule.ACTIONS, "entries/actions.py", "access/actions/files.py"),
    ),
    "actions of another folder, by their ending": (
        {"entries/pages.py": of("access.read_actions"), "access/read_actions.py": ""},
        Finding(Rule.ACTIONS, "entries/pages.py", "access/read_actions.py"),
    ),
    "a way from the rows into what stands apart": (
        {"portal/pages.py": of("harvest.a"), "harvest/a.py": ""},
        Finding(Rule.APART, "portal/pages.py", "harvest/a.py"),
    ),
    "a way from what stands apart into the rows": (
        {"harvest/a.py": of("access.b"), "access/b.py": ""},
        Finding(Rule.APART, "harvest/a.py", "access/b.py"),
    ),
    "a way from the services to a rule": (
        {"services/a.py": of("standard.b"), "standard/b.py": ""},
        Finding(Rule.APART, "services/a.py", "standard/b.py"),
    ),
    "a way from one that stands apart to another": (
        {"harvest/a.py": of("services.b"), "services/b.py": ""},
        Finding(Rule.APART, "harvest/a.py", "services/b.py"),
    ),
    "what stands apart and knows CKAN": (
        {"harvest/a.py": "from ckan import model\n"},
        Finding(Rule.IMPURE, "harvest/a.py", "ckan"),
    ),
    "a pure row that knows CKAN": (
        {"standard/a.py": "import ckan.plugins.toolkit as tk\n"},
        Finding(Rule.IMPURE, "standard/a.py", "ckan.plugins.toolkit"),
    ),
    "a pure row that sends": (
        {"codes/a.py": "import requests\n"},
        Finding(Rule.IMPURE, "codes/a.py", "requests"),
    ),
    "a marked folder that knows a database": (
        {"workbook/__init__.py": "PURE = True\n", "workbook/deep/a.py": "import sqlalchemy.orm\n"},
        Finding(Rule.IMPURE, "workbook/deep/a.py", "sqlalchemy.orm"),
    ),
    "a marked folder that knows what is not pure": (
        {
            "workbook/__init__.py": "PURE = True\n",
            "workbook/a.py": of("workbook.uploads.b"),
            "workbook/uploads/__init__.py": "PURE = False\n",
            "workbook/uploads/b.py": "import redis\n",
        },
        Finding(Rule.IMPURE, "workbook/a.py", "workbook/uploads/b.py"),
    ),
    "a circle of files": (
        {
            "access/a.py": of("access.b"),
            "access/b.py": of("access.c"),
            "access/c.py": of("access.a"),
        },
        Finding(
            Rule.CIRCLE, "access/a.py", "access/a.py → access/b.py → access/c.py → access/a.py"
        ),
    ),
    "a long file": (
        {"access/a.py": LONG * 251},
        Finding(Rule.LONG, "access/a.py", "251"),
    ),
    "a long list of declarations": (
        {"plugin.py": LONG * 101},
        Finding(Rule.LONG, "plugin.py", "101"),
    ),
    "a crowded folder": (
        {f"access/a{number}.py": "" for number in range(16)},
        Finding(Rule.CROWDED, "access", "16"),
    ),
    "a long test": (
        {"tests/access/test_a.py": LONG * 451},
        Finding(Rule.LONG, "tests/access/test_a.py", "451"),
    ),
    "a crowded folder of tests": (
        {f"tests/access/test_{number}.py": "" for number in range(26)},
        Finding(Rule.CROWDED, "tests/access", "26"),
    ),
    "a test that imports a test": (
        {"tests/a/test_a.py": of("tests.b.test_b"), "tests/b/test_b.py": ""},
        Finding(Rule.TEST, "tests/a/test_a.py", "tests/b/test_b.py"),
    ),
}


@pytest.mark.parametrize(("tree", "finding"), BREAKING.values(), ids=BREAKING)
def test_it_is_found(tree, finding):
    assert finding in broken(tree)
    assert {each.rule for each in broken(tree)} <= {finding.rule, Rule.UP, Rule.UNLISTED}


def test_sizes_at_the_bounds_are_allowed():
    tree = {f"access/a{number}.py": LONG * 250 for number in range(15)} | {"access/__init__.py": ""}
    tests = {f"tests/a/test_{number}.py": LONG * 450 for number in range(25)}
    assert broken({**tree, **tests, "plugin.py": LONG * 100}) == []


def test_two_circles_through_one_file_are_both_found():
    tree = {
        "access/a.py": of("access.b") + of("access.c"),
        "access/b.py": of("access.a"),
        "access/c.py": of("access.a"),
    }
    found = [finding for finding in broken(tree) if finding.rule is Rule.CIRCLE]
    assert [finding.by for finding in found] == [
        "access/a.py → access/b.py → access/a.py",
        "access/a.py → access/c.py → access/a.py",
    ]


def test_a_name_of_a_package_is_an_edge_to_the_package_and_a_module_of_it_is_not():
    tree = {
        "access/__init__.py": "",
        "access/labels.py": "",
        "entries/a.py": of("access", "labels"),
        "entries/b.py": of("access", "LABELS"),
    }
    assert house.edges(tree) == {
        ("entries/a.py", "access/labels.py"),
        ("entries/b.py", "access/__init__.py"),
    }


def test_a_row_is_told_by_the_folder_and_by_the_name_beside_the_folders():
    assert house.row_of("errors.py") == house.row_of("__init__.py") == 0
    assert house.row_of("codes/deep/errors.py") == house.row_of("codes/__init__.py") == 1
    assert house.row_of("plugin.py") == len(house.ROWS) - 1
    assert house.row_of("catalog/errors.py") == len(house.ROWS)


def test_no_folder_stands_twice_in_the_order():
    names = [name for row in house.ROWS for name in row] + list(house.APART)
    assert len(names) == len(set(names))


def test_a_tree_is_read_from_a_folder_and_tests_are_told_from_modules(tmp_path):
    for name in ("access/a.py", "tests/access/test_a.py", "migration/env.py", "access/a.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("名 = 1\n", encoding="utf-8")
    package, tests = house.parted(house.modules(tmp_path))
    assert package == {"access/a.py": "名 = 1\n"}
    assert tests == {"tests/access/test_a.py": "名 = 1\n"}
