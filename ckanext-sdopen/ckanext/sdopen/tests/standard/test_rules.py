"""Rules between elements; each example breaks exactly one."""

import datetime
from typing import Any

import pytest
import yaml

from ckanext.sdopen.errors import SdopenError
from ckanext.sdopen.standard import elements, findings, profiles, rules
from ckanext.sdopen.standard.check import check
from ckanext.sdopen.standard.limits import Limits

TODAY = datetime.date(2026, 11, 26)
STRICT = profiles.profile("regulation_2025")
CENSUS = dict.fromkeys(rules.update.CENSUS, 0)
SOUND: dict[str, Any] = {
    "type": "dataset",
    "title": "全省定点零售药店名录",
    "notes": "名称与地址。",
    "owner_org": "医保局",
    "topics": ["medical"],
    "resource_code": "307001/000123",
    "category": "3",
    "division": "07",
    "subject": "001",
    "region": "370000",
    "provider_code": "113700000MB284501X",
    "data_level": "general_1",
    "sharing": "unconditional",
    "sharing_method": "platform",
    "sharing_method_types": ["file"],
    "usage_requirements": ["work_reference"],
    "opening": "unconditional",
    "format_category": "spreadsheet",
    "format_types": ["xlsx", "csv"],
    "info_items": [
        {"name": "药店名称", "data_type": "C", "data_length": "100"},
        {"name": "纳入日期", "data_type": "D"},
    ],
    "update_cycle": "monthly",
    "released_on": "2024-01-05",
    **CENSUS,
}
SOUND.pop("provider_code")
INTERFACE = {
    "type": "interface",
    "title": "定点零售药店查询",
    "notes": "按名称查询。",
    "owner_org": "医保局",
    "topics": ["medical"],
    "resource_code": "307001/000123",
    "sharing": "unconditional",
    "opening": "unconditional",
    "update_cycle": "monthly",
    "service_path": "/gateway/api/1/x",
    "http_method": "GET",
}


def findings_of(change, profile=STRICT, kind="catalog", base=None):
    entry = {**(base or SOUND), **change}
    return [(f.code, f.path, f.severity) for f in check(entry, profile, kind, TODAY)]


def test_a_sound_entry_breaks_no_rule():
    assert findings_of({}) == []
    assert findings_of({}, kind="interface", base=INTERFACE) == []


ERRORS = [
    ({"sharing": "conditional"}, "sharing_condition", "sharing_condition_missing"),
    ({"sharing_method": None}, "sharing_method", "sharing_method_missing"),
    ({"sharing_method_types": []}, "sharing_method_types", "sharing_method_types_missing"),
    ({"sharing_method_types": ["database"]}, "sharing_method_types", "sharing_type_unfit"),
    ({"opening": "conditional"}, "opening_condition", "opening_condition_missing"),
    ({"opening": "none"}, "closing_basis", "closing_basis_missing"),
    (
        {"format_category": "self_describing", "format_types": ["json"]},
        "format_note",
        "format_note_missing",
    ),
    ({"format_types": ["xlsx", "pdf"]}, "format_types", "format_type_unfit"),
    ({"format_types": ["wk1"]}, "format_note", "format_type_undescribed"),
    ({"info_items": None}, "info_items", "items_missing"),
    ({"info_items": [{}, {"name": ""}]}, "info_items", "items_missing"),
    ({"subject": "002"}, "subject", "classification_differs"),
    ({"resource_code": "ABC-1"}, "resource_code", "resource_code_shape"),
    ({"title": "不动产登记管理系统"}, "title", "title_names_system"),
    ({"title": "智慧城市综合服务平台"}, "title", "title_names_system"),
    ({"census_stored_gb": "12G"}, "census_stored_gb", "number_with_unit"),
    ({"title": None}, "title", "value_missing"),
]
WARNINGS = [
    ({"usage_requirements": None}, "usage_requirements", "usage_requirements_missing"),
    ({"opening_condition": "科研用途"}, "opening_condition", "opening_condition_needless"),
    ({"closing_basis": "《统计法》第二十五条"}, "closing_basis", "closing_basis_needless"),
    ({"opening": "none", "closing_basis": "领导要求"}, "closing_basis", "basis_vague"),
    ({"data_level": None}, "data_level", "data_level_missing"),
    ({"census_open_gb": None}, "census_open_gb", "census_missing"),
    ({"census_open_gb": 2, "census_stored_gb": 1}, "census_open_gb", "census_exceeds"),
    ({"update_cycle": "irregular"}, "update_cycle_note", "update_cycle_note_missing"),
    ({"updated_on": "2026-11-27"}, "updated_on", "date_in_future"),
    ({"related_codes": ["307001/000123"]}, "related_codes", "related_code_own"),
    ({"related_codes": ["见附件"]}, "related_codes", "related_code_shape"),
    ({"provider_code": "9137130016829134XT"}, "provider_code", "provider_region_differs"),
]


