"""Headings of any length are columns: PostgreSQL takes 63 bytes, which are 21 Chinese signs."""

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests.helpers import call_action

from ckanext.sdopen.table_publishing.written import long_names
from ckanext.sdopen.tables.long_columns import column_of
from ckanext.sdopen.tests.table_publishing.loading.corpus.handed_in import as_user

LONG = "结构化信息记录总数量及其占全部信息资源数量的比例情况说明字段"
FIRST, SECOND = f"{LONG}一", f"{LONG}二"


def search(table, **question):
    return call_action("datastore_search", as_user(None), resource_id=table, **question)


@pytest.mark.parametrize("heading", ["编号", "长" * 21, "a" * 63, " 长" * 40, "_" + "长" * 40])
def test_a_heading_that_fits_or_that_ckan_refuses_stays(heading):
    assert column_of(heading) == heading


@pytest.mark.parametrize("heading", [LONG, "a" * 64, "长" * 22, "长" * 17 + "abcdef" + "长" * 9])
def test_a_long_heading_has_a_column_that_postgresql_can_name(heading):
    column = column_of(heading)
    assert len(column.encode()) <= 63
    assert column != column_of(heading + "一")
    assert column == column_of(heading)


def test_headings_that_are_alike_at_first_are_two_columns_named_by_their_headings(write):
    fields = [{"id": FIRST, "type": "int"}, {"id": SECOND, "type": "text", "info": {"unit": "元"}}]
    table = write([{FIRST: 1, SECOND: "甲"}, {FIRST: 2, SECOND: "乙"}], fields)
    found = search(table)
    assert [one["info"]["label"] for one in found["fields"][1:]] == [FIRST, SECOND]
    one, two = (one["id"] for one in found["fields"][1:])
    assert [(row[one], row[two]) for row in found["records"]] == [(1, "甲"), (2, "乙")]
    assert call_action("datastore_info", as_user(None), id=table)["fields"][1]["info"] == {
        "label": SECOND,
        "unit": "元",
    }


def test_the_heading_names_its_column_in_every_question(write):
    records = [{LONG: n, "名称": name} for n, name in ((3, "甲"), (1, "乙"), (2, "乙"))]
    table = write(records, primary_key=[LONG])
    column = column_of(LONG)

    def values(**question):
        return [row[column] for row in search(table, **question)["records"]]

    assert values(sort=f"{LONG} desc, 名称") == [3, 2, 1]
    assert values(filters={LONG: [1, 2]}) == [1, 2]
    assert values(filters={"$or": [{LONG: 3}, {LONG: {"lt": 2}}]}) == [3, 1]
    assert search(table, fields=[LONG])["fields"][0]["id"] == column
    assert search(table, q={LONG: "2"})["total"] == 1


@pytest.mark.parametrize(
    ("said", "order"),
    [
        (LONG, ""),
        (f' "{LONG}"  DESC ', " DESC"),
        (f"{LONG} nulls  first", " nulls first"),
        (f'"{LONG}"\tasc\nnulls last', " asc nulls last"),
    ],
)
def test_an_order_is_kept(said, order):
    asked = long_names.asked({"sort": [said, "名称 desc"]})["sort"]
    assert asked == [f'"{column_of(LONG)}"{order}', "名称 desc"]


def test_an_order_beyond_what_a_person_writes_is_refused_before_it_is_read(write):
    table = write([{LONG: 1}])
    assert search(table, sort=f"{LONG}{' ' * 900}desc")["records"]
    for sort in (f"{LONG}{' ' * 200_000}x", [LONG, f"x{' ' * 200_000}desc x"]):
        with pytest.raises(tk.ValidationError, match="1,000"):
            search(table, sort=sort)


def test_rows_are_changed_and_removed_by_the_heading(write, officer):
    table = write([{LONG: 1, "名称": "甲"}, {LONG: 2, "名称": "乙"}], primary_key=LONG)
    row = {LONG: 2, "名称": "丙"}
    call_action("datastore_upsert", as_user(officer), resource_id=table, records=[row])
    call_action("datastore_delete", as_user(officer), resource_id=table, filters={LONG: 1})
    assert [row["名称"] for row in search(table)["records"]] == ["丙"]


def test_a_column_that_comes_with_later_rows_keeps_the_others(write, officer):
    table = write([{"编号": "1"}], [{"id": "编号", "type": "text"}])
    row = {"编号": "2", LONG: "x"}
    call_action("datastore_create", as_user(officer), resource_id=table, records=[row])
    assert [one["id"] for one in search(table)["fields"]] == [
        "_id",
        "编号",
        column_of(LONG),
    ]


def test_two_equal_headings_and_names_of_tables_that_are_too_long_are_refused(write):
    with pytest.raises(tk.ValidationError):
        write([], [{"id": LONG, "type": "text"}, {"id": LONG, "type": "text"}])
    with pytest.raises(tk.ValidationError) as error:
        write([{"编号": "1"}], aliases=["别" * 22])
    assert "21" in str(error.value.error_dict["aliases"])


def test_codes_stay_texts_with_their_zeros(write):
    table = write([{"编号": "001", "身份证号": "370102199001011234", "人数": "7"}])
    found = search(table)
    assert [one["type"] for one in found["fields"][1:]] == ["text", "text", "int4"]
    assert found["records"][0]["编号"] == "001"
