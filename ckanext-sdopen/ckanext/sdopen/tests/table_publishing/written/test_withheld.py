"""What an item says that was narrowed stays in no written table: by id, label, long heading."""

import json

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests.helpers import call_action

from ckanext.sdopen.table_publishing.datastore import withheld
from ckanext.sdopen.tables import closed_columns
from ckanext.sdopen.tables.long_columns import column_of
from ckanext.sdopen.tests.table_publishing.loading.corpus.handed_in import ITEMS, as_user, entry

LONG = "结构化信息记录总数量及其占全部信息资源数量的比例情况说明字段"
OTHER = f"{LONG}之二"
CLOSED = {"data_type": "C", "opening": "none", "closing_basis": "《个人信息保护法》"}
FIELDS = [
    {"id": "名称", "type": "text"},
    {"id": LONG, "type": "text"},
    {"id": OTHER, "type": "text", "info": {"label": "另名"}},
    {"id": "phone", "type": "text", "info": {"label": "负责人电话"}},
]


@pytest.fixture(scope="module")
def catalog(officer):
    return entry(9)


@pytest.fixture
def table(write):
    return write([{"名称": "甲", LONG: "秘一", OTHER: "秘二", "phone": "秘三"}], FIELDS)


@pytest.fixture
def narrowed(table, catalog):
    """The table; its items were narrowed without a look at it."""
    stored = model.Package.get(catalog["id"])
    before = stored.extras
    items = [*ITEMS, *({**CLOSED, "name": name} for name in (LONG, OTHER, "负责人电话"))]
    stored.extras = {**before, "info_items": json.dumps(items)}
    model.Session.commit()
    yield table
    model.Package.get(catalog["id"]).extras = before
    model.Session.commit()


def search(table, **question):
    return call_action("datastore_search", as_user(None), resource_id=table, **question)


@pytest.mark.parametrize("name", [LONG, OTHER, "负责人电话"])
def test_no_item_is_narrowed_while_its_column_stands(table, catalog, officer, name):
    items = [*ITEMS, {**CLOSED, "name": name}]
    with pytest.raises(tk.ValidationError) as refused:
        call_action("package_patch", as_user(officer), id=catalog["id"], info_items=items)
    assert name in str(refused.value.error_dict["resources"])


def test_columns_of_narrowed_items_are_not_given(narrowed):
    found = search(narrowed)
    assert found["records"] == [{"_id": 1, "名称": "甲"}]
    assert [one["id"] for one in found["fields"]] == ["_id", "名称"]
    told = call_action("datastore_info", as_user(None), id=narrowed)
    assert [one["id"] for one in told["fields"]] == ["名称"]
    assert "秘" not in json.dumps(search(narrowed, q={"phone": "秘三"}), ensure_ascii=False)


def test_a_short_column_is_known_where_its_label_is_another(narrowed, catalog):
    column = column_of(OTHER)
    assert closed_columns.closed_of(catalog["id"], ["名称", column]) == [OTHER]


def test_no_question_may_name_them(narrowed):
    for question in (
        {"fields": ["phone"]},
        {"fields": [LONG]},
        {"filters": {"phone": "秘三"}},
        {"filters": {"$or": [{column_of(OTHER): "秘二"}, {"名称": "乙"}]}},
        {"sort": "phone desc"},
        {"q": "秘三"},
        {"full_text": "秘三"},
    ):
        with pytest.raises(tk.ValidationError):
            search(narrowed, **question)
    assert search(narrowed, filters={"名称": "甲"}, sort="名称")["total"] == 1


def test_no_statement_reads_such_a_table(narrowed):
    assert withheld.has_any(narrowed)
    asked = {"user": "", "table_names": [narrowed], "ignore_auth": False}
    with pytest.raises(tk.NotAuthorized):
        tk.check_access("datastore_search_sql", asked, {})
