"""Ids and names come from what never changes, and only from that."""

import uuid

import pytest

from ckanext.sdopen.identifiers import ids


def test_the_id_of_a_code_is_a_uuid_of_version_5_fixed_for_ever():
    found = ids.entry_id("catalog", "370000", "307001/000123")
    assert found == "8c825d74-eaeb-5682-9966-782072539aaf"
    assert uuid.UUID(found).version == 5


def test_kind_region_and_code_each_make_another_id():
    made = {
        ids.entry_id(kind, region, code)
        for kind in ids.KINDS
        for region in ("370000", "370100")
        for code in ("307001/1", "307001/2")
    }
    assert len(made) == 8


def test_full_width_letters_blanks_and_case_make_no_other_code():
    one = ids.entry_id("catalog", "370000", "307001A/000123")
    assert ids.entry_id("catalog", "370000", " ３０７００１ａ／000123 ") == one


def test_names_tell_kind_region_and_code():
    assert ids.entry_name("catalog", "370000", "307001/000123") == "c-370000-307001-000123"
    assert ids.entry_name("interface", "370102", "A/1_b") == "i-370102-a-1_b"


@pytest.mark.parametrize("code", ["", "药店/1", "307001/0 1", "3" * 92])
def test_a_code_that_makes_no_address_is_refused(code):
    with pytest.raises(ValueError):
        ids.entry_name("catalog", "370000", code)


@pytest.mark.parametrize("region", ["", "37", "37000a", "3700000"])
def test_a_region_is_six_digits(region):
    with pytest.raises(ValueError):
        ids.entry_id("catalog", region, "307001/1")


def test_an_entry_without_a_code_is_named_by_twelve_digits_of_its_id():
    found = ids.entry_id_from_source("catalog", "foshan", "10086")
    name = ids.entry_name_from_source("catalog", "440600", "foshan", "10086")
    assert name == f"c-440600-s{found.replace('-', '')[:12]}"


def test_parts_do_not_run_into_one_another():
    one = ids.entry_id_from_source("catalog", "ab", "c")
    assert one != ids.entry_id_from_source("catalog", "a", "bc")


def test_a_department_is_named_by_its_credit_code_else_by_its_title():
    named = ids.department_name("370000", "9137130016829134XT")
    assert named == "d-370000-9137130016829134xt"
    by_title = ids.department_name("440600", "佛山市统计局")
    assert by_title == "d-440600-8719fc8931"