@pytest.mark.parametrize(
    ("change", "field", "code", "severity"),
    [(*row, "error") for row in ERRORS] + [(*row, "warning") for row in WARNINGS],
)
def test_one_change_breaks_one_rule(change, field, code, severity):
    assert findings_of(change) == [(code, (field,), severity)]


@pytest.mark.parametrize(
    ("row", "part", "code", "severity"),
    [
        ({"data_type": "C", "data_length": "9"}, "name", "item_name_missing", "error"),
        ({"name": "药店名称", "data_type": "D"}, "name", "item_name_twice", "warning"),
        ({"name": "地址"}, "data_type", "item_type_missing", "error"),
        ({"name": "地址", "data_type": "text"}, "data_type", "code_unknown", "error"),
        ({"name": "地址", "data_type": "C"}, "data_length", "item_length_missing", "warning"),
        ({"name": "地址", "data_type": "D", "opening": "no"}, "opening", "code_unknown", "error"),
    ],
)
def test_an_items_finding_stands_at_its_cell(row, part, code, severity):
    items = [*SOUND["info_items"], row]
    assert findings_of({"info_items": items}) == [(code, ("info_items", 2, part), severity)]


@pytest.mark.parametrize("axis", ["sharing", "opening"])
def test_an_item_is_never_wider_than_its_catalog(axis):
    grounds = {"sharing_condition": "业务协同", "opening_condition": "科研用途"}
    ground = {f"{axis}_condition": grounds[f"{axis}_condition"]}
    wide = [{"name": "药店名称", "data_type": "D", axis: "unconditional"}]
    narrow = [{"name": "药店名称", "data_type": "D", axis: "none"}]
    change = {axis: "conditional", **ground}
    assert findings_of({**change, "info_items": narrow}) == []
    assert findings_of({**change, "info_items": wide}) == [
        (f"item_wider_{axis}", ("info_items", 0, axis), "error")
    ]


def test_what_is_not_shared_needs_a_basis_and_is_not_asked_how():
    closed = {"sharing": "none", "sharing_method": None, "sharing_method_types": None}
    closed |= {"usage_requirements": None, "opening": "none", "closing_basis": "《档案法》"}
    assert findings_of({**closed, "sharing_condition": "《档案法》第二十八条"}) == []
    assert findings_of(closed) == [("sharing_basis_missing", ("sharing_condition",), "error")]
    asked = {**closed, "sharing_condition": "《档案法》", "sharing_method": "platform"}
    assert findings_of(asked) == [("sharing_way_needless", ("sharing_method",), "warning")]


def test_open_data_that_departments_may_not_have_are_looked_at():
    change = {"sharing": "none", "sharing_condition": "《档案法》", "sharing_method": None}
    change |= {"sharing_method_types": None, "usage_requirements": None}
    assert findings_of(change) == [("open_but_not_shared", ("opening",), "warning")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("秘密★10年", "state_secret"),
        ("机密 ☆", "state_secret"),
        ("【绝密】干部名册", "state_secret"),
        ("密级：机密", "state_secret"),
        ("本表为秘密级文件", "state_secret"),
        ("国家秘密", "state_secret"),
        ("（工作秘密）值班表", "work_secret"),
        ("涉及商业秘密，依据条例不予公开", None),
        ("不含国家秘密、工作秘密", None),
        ("密级管理人员培训", None),
        ("依据保守国家秘密法", None),
    ],
)
def test_a_classified_entry_is_refused_and_nothing_of_it_is_told(text, code):
    for change, path in (
        ({"notes": text}, ("notes",)),
        (
            {"info_items": [{"name": "名称", "data_type": "D", "description": text}]},
            ("info_items", 0, "description"),
        ),
    ):
        entry = {**SOUND, **change, "sharing": "wrong"} if code else {**SOUND, **change}
        told = check(entry, STRICT, today=TODAY)
        assert [(f.code, f.path) for f in told] == ([(code, path)] if code else [])
        for finding in told:
            assert "10年" not in findings.sentence(finding, "zh")
            assert not finding.params


