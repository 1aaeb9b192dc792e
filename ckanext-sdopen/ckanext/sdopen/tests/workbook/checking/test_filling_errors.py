"""The nine filling errors that a vendor's help page lists for this form, each at its cell."""

import pytest

from ckanext.sdopen.tests.workbook.corpus.books import (
    catalog,
    codes_and_cells,
    examined,
    place_of,
    rows,
    write,
)


def cells_of(tmp_path, table, code):
    result, _ = examined(write(tmp_path / "b.xlsx", table))
    return [(one.row, one.column) for one in result.findings if one.finding.code == code]


def test_1_a_systems_name_as_the_catalogs(tmp_path):
    table = rows(catalog(title="药品经营监管系统"))
    assert cells_of(tmp_path, table, "title_names_system") == [(2, place_of("title"))]


def test_2_fill_down_counts_the_name_up(tmp_path):
    entries = [catalog(n, title=f"药店名录{n}") for n in range(1, 5)]
    table = rows(*entries)
    title = place_of("title")
    assert cells_of(tmp_path, table, "title_counted") == [(2 + 3 * n, title) for n in range(4)]


def test_2_fill_down_counts_the_name_up_within_one_catalog(tmp_path):
    table = rows(catalog())
    for number, row in enumerate(table[1:], start=1):
        row |= {"title": f"{table[0]['title']}{number}", "resource_code": table[0]["resource_code"]}
    title = place_of("title")
    assert cells_of(tmp_path, table, "block_differs") == [(3, title), (4, title)]


def test_2_yearly_editions_are_no_fill_down(tmp_path):
    entries = [catalog(n, title=f"{2019 + n}年药店名录") for n in range(1, 5)]
    assert cells_of(tmp_path, rows(*entries), "title_counted") == []


@pytest.mark.parametrize(
    "other", ["全省定点零售药店 名录", "全省定点零售药店名录。", "（全省）定点零售药店名录"]
)
def test_3_punctuation_and_blanks_hide_a_duplicate(tmp_path, other):
    table = rows(catalog(), catalog(2, title=other))
    title = place_of("title")
    assert cells_of(tmp_path, table, "title_twice") == [(2, title), (5, title)]


def test_3_the_same_title_of_another_provider_is_no_duplicate(tmp_path):
    table = rows(catalog(), catalog(2, title="全省定点零售药店名录", owner_org="山东省另一局"))
    assert cells_of(tmp_path, table, "title_repeated") == []
    assert cells_of(tmp_path, table, "item_in_two_providers")


def test_4_the_code_is_not_the_same_down_a_block(tmp_path):
    table = rows(catalog())
    for number, row in enumerate(table[1:], start=124):
        row |= {"title": table[0]["title"], "resource_code": f"307001/{number:06d}"}
    code = place_of("resource_code")
    assert cells_of(tmp_path, table, "block_differs") == [(3, code), (4, code)]


def test_4_the_code_alone_counts_up(tmp_path):
    table = rows(catalog())
    for number, row in enumerate(table[1:], start=124):
        row |= {"resource_code": f"307001/{number:06d}"}
    assert len(cells_of(tmp_path, table, "block_differs")) == 2


def test_4_the_code_is_too_short(tmp_path):
    table = rows(catalog(resource_code="3070/123", category=None, division=None, subject=None))
    assert cells_of(tmp_path, table, "resource_code_shape") == [(2, place_of("resource_code"))]


def test_4_a_code_that_comes_twice_is_told_at_both(tmp_path):
    table = rows(catalog(), catalog(2, resource_code="307001/000123", notes="另一批药店。"))
    code = place_of("resource_code")
    assert cells_of(tmp_path, table, "resource_code_twice") == [(2, code), (5, code)]


@pytest.mark.parametrize("name", ["provider", "notes"])
def test_5_provider_or_abstract_is_empty(tmp_path, name):
    table = rows(catalog())
    table[0].pop(name)
    assert cells_of(tmp_path, table, "value_missing") == [(2, place_of(name))]


def test_6_format_and_its_types_do_not_match(tmp_path):
    table = rows(catalog(format_types=["pdf"]))
    assert cells_of(tmp_path, table, "format_type_unfit") == [(2, place_of("format_types"))]


def test_7_the_way_of_sharing_does_not_fit_the_format(tmp_path):
    table = rows(catalog(sharing_method_types=["database"]))
    place = place_of("sharing_method_types")
    assert cells_of(tmp_path, table, "sharing_type_unfit") == [(2, place)]


@pytest.mark.parametrize("written", ["1.2万", "0.2GB", "12 条"])
def test_8_units_in_the_census(tmp_path, written):
    table = rows(catalog())
    table[0]["census_records_wan"] = written
    place = place_of("census_records_wan")
    assert cells_of(tmp_path, table, "number_with_unit") == [(2, place)]


def test_9_a_data_type_that_the_list_does_not_hold(tmp_path):
    table = rows(catalog())
    table[1]["item_type"] = "汉字"
    assert cells_of(tmp_path, table, "code_unknown") == [(3, place_of("item_type"))]


def test_all_nine_in_one_book_leave_the_sound_catalogs_alone(tmp_path):
    table = rows(catalog(), catalog(2, title="药店监管平台"), catalog(3, notes=None), catalog(4))
    result, _ = examined(write(tmp_path / "b.xlsx", table))
    assert {code for code, _ in codes_and_cells(result)} == {"title_names_system", "value_missing"}
    assert [block.errors for block in result.blocks] == [0, 1, 1, 0]
