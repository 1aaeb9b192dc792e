"""The header is found wherever it stands, in one to three rows, in any order and by any name."""

from ckanext.sdopen.standard.elements import elements
from ckanext.sdopen.workbook.columns import ITEMS, folded, form
from ckanext.sdopen.workbook.reading import header

OFFICIAL = [
    "序号|类|项|目|细目1|细目2|关联分类|信息资源代码|信息资源名称|信息资源提供方||资源提供方代码|信息资源摘要"
    "|信息资源格式|||信息资源大普查||||||信息项信息|||共享属性||共享方式||开放属性||更新周期|发布日期|关联资源代码",
    "|||||||||提供单位|内部机构|||格式分类|格式类型|其他类型资源格式描述|数据存储总量(G)|结构化信息记录总数(万)"
    "|已共享的数据存储量(G)|已共享结构化记录数(万)|已开放的数据存储量(G)|已开放结构化记录数(万)"
    "|信息项名称|数据类型|数据长度|共享类型|共享条件|分类|类型|是否向社会开放|开放条件|||",
]


def names(*lines: str) -> dict[int, str]:
    found = header.find([line.split("|") for line in lines])
    assert found is not None
    return {place: column.name for place, column in sorted(found.columns.items())}


def test_the_form_of_the_guide_is_known_column_by_column():
    assert " ".join(names(*OFFICIAL).values()) == (
        "sequence category division subject detail detail library resource_code title provider"
        " inner_department provider_code notes format_category format_types format_note"
        " census_stored_gb census_records_wan census_shared_gb census_shared_records_wan"
        " census_open_gb census_open_records_wan item_name item_type item_length sharing"
        " sharing_condition sharing_method sharing_method_types is_open opening_condition"
        " update_cycle released_on related_codes"
    )


def test_a_third_row_above_the_header_changes_nothing():
    three = ["政务信息资源目录编制表||||||||", "（盖章）||||||||填报日期：2024年5月", *OFFICIAL]
    assert names(*three) == names(*OFFICIAL)


def test_three_levels_of_headings_are_read_by_the_lowest():
    found = names(
        "基本信息|||共享与开放|||",
        "信息资源名称|信息资源提供方||共享属性||开放属性|",
        "|提供单位|内部机构|共享类型|共享条件|是否向社会开放|开放条件",
    )
    assert list(found.values()) == [
        "title",
        "provider",
        "inner_department",
        "sharing",
        "sharing_condition",
        "is_open",
        "opening_condition",
    ]


def test_columns_in_another_order_and_by_other_names_are_found():
    found = names("数源单位|目录名称*|更新频率（必填）|重点领域|资源摘要|字段中文名")
    assert list(found.values()) == [
        "provider",
        "title",
        "update_cycle",
        "topics",
        "notes",
        "item_name",
    ]


def test_the_group_tells_two_columns_of_one_name_apart():
    found = names(
        "信息资源名称|信息项信息|||共享属性",
        "|信息项名称|类型|共享类型|共享类型",
    )
    assert found == {0: "title", 1: "item_name", 2: "item_type", 3: "item_sharing", 4: "sharing"}


def test_a_heading_that_no_form_has_is_kept_for_a_remark():
    found = header.find([["信息资源名称", "信息资源摘要", "更新周期", "经办人签字", "更新周期"]])
    assert found is not None
    assert found.unknown == {3: "经办人签字"}
    assert found.twice == {4: "更新周期"}


def test_a_sheet_of_something_else_has_no_header():
    assert header.find([["年份", "数量"], ["2023", "5"], ["2024", "6"]]) is None


def test_every_element_of_the_standard_has_a_column_or_a_reason():
    known = {(c.table, c.element) for c in form().columns}
    for name, element in elements("catalog").items():
        wanted = [(ITEMS, part) for part in element.parts] or [("", name)]
        if name not in form().left_out:
            assert not set(wanted) - known, name
    assert not set(form().left_out) - set(elements("catalog"))


def test_no_two_columns_of_one_group_share_a_name():
    seen: dict[tuple[str, str], str] = {}
    for column in form().columns:
        for name in column.names | column.names_in_group:
            assert seen.setdefault((column.group, name), column.name) == column.name


def test_brackets_blanks_and_stars_do_not_make_another_heading():
    assert folded(" *数据存储总量\n（G） ") == folded("数据存储总量")
