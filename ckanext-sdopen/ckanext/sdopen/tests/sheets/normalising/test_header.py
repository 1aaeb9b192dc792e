"""The header of a sheet is found wherever it stands, and as deep as it is."""

import pytest

from ckanext.sdopen.sheets.normalising import header

DATA = [["370100", "济南市", "12.5"], ["370200", "青岛市", "20"]]


def found(rows, merges=(), expected=()):
    width = max(map(len, rows))
    rows = [row + [""] * (width - len(row)) for row in rows]
    return header.find(rows, range(1, len(rows) + 1), merges, expected)


def test_titles_blank_rows_and_remarks_above_are_no_header():
    rows = [
        ["2024年统计表"],
        [],
        ["填报单位：甲局", "", "日期：2024-01-05"],
        ["代码", "名称", "值"],
    ]
    assert found([*rows, *DATA]).first == 3


def test_columns_without_a_name_keep_their_place():
    assert found([["代码", "", "值"], *DATA]).names == ("代码", "", "值")


def test_years_are_names_but_other_numbers_are_data():
    assert found([["地区", "2019", "2020年"], ["济南", "5", "6"]]).first == 0
    assert found([["济南", "5", "6"], ["青岛", "7", "8"]]).first == -1


def test_groups_are_joined_with_what_stands_below_them():
    rows = [["地区", "人口", "", "面积"], ["", "男", "女", ""], ["济南", "1", "2", "3"]]
    assert found(rows).names == ("地区", "人口_男", "人口_女", "面积")
    assert found(rows).depth == 2


def test_a_blank_name_above_a_row_of_texts_is_no_group():
    assert found([["名称", "", "部门"], ["甲", "乙", "丙"]]).depth == 1


def test_merged_cells_tell_how_deep_a_header_is():
    rows = [
        ["地区", "人口", "", ""],
        ["地区", "城镇", "", "乡村"],
        ["地区", "男", "女", "乡村"],
        ["济南", "甲", "乙", "丙"],
    ]
    merges = [((0, 0), (2, 0)), ((0, 1), (0, 3)), ((1, 1), (1, 2)), ((1, 3), (2, 3))]
    result = found(rows, merges)
    assert result.depth == 3
    assert result.names == ("地区", "人口_城镇_男", "人口_城镇_女", "人口_乡村")


def test_the_row_of_the_expected_names_is_the_header():
    rows = [["甲", "乙", "丙"], ["*代 码（必填）", "名\n称", "值"], *DATA]
    assert found(rows).first == 0
    assert found(rows, expected=["代码", "名称"]).first == 1
    assert found(rows, expected=["代码", "名称"]).names == ("代码", "名称", "值")


@pytest.mark.parametrize("rows", [[["1", "2"]], [["13800000000", "李"], ["13900000000", "王"]]])
def test_data_alone_have_no_header(rows):
    assert found(rows).first == -1