@pytest.mark.parametrize("name", ["record_count", "released_on", "contact_email", "census_open_gb"])
def test_a_mark_in_a_number_or_a_day_is_told_and_not_shown(name):
    told = check({**SOUND, name: "秘密★10年"}, STRICT, today=TODAY)
    assert [(f.code, f.path, f.params) for f in told] == [("state_secret", (name,), {})]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"tags": [{"name": "药店"}, {"name": "机密级"}]}, "tag_string"),
        ({"tag_string": "药店,秘密★"}, "tag_string"),
        ({"resources": [{"name": "名录（绝密）.csv", "url": "https://e.org/a"}]}, "resources"),
    ],
)
def test_tags_and_files_are_looked_at_for_marks_too(change, field):
    assert findings_of(change) == [("state_secret", (field,), "error")]


def test_the_guide_of_2017_knows_no_work_secrets_and_no_data_level():
    old = profiles.profile("guide_2017")
    assert findings_of({"data_level": None}, old) == []
    assert findings_of({"notes": "（工作秘密）"}, old) == [("work_secret", ("notes",), "warning")]


def test_a_severity_is_a_setting():
    lenient = STRICT.with_overrides({"title_names_system": "off", "item_wider_opening": "warning"})
    assert findings_of({"title": "人事管理系统"}, lenient) == []
    with pytest.raises(SdopenError, match="no_such_finding"):
        STRICT.with_overrides({"no_such_finding": "off"})
    with pytest.raises(SdopenError, match="guide_2017"):
        profiles.profile("guide_1999")


@pytest.mark.parametrize(
    ("change", "limit"),
    [
        ({"title": "名" * 31}, 30),
        ({"info_items": [{"name": str(n), "data_type": "D"} for n in range(4)]}, 3),
        ({"notes": "摘" * 101}, 100),
        ({"tags": [{"name": str(n)} for n in range(6)]}, 5),
        ({"format_types": [f"f{n}" for n in range(5)]}, 4),
    ],
)
def test_a_limit_stands_in_the_error(change, limit):
    small = Limits(title=30, paragraph=100, items=3, tags=5, words=4)
    told = check({**SOUND, **change}, STRICT.with_overrides(limits=small), today=TODAY)
    assert told
    assert str(limit) in findings.sentence(told[0], "zh")
    assert str(limit) in findings.sentence(told[0], "en")


@pytest.mark.parametrize("bad", ["名\x00称", "名\ud800称", "名\uffff称"])
def test_characters_that_cannot_be_stored_are_refused(bad):
    assert findings_of({"title": bad}) == [("text_unprintable", ("title",), "error")]


@pytest.mark.parametrize("kind", ["catalog", "interface"])
@pytest.mark.parametrize("value", [{}, {"a": 1}, [[1]], 1.5, True, -1, "\x00", "x" * 10**6, [None]])
def test_no_value_of_any_type_breaks_the_check(kind, value):
    base = SOUND if kind == "catalog" else INTERFACE
    for name in elements.elements(kind):
        told = check({**base, name: value}, STRICT, kind, TODAY)
        assert all(findings.sentence(f, lang, kind) for f in told for lang in ("zh", "en"))
    for name, element in elements.elements(kind).items():
        for part in element.parts:
            told = check({**base, name: [{part: value}]}, STRICT, kind, TODAY)
            assert all(findings.sentence(f, lang, kind) for f in told for lang in ("zh", "en"))


def test_an_interface_names_its_rows_each_once():
    rows = [{"name": "a", "type": "string"}] * 2 + [{"description": "无名"}, {}]
    assert findings_of({"request_params": rows}, kind="interface", base=INTERFACE) == [
        ("row_name_twice", ("request_params", 1, "name"), "error"),
        ("row_name_missing", ("request_params", 2, "name"), "error"),
    ]


def test_a_code_tells_its_classification():
    assert rules.code_parts("30700112/000123") == {
        "category": "3",
        "division": "07",
        "subject": "001",
        "detail": "12",
    }
    assert rules.code_parts("A-17") == {}


def test_every_finding_has_its_sentence_and_its_severity_everywhere():
    told = {code for code in findings.sentences() if not code.startswith("_")}
    for name in profiles.names():
        assert set(profiles.profile(name).severities) == told
        assert set(profiles.profile(name).severities.values()) <= set(findings.SEVERITIES)
    for code in told:
        assert set(findings.sentences()[code]) == {"zh", "en"}


def test_every_element_has_a_label_in_both_languages(repository):
    for kind, file in elements.FILES.items():
        listed = yaml.safe_load((repository / "schemas" / file).read_text(encoding="utf-8"))
        names = {f["field_name"] for f in listed["dataset_fields"]} - {"id", "name"}
        assert set(elements.elements(kind)) == names
        for element in elements.elements(kind).values():
            assert element.label("zh_Hans_CN") != element.name
            assert element.label("en")
