"""Every way in asks one function who an entry is."""

import re

import pytest

from ckanext.sdopen.bench import house
from ckanext.sdopen.identifiers import ids, service_key
from ckanext.sdopen.identifiers.entry_key import identities, is_known_by_service
from ckanext.sdopen.paths import PACKAGE

USCC, BUREAU = "9137130016829134XT", "4f1c"
HARVESTED = {"source_id": "foshan", "source_key": "10086"}
SERVICE = {"service_code": "YB-1", "service_path": "/api/1", "http_method": "POST"}


def test_a_code_wins_over_all_else():
    entry = {"resource_code": "307001/000123", **HARVESTED, **SERVICE}
    for kind, letter in (("catalog", "c"), ("interface", "i")):
        (found,) = identities(kind, "370000", entry, [USCC])
        assert found.name == f"{letter}-370000-307001-000123"
        assert found.id == ids.entry_id(kind, "370000", "307001/000123")


def test_the_service_code_of_an_interface_wins_over_its_source():
    found = identities("interface", "370000", {**HARVESTED, **SERVICE}, [USCC, BUREAU])
    expected = [
        service_key.entry_id(provider, "YB-1", "POST", "/api/1") for provider in (USCC, BUREAU)
    ]
    assert [one.id for one in found] == expected
    assert found[0].name == ids.service_name("370000", expected[0])


def test_the_source_wins_over_the_address_of_an_interface():
    entry = {**HARVESTED, "service_path": "/api/1"}
    (found,) = identities("interface", "370000", entry, [BUREAU])
    assert found.id == ids.entry_id_from_source("interface", "foshan", "10086")
    (alone,) = identities("interface", "370000", {"service_path": "/api/1"}, [BUREAU])
    assert alone.id == service_key.entry_id(BUREAU, "", "GET", "/api/1")


def test_a_catalog_is_never_known_by_a_service():
    assert not is_known_by_service("catalog", SERVICE)
    assert identities("catalog", "370000", SERVICE, [USCC]) == []


def test_a_department_without_a_registered_code_is_one_provider():
    assert len(identities("interface", "370000", SERVICE, ["", BUREAU])) == 1


@pytest.mark.parametrize("entry", [{}, {"source_id": "foshan"}, {"title": "企业名录"}])
def test_what_identifies_nothing_has_no_identity(entry):
    assert identities("catalog", "370000", entry) == []


def test_a_code_that_makes_no_address_is_an_error():
    with pytest.raises(ValueError, match="address"):
        identities("catalog", "370000", {"resource_code": "药店/1"})


def test_nobody_else_derives_the_identity_of_an_entry():
    derives = re.compile(r"\b(entry_id_from_source|service_id|entry_name_from_source)\(")
    # their own files, and what looks entries of a fixed source up
    known = {"identifiers/ids.py", "identifiers/service_key.py", "identifiers/entry_key.py"}
    known |= {"bench/judged_search.py"}
    found = {
        path
        for path, source in house.parted(house.modules(PACKAGE))[0].items()
        if derives.search(source)
    }
    assert found == known
