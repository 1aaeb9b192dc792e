"""The same questions to a loaded table and to PostgreSQL's own back end have the same answers.

The questions are those of CKAN's tests of its DataStore (2.12, ckanext/datastore/tests).
"""

import ckan.plugins.toolkit as tk
import ckanapi
import pytest
from ckan.tests.helpers import call_action

from ckanext.sdopen.tables.columns import Column, Kind
from ckanext.sdopen.tests.corpus.examples import as_site
from ckanext.sdopen.tests.table_publishing.corpus.loaded import load
from ckanext.sdopen.tests.tables.corpus.published import resources

COLUMNS = (
    Column("书 名", nullable=False),
    Column("author"),
    Column("人数", Kind.INTEGER),
    Column("出版", Kind.DATETIME),
    Column("100%"),
)
ROWS = (
    ("annakarenina", "tolstoy", "7", "2005-03-01 00:00:00", "甲"),
    ("warandpeace", "tolstoy", None, None, "乙"),
    ("红楼梦", "曹雪芹", "12", "1791-01-01 08:30:00", None),
    ("朝花夕拾, “散文”", "鲁迅", "-3", "1928-09-01 00:00:00", "甲"),
)
TYPES = ("text", "text", "int8", "timestamp", "text")
QUESTIONS = (
    {},
    {"limit": 2, "offset": 1},
    {"limit": 0},
    {"limit": 1, "include_total": False},
    {"fields": ["书 名", "author"]},
    {"fields": "author, 人数"},
    {"filters": {"书 名": "红楼梦"}},
    {"filters": {"author": "tolstoy", "人数": 7}},
    {"filters": {"author": ["tolstoy", "鲁迅"]}},
    {"filters": {"author": ["tolstoy", "鲁迅"], "书 名": ["warandpeace"]}},
    {"filters": {"author": []}},
    {"filters": {"100%": "甲"}},
    {"filters": {"人数": {"gt": -3, "lte": 12}}},
    {"filters": {"人数": [{"lt": 0}, {"gte": 12}]}},
    {"filters": {"出版": {"gte": "1900-01-01", "lt": "2000-01-01"}}},
    {"filters": {"$or": [{"author": "鲁迅"}, {"$and": [{"author": "tolstoy"}, {"人数": 7}]}]}},
    {"filters": {"_id": {"gt": 2}}},
    {"sort": "author, 书 名 desc"},
    {"sort": "出版 desc nulls last"},
    {"sort": ["author desc", "人数"]},
    {"fields": ["author"], "distinct": True, "sort": "author"},
    {"fields": ["author"], "distinct": True, "sort": "author desc", "limit": 2, "offset": 1},
    {"include_next_page": True, "limit": 2},
    {"include_next_page": True, "limit": 3, "sort": "_id desc"},
)
FORMS = ("objects", "lists", "csv", "tsv")
REFUSED = (
    {"fields": ["nothing"]},
    {"filters": {"nothing": 1}},
    {"filters": ["author"]},
    {"sort": "nothing"},
    {"sort": "author sideways"},
    {"limit": -1},
    {"limit": "many"},
    {"offset": "x"},
)


@pytest.fixture(scope="module")
def both(clean_portal, tmp_path_factory):
    """The ids of a loaded table and of one in PostgreSQL, with the same rows."""
    first, second = resources(2, "88")
    load(first, tmp_path_factory.mktemp("both"), COLUMNS, ROWS)
    names = [column.name for column in COLUMNS]
    fields = [{"id": name, "type": kind} for name, kind in zip(names, TYPES, strict=True)]
    records = [dict(zip(names, row, strict=True)) for row in ROWS]
    asked = {"resource_id": second["id"], "force": True, "fields": fields, "records": records}
    call_action("datastore_create", as_site(), **asked)
    return first["id"], second["id"]


@pytest.fixture(autouse=True)
def whole_seconds(monkeypatch):
    """Moments are told in seconds, as loaded tables tell them."""
    monkeypatch.setitem(tk.config, "ckan.datastore.ms_in_timestamp", False)


def search(table, **question):
    return call_action("datastore_search", {"user": ""}, resource_id=table, **question)


def told(answer):
    """What of an answer must agree: all but the table's id and what else tells of its columns."""
    columns = [(one["id"], one["type"]) for one in answer["fields"]]
    names = ("records", "total", "next_page", "limit", "offset")
    return {"fields": columns, **{name: answer.get(name) for name in names}}


@pytest.mark.parametrize("question", QUESTIONS, ids=str)
def test_rows_are_the_same(both, question):
    loaded, written = (told(search(table, **question)) for table in both)
    assert loaded == written


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_records_is_the_same(both, form):
    asked = {"records_format": form, "sort": "_id", "fields": ["书 名", "author", "人数", "100%"]}
    loaded, written = (search(table, **asked)["records"] for table in both)
    assert loaded == written


@pytest.mark.parametrize("question", REFUSED, ids=str)
def test_what_is_refused_is_the_same(both, question):
    for table in both:
        with pytest.raises(tk.ValidationError) as error:
            search(table, **question)
        assert set(error.value.error_dict) & {*question, "query"}


@pytest.mark.parametrize("form", ["csv", "tsv", "json", "xml"])
def test_dumps_are_the_same(portal_app, both, form):
    asked = f"format={form}&fields=author,人数,100%25"
    loaded, written = (
        portal_app.get(f"/datastore/dump/{table}?{asked}").get_data(as_text=True) for table in both
    )
    assert "曹雪芹" in loaded
    # before the rows JSON tells the columns, of which items say more
    assert loaded.rpartition('"records"')[2] == written.rpartition('"records"')[2]


def test_a_client_of_ckans_reads_both(portal_app, both):
    client = ckanapi.TestAppCKAN(portal_app)
    for table in both:
        answer = client.action.datastore_search(resource_id=table, filters={"author": "鲁迅"})
        assert [row["人数"] for row in answer["records"]] == [-3]
        with pytest.raises(ckanapi.NotAuthorized):
            client.action.datastore_upsert(resource_id=table, records=[])
