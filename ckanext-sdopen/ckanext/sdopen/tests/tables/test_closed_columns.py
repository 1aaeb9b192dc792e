"""Columns of items that are narrower than their entry stay out of files, tables and samples."""

import io
import zipfile

import ckan.plugins.toolkit as tk
import pytest
import xlsxwriter
from ckan.tests.helpers import call_action
from werkzeug.datastructures import FileStorage

from ckanext.sdopen.access import visibility
from ckanext.sdopen.tables import column_names
from ckanext.sdopen.tests.corpus.examples import as_site, catalog, created, department, interface

ITEMS = [
    {"name": "药店名称", "data_type": "C", "opening": "unconditional"},
    {"name": "负责人电话", "english_name": "Manager_Phone", "data_type": "C", "opening": "none"},
    {"name": "内部评级", "data_type": "C", "sharing": "none"},
]
CLOSED = {"opening": "none", "closing_basis": "《条例》第九条"}


@pytest.fixture(scope="module")
def bureau(clean_portal):
    return department("山东省医疗保障局", "370000")


@pytest.fixture(scope="module")
def entry(bureau):
    return created(catalog(bureau["id"], resource_code="307001/610001", info_items=ITEMS))


def upload(entry, content: bytes, file_name: str, **more):
    return call_action(
        "resource_create",
        as_site(),
        package_id=entry["id"],
        name=file_name,
        url=file_name,
        upload=FileStorage(io.BytesIO(content), file_name),
        **more,
    )


def workbook(*rows) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return out.getvalue()


def test_what_is_narrower_is_counted_on_the_axis_that_opens_the_entry():
    items = {"info_items": ITEMS}
    assert set(visibility.narrower_names({"opening": "unconditional", **items})) == {
        "负责人电话",
        "manager_phone",
    }
    assert set(
        visibility.narrower_names({"opening": "none", "sharing": "conditional", **items})
    ) == {"内部评级"}
    assert not visibility.narrower_names({"opening": "none", "sharing": "none", **items})


@pytest.mark.parametrize(
    ("file_name", "content"),
    [
        ("a.csv", "药店名称,负责人电话\n甲,1\n".encode()),
        ("a.csv", "药店名称;负责人电话\n甲;1\n".encode("gb18030")),
        ("a.txt", "药店名称\t负责人电话\n甲\t1\n".encode("utf-16")),
        ("a.csv", '﻿定点药店\n\n药店名称,"负责人 电话"\n'.encode()),
        ("a.tsv", "药店名称\tMANAGER＿PHONE\n".encode()),
        ("a.xlsx", workbook(["定点药店名录"], ["药店名称", "负责人电话"], ["甲", "1"])),
        ("a.json", '[{"药店名称": "甲", "负责人电话": "1"}]'.encode()),
        ("a.xml", "<r><负责人电话>1</负责人电话></r>".encode()),
    ],
)
def test_an_upload_with_the_column_is_refused_by_its_name(entry, file_name, content):
    with pytest.raises(tk.ValidationError) as refused:
        upload(entry, content, file_name)
    told = str(refused.value.error_dict)
    assert "负责人电话" in told or "Manager_Phone" in told
    assert not call_action("package_show", as_site(), id=entry["id"])["resources"]


@pytest.mark.parametrize(
    ("file_name", "content"),
    [
        ("a.xls", b"\xd0\xcf\x11\xe0"),
        ("a.xlsx", b"no workbook"),
        ("a.zip", b"PK"),
        ("a", b"x"),
        ("a.xlsx", workbook(["x"])[:200]),
    ],
)
def test_an_upload_whose_columns_cannot_be_told_is_refused(entry, file_name, content):
    with pytest.raises(tk.ValidationError) as refused:
        upload(entry, content, file_name)
    assert "upload" in refused.value.error_dict


def test_an_upload_without_the_column_is_taken_and_kept_whole(entry):
    content = "药店名称,内部评级\n甲,A\n".encode()
    made = upload(entry, content, "好.csv", url_type="upload")
    assert made["id"]
    # a class that becomes narrower is checked against what is there
    narrower = [{**item, "opening": "none"} for item in ITEMS]
    with pytest.raises(tk.ValidationError) as refused:
        call_action("package_patch", as_site(), id=entry["id"], info_items=narrower)
    assert "药店名称" in str(refused.value.error_dict)
    call_action("resource_delete", as_site(), id=made["id"])


def test_a_wider_class_is_refused_while_a_table_holds_the_column(bureau):
    # none of them is wider than the closed catalog
    items = [{**ITEMS[0], "opening": "none"}, *ITEMS[1:]]
    closed = created(
        catalog(bureau["id"], resource_code="307001/610002", info_items=items, **CLOSED)
    )
    made = upload(closed, "药店名称,负责人电话\n".encode(), "a.csv", url_type="upload")
    with pytest.raises(tk.ValidationError):
        call_action("package_patch", as_site(), id=closed["id"], opening="unconditional")
    call_action("resource_delete", as_site(), id=made["id"])
    opened = call_action("package_patch", as_site(), id=closed["id"], opening="unconditional")
    assert opened["opening"] == "unconditional"


def test_a_table_takes_no_such_column(entry):
    made = upload(entry, "药店名称\n甲\n".encode(), "b.csv", url_type="upload")
    fields = [{"id": "药店名称", "type": "text"}, {"id": "manager_phone", "type": "text"}]
    for asked in (
        {"resource_id": made["id"], "fields": fields},
        {"resource_id": made["id"], "records": [{"负责人电话": "1"}]},
        {"resource": {"package_id": entry["id"]}, "fields": fields},
        {
            "resource_id": made["id"],
            "fields": [{"id": "x", "type": "text", "info": {"label": "负责人电话"}}],
        },
    ):
        with pytest.raises(tk.ValidationError) as refused:
            call_action("datastore_create", as_site(), force=True, **asked)
        assert "fields" in refused.value.error_dict
    call_action(
        "datastore_create", as_site(), resource_id=made["id"], fields=fields[:1], force=True
    )
    with pytest.raises(tk.ValidationError):
        call_action(
            "datastore_upsert",
            as_site(),
            resource_id=made["id"],
            method="insert",
            force=True,
            records=[{"负责人电话": "1"}],
        )
    call_action("datastore_delete", as_site(), resource_id=made["id"], force=True)
    call_action("resource_delete", as_site(), id=made["id"])


def test_a_sample_answer_holds_no_such_value(bureau, entry):
    payload = interface(bureau["id"], resource_code="307001/610003", catalog=entry["id"])
    with pytest.raises(tk.ValidationError) as refused:
        created({**payload, "response_example": '{"data": [{"负责人电话": "1"}]}'})
    assert "负责人电话" in refused.value.error_dict["response_example"][0]
    made = created({**payload, "response_example": '{"data": [{"药店名称": "甲"}]}'})
    with pytest.raises(tk.ValidationError):
        call_action("package_patch", as_site(), id=made["id"], response_example="<Manager_Phone>1<")


def test_a_workbook_that_unpacks_without_end_is_told_within_bounds():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet1.xml", b"<worksheet><row><c><v>" + b"x" * 200_000_000)
    with pytest.raises(column_names.Unreadable):
        column_names.columns(io.BytesIO(out.getvalue()), "a.xlsx")
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><worksheet>&a;</worksheet>'
        book.writestr("xl/worksheets/sheet1.xml", bomb)
    with pytest.raises(column_names.Unreadable):
        column_names.columns(io.BytesIO(out.getvalue()), "a.xlsx")
