"""Items that abstracts name, with real abstracts."""

import pytest

from ckanext.sdopen.harvest.reading.abstract import item_names


@pytest.mark.parametrize(
    ("abstract", "expected"),
    [
        (
            "地税税务登记信息,包括组织机构代码、企业注册号、行业、备注等内容。",
            ["组织机构代码", "企业注册号", "行业", "备注"],
        ),
        (
            "药店名录，包含：药店名称、药店地址、药店电话等信息",
            ["药店名称", "药店地址", "药店电话"],
        ),
        (
            "预警，包括：预警信号名称(类型、等级)、发布时间",
            ["预警信号名称(类型、等级)", "发布时间"],
        ),
        ("景区名录。包括：质量等级（5A、4A）、批准年度。其他", ["质量等级（5A、4A）", "批准年度"]),
        ("名录，包括风险等级、名称等内容", ["风险等级", "名称"]),
        ("包括全部内容", []),
        ("", []),
        ("全省户籍人口统计数据", []),
    ],
)
def test_items_are_offered_from_what_an_abstract_lists(abstract, expected):
    assert item_names(abstract) == expected


def test_an_endless_bracket_costs_no_more_than_its_length():
    assert item_names("包括（" + "甲、" * 20_000) == []
