"""Export → import changes nothing: entries, tags, topics and descriptions of items included."""

import random

import openpyxl
import pytest

from ckanext.sdopen import codes
from ckanext.sdopen.sample import Province
from ckanext.sdopen.standard import elements
from ckanext.sdopen.tests.workbook.corpus.books import FORM, catalog, codes_and_cells, examined
from ckanext.sdopen.workbook.checking.differences import changed, taken_over
from ckanext.sdopen.workbook.columns import ITEMS, form
from ckanext.sdopen.workbook.form import export, template
from ckanext.sdopen.workbook.form.draw import LISTS
from ckanext.sdopen.workbook.reading.header import find

LONG = "数据说明。\r\n第二段：包括“引号”、<标签>、&符号、_x000D_ 和\t制表。" * 40


def columns(path) -> dict[str, set[str]]:
    """The elements that a book has columns for, as whoever imports tells them."""
    result, _ = examined(path)
    return next(iter(result.layouts.values())).elements


def everything(number: int, seed: int) -> dict:
    """A catalog that fills every element with a value that its kind allows."""
    choose = random.Random(seed)
    entry: dict = {"type": "dataset", "owner_org": "山东省示例局"}

    def value(element):
        if element.kind == "boolean":
            return choose.random() < 0.5
        if element.kind in ("code", "codes") or element.name == "format_types":
            listed = [code.value for code in codes.load(element.codes)]
            if element.kind == "code":
                return choose.choice(listed)
            return [one for one in listed if choose.random() < 0.4] or listed[:1]
        if element.kind == "words":
            return ["307001/000009", "307001/000010"]
        if element.kind == "digits":
            return "1" * (element.digits or 4)
        fixed = {
            "count": 12345,
            "quantity": 0.001,
            "date": "2024-02-29",
            "email": "sj@example.gov.cn",
            "provider_code": catalog()["provider_code"],
        }
        return fixed.get(element.kind, f"=文字{element.name}{choose.randrange(10**6)}")

    for name, element in elements.elements("catalog").items():
        if name in form().left_out or name in (
            "owner_org",
            "tag_string",
            "source_id",
            "source_key",
        ):
            continue
        if element.kind == elements.TABLE:
            entry[name] = [
                {"name": f"项{n}", **{p: value(e) for p, e in element.parts.items() if p != "name"}}
                for n in range(5)
            ]
        else:
            entry[name] = value(element)
    entry |= {
        "notes": LONG,
        "resource_code": f"111111/{number:06d}",
        "title": f"全量目录（{number}）",
    }
    entry |= {"category": "1", "division": "11", "subject": "111"}
    entry["tags"] = [{"name": "标签-甲"}, {"name": "tag two"}]
    return entry


@pytest.mark.parametrize("seed", range(6))
def test_every_element_of_the_standard_survives(tmp_path, seed):
    entry = everything(seed + 1, seed)
    path = tmp_path / "b.xlsx"
    export.write(path, [(entry, entry["owner_org"])])
    _, read = examined(path)
    assert changed(entry, read[0], columns(path)) == []
    covered = {name for name in entry if name not in ("type", "tags", "owner_org")}
    assert covered | {"tag_string", "owner_org"} == columns(path)[""] | {ITEMS}


def test_the_sample_province_survives_and_is_sound(tmp_path):
    entries = list(Province(catalogs=600).catalog_entries())
    path = tmp_path / "b.xlsx"
    done = export.write(path, ((e.payload, e.department.title) for e in entries))
    result, read = examined(path)
    assert (done.entries, done.left_out) == (600, [])
    assert codes_and_cells(result) == []
    held = columns(path)
    assert [changed(e.payload, r, held) for e, r in zip(entries, read, strict=True)] == [[]] * 600
    assert [r["owner_org"] for r in read] == [e.department.title for e in entries]
    # what is compared is not nothing
    assert changed(entries[0].payload, read[1], held)


