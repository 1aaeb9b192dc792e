"""What bounds a query of the index: the same filters as CKAN's own search, made in one place."""

import ast
import re
from pathlib import Path

import pysolr
import pytest
from ckan import model
from ckan.tests import factories

from ckanext.sdopen import paths
from ckanext.sdopen.access import audience
from ckanext.sdopen.tests.corpus.examples import department, editor_of
from ckanext.sdopen.tests.corpus.planted import called

PACKAGE = Path(paths.__file__).parent
FIELD = "permission_labels:"
# everything that CKAN's query of entries finds is a package
KIND = "+entity_type:['package']"


def named_in(source: str) -> bool:
    """Whether a module holds a text, or a part of one, that filters by labels."""
    return any(
        isinstance(node, ast.Constant) and FIELD in str(node.value)
        for node in ast.walk(ast.parse(source))
    )


def test_one_module_alone_writes_filters_by_labels():
    modules = [path for path in PACKAGE.rglob("*.py") if "tests" not in path.parts]
    assert len(modules) > 300
    found = [path for path in modules if named_in(path.read_text(encoding="utf-8"))]
    assert found == [Path(audience.__file__)]


@pytest.mark.parametrize(
    "source", ["a = 'permission_labels:public'", "f'+permission_labels:({x})'"]
)
def test_a_second_place_is_seen(source):
    assert named_in(source)


@pytest.fixture(scope="module")
def readers(clean_portal) -> dict[str, str]:
    """Names of accounts: none, one of a department, a system administrator."""
    member = editor_of(department("省医疗保障局"))
    return {"nobody": "", "member": member["name"], "sysadmin": factories.Sysadmin()["name"]}


@pytest.fixture
def sent(monkeypatch) -> list[list[str]]:
    """The filters of each query that reaches Solr."""
    noted: list[list[str]] = []
    search = pysolr.Solr.search

    def spied(self, q, **asked):
        noted.append(asked["fq"])
        return search(self, q, **asked)

    monkeypatch.setattr(pysolr.Solr, "search", spied)
    return noted


def bounds(filters: list[str]) -> set[str]:
    """The filters one by one, without CKAN's habits of writing: brackets, order of words."""
    plain = re.sub(r'[()"]', "", "  ".join(filters))
    parts = (one.partition(":") for one in re.split(" +(?=[+])", plain.strip()))
    return {f"{field}:{sorted(words.split(' OR '))}" for field, _, words in parts}


@pytest.mark.parametrize("reader", ["nobody", "member", "sysadmin"])
@pytest.mark.parametrize("wish", [{}, {"include_private": True, "include_drafts": True}])
def test_the_steps_of_a_search_are_counted_under_the_filters_of_ckans_own_query(
    readers, sent, reader, wish
):
    name = readers[reader]
    called("package_search", name, q="*:*", **wish)
    stored = model.User.get(name) if name else None
    own = audience.of_search({"user": name, "auth_user_obj": stored}, wish)
    assert bounds(own) - {KIND} == bounds(sent[-1])


def test_nobody_and_everybody_find_the_same(readers):
    assert audience.of_caller({"user": ""}) == audience.of_everybody()
    assert audience.of_everybody()[-1] == '+permission_labels:("public")'


def test_no_label_counts_for_trusted_code(readers):
    own = audience.of_caller({"ignore_auth": True})
    assert [text.partition(":")[0] for text in own] == ["+site_id", "+entity_type", "+state"]
