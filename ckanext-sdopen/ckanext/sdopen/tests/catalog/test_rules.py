"""Rules between elements; each example breaks exactly one."""

import pytest

from ckanext.sdopen.catalog import messages, rules

SOUND = {
    "resource_code": "307001/000123",
    "category": "3",
    "division": "07",
    "subject": "001",
    "sharing": "unconditional",
    "sharing_method": "platform",
    "sharing_method_types": ["file"],
    "opening": "unconditional",
    "format_category": "spreadsheet",
    "info_items": True,
}


def test_a_sound_entry_breaks_no_rule():
    assert rules.broken("catalog", SOUND) == []


@pytest.mark.parametrize(
    ("change", "field", "rule"),
    [
        ({"sharing": "conditional"}, "sharing_condition", "sharing_condition_missing"),
        ({"sharing": "none"}, "sharing_condition", "sharing_basis_missing"),
        ({"sharing_method": None}, "sharing_method", "sharing_method_missing"),
        ({"sharing_method_types": []}, "sharing_method_types", "sharing_method_types_missing"),
        ({"opening": "conditional"}, "opening_condition", "opening_condition_missing"),
        ({"opening": "none"}, "closing_basis", "closing_basis_missing"),
        ({"format_category": "self_describing"}, "format_note", "format_note_missing"),
        ({"info_items": None}, "info_items", "items_missing"),
        (
            {"format_category": "database", "info_items": None},
            "info_items",
            "items_missing",
        ),
        ({"subject": "002"}, "subject", "classification_differs"),
    ],
)
def test_one_change_breaks_one_rule(change, field, rule):
    (found,) = rules.broken("catalog", {**SOUND, **change})
    assert (found.field, found.rule) == (field, rule)


def test_what_is_not_shared_is_not_asked_how():
    entry = {**SOUND, "sharing": "none", "sharing_condition": "《档案法》第二十八条"}
    assert rules.broken("catalog", {**entry, "sharing_method": None}) == []


def test_documents_and_images_need_no_items():
    assert rules.broken("catalog", {**SOUND, "format_category": "image", "info_items": None}) == []


def test_an_interface_is_asked_for_grounds_only():
    entry = {"sharing": "unconditional", "opening": "none"}
    (found,) = rules.broken("interface", entry)
    assert found.rule == "closing_basis_missing"


def test_a_code_tells_its_classification():
    assert rules.code_parts("30700112/000123") == {
        "category": "3",
        "division": "07",
        "subject": "001",
        "detail": "12",
    }
    assert rules.code_parts("A-17") == {}


def test_every_finding_has_its_sentence(with_request_context):
    changes = [
        {"sharing": "conditional", "opening": "conditional"},
        {"sharing": "none", "opening": "none", "info_items": None},
        {"sharing_method": None, "sharing_method_types": None, "subject": "002"},
        {"format_category": "self_describing"},
    ]
    found = [f for change in changes for f in rules.broken("catalog", {**SOUND, **change})]
    assert len({finding.rule for finding in found}) == 9
    assert all(messages.text(finding) for finding in found)