def test_harvested_entries_keep_the_key_of_their_source(tmp_path):
    entry = {
        "title": "佛山市企业名录",
        "notes": "企业名称、地址。",
        "topics": ["other"],
        "opening": "unconditional",
        "sharing": "unconditional",
        "update_cycle": "other",
        "source_id": "foshan",
        "source_key": "10086",
    }
    path = tmp_path / "b.xlsx"
    export.write(path, [(entry, "佛山市某局")], sourced=True)
    result, read = examined(path)
    assert changed(entry, read[0], columns(path)) == []
    assert codes_and_cells(result) == []


@pytest.mark.parametrize(
    "name, value, told",
    [
        ("title", "另一个名称", "title"),
        ("tags", [{"name": "药店"}], "tags"),
        ("topics", ["medical"], "topics"),
        ("census_stored_gb", 0.3, "census_stored_gb"),
        ("related_codes", ["307001/000009"], "related_codes"),
    ],
)
def test_what_differs_is_named(tmp_path, name, value, told):
    path = tmp_path / "b.xlsx"
    export.write(path, [(catalog(**{name: value}), "山东省示例局")])
    _, read = examined(path)
    assert changed(catalog(), read[0], columns(path)) == [told]
    assert taken_over(catalog(), read[0], columns(path))[name] == read[0][name]


def test_a_description_of_an_item_that_differs_is_named(tmp_path):
    entry = catalog()
    entry["info_items"][1]["description"] = "门牌地址"
    path = tmp_path / "b.xlsx"
    export.write(path, [(entry, "山东省示例局")])
    _, read = examined(path)
    assert changed(catalog(), read[0], columns(path)) == [ITEMS]


def test_columns_that_a_book_lacks_change_nothing():
    stored = catalog(contact_email="sj@example.gov.cn")
    read = {"title": stored["title"], "info_items": [{"name": "药店名称", "data_type": "M"}]}
    held = {"": {"title", "notes"}, ITEMS: {"name", "data_type"}}
    assert changed(stored, read, held) == ["notes", ITEMS]
    merged = taken_over(stored, read, held)
    assert merged["contact_email"] == "sj@example.gov.cn"
    assert "notes" not in merged
    assert merged[ITEMS][0]["description"] == "营业执照上的名称"
    assert merged[ITEMS][0]["data_type"] == "M"


def test_a_text_that_no_cell_can_hold_leaves_its_entry_out_and_says_so(tmp_path):
    path = tmp_path / "b.xlsx"
    entries = [catalog(), catalog(2, notes="长" * 40_000)]
    done = export.write(path, ((entry, "山东省示例局") for entry in entries))
    assert (done.entries, done.left_out) == (1, [entries[1]["title"]])
    assert entries[1]["title"] in [row[0].value for row in openpyxl.load_workbook(path)["未导出"]]
    result, read = examined(path)
    assert len(read) == 1
    assert codes_and_cells(result) == []


def test_every_label_of_a_code_finds_its_code_again():
    for column in FORM:
        element = column.standard_element()
        if element and element.kind in ("code", "codes"):
            known = codes.load(element.codes)
            assert [known.find(code.zh) for code in known] == [code.value for code in known]


def test_the_form_has_header_drop_downs_notes_and_an_example_that_is_sound(tmp_path):
    path = tmp_path / "form.xlsx"
    template.write(path)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["目录", "示例", "填表说明", LISTS]
    sheet = book["目录"]
    assert "A1:A2" in map(str, sheet.merged_cells.ranges)
    header = find([[cell.value or "" for cell in row] for row in sheet.iter_rows(max_row=2)])
    assert [header.columns[place].name for place in range(len(FORM))] == [c.name for c in FORM]
    lists = [one for one in sheet.data_validations.dataValidation if one.type == "list"]
    assert len(lists) >= 15
    for one in lists:
        cells = book[LISTS][one.formula1.split("!")[1].replace("$", "")]
        assert all(row[0].value for row in cells)
    del book["目录"]
    book["示例"].title = "目录"
    book.save(tmp_path / "example.xlsx")
    result, read = examined(tmp_path / "example.xlsx")
    assert codes_and_cells(result) == []
    assert read[0]["title"] == "全省定点零售药店名录"
