"""What package_create and package_update refuse a bulk write refuses, naming the same fields."""

from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model

from ckanext.sdopen.catalog import identifier
from ckanext.sdopen.tests.catalog.bulk import plays
from ckanext.sdopen.tests.catalog.bulk.cast import AUTHORITY, EDITOR, Cast, assemble
from ckanext.sdopen.tests.catalog.bulk.lives import entry_id
from ckanext.sdopen.tests.catalog.bulk.records import (
    items,
    plain_harvested,
    resource,
    whole_catalog,
    whole_interface,
)
from ckanext.sdopen.tests.conftest import empty_portal

SECRET = "绝密★长期 某某工程坐标"

OF_CATALOGS: dict[str, dict[str, Any]] = {
    "no title": {"title": ""},
    "a title that is a list": {"title": ["列", "表"]},
    "a title that is an object": {"title": {"zh": "对象"}},
    "a control character in the title": {"title": "名\x00称"},
    "half of a surrogate pair": {"notes": "摘\ud800要"},
    "a title too long": {"title": "长" * 2_000},
    "an abstract too long": {"notes": "长" * 60_000},
    "no abstract": {"notes": None},
    "a title that names a system": {"title": "行政审批管理系统"},
    "no code": {"resource_code": ""},
    "a code of another shape": {"resource_code": "x/1"},
    "a code that makes no address": {"resource_code": "307 001/7"},
    "a code that is an object": {"resource_code": {"a": 1}},
    "classes that the code denies": {"category": "1", "division": "08"},
    "no topics": {"topics": []},
    "an unknown topic": {"topics": ["medical", "weather"]},
    "topics that are an object": {"topics": {"a": 1}},
    "no provider": {"owner_org": ""},
    "an unknown provider": {"owner_org": "no-such-department"},
    "a provider that is a list": {"owner_org": ["x"]},
    "another region": {"region": "370100"},
    "a region that is none": {"region": "999999"},
    "a wrong provider code": {"provider_code": "123"},
    "an unknown level": {"data_level": "general_9"},
    "an unknown library": {"library": "x"},
    "an unknown format category": {"format_category": "x"},
    "a format of no category": {"format_types": ["xlsx", "jpg"], "format_note": ""},
    "formats that are an object": {"format_types": {"a": 1}},
    "a count that is none": {"record_count": "12万"},
    "a count below nothing": {"file_count": -1},
    "a count that is a list": {"record_count": [1]},
    "a quantity with a unit": {"census_stored_gb": "12G"},
    "a quantity beyond all": {"census_stored_gb": "1e400"},
    "a day that is none": {"released_on": "2024-02-30"},
    "a day that is a number": {"released_on": 20240105},
    "an address that is none": {"contact_email": "not an address"},
    "an author's address that is none": {"author_email": "not an address"},
    "a maintainer's address that is none": {"maintainer_email": "x@"},
    "a version too long": {"version": "1" * 101},
    "digits that are none": {"division": "7x"},
    "items that are no table": {"info_items": "不是表"},
    "items that are nested lists": {"info_items": [["嵌套"]]},
    "too many items": {"info_items": items(2_001)},
    "an item of an unknown type": {"info_items": [{"name": "甲", "data_type": "?"}]},
    "an item without a name": {"info_items": [{"data_type": "D"}]},
    "an item whose name is an object": {"info_items": [{"name": {"a": 1}, "data_type": "D"}]},
    "an item that may or may not be empty": {
        "info_items": [{"name": "甲", "data_type": "D", "nullable": "perhaps"}]
    },
    "no items of structured data": {"info_items": []},
    "an unknown sharing": {"sharing": "x"},
    "no sharing": {"sharing": ""},
    "a condition that is not said": {"sharing": "conditional"},
    "refused without a basis": {"opening": "none"},
    "an unknown way of sharing": {"sharing_method_types": ["x"]},
    "an unknown use": {"usage_requirements": ["x"]},
    "an unknown cycle": {"update_cycle": "自定义"},
    "a tag too short": {"tags": [{"name": "税"}]},
    "a tag of forbidden characters": {"tags": [{"name": "a/b/c"}]},
    "a tag too long": {"tags": [{"name": "长" * 101}]},
    "tags that are a text": {"tags": "药店"},
    "a form's tag that is wrong": {"tags": [], "tag_string": "药店,！！"},
    "resources that are an object": {"resources": {"a": 1}},
    "a resource twice": {"resources": [resource(1), resource(1)]},
    "a resource of a count that is none": {"resources": [resource(1, record_count="x")]},
    "a resource of a size that is none": {"resources": [resource(1, size="x")]},
    "a resource of a size beyond all": {"resources": [resource(1, size=10**30)]},
    "a resource of a size one bit too long": {"resources": [resource(1, size=str(2**63))]},
    "a resource of an address that nobody reads": {"resources": [resource(1, url="http://[x")]},
    "a resource whose id is a list": {"resources": [resource(1, id=["x"])]},
    "an id of two resources": {
        "resources": [resource(n, id="0ab0ae7e-94f2-4b1a-8a9e-65a4ed9ff201") for n in (1, 2)]
    },
    "a resource of a moment that is none": {"resources": [resource(1, last_modified="x")]},
    "a resource of a wrong id": {"resources": [{"id": "!", "name": "没有地址"}]},
    "a state that is none": {"state": "no_such_state"},
    "a secret abstract": {"notes": SECRET},
    "a secret tag": {"tags": [{"name": "机密级"}]},
    "a secret file": {"resources": [resource(1, name="坐标（绝密）")]},
    "a secret item": {"info_items": [{"name": "机密★坐标", "data_type": "D"}]},
    "much at once": {"sharing": "x", "census_stored_gb": "12G", "resource_code": "x", "title": ""},
    "an id that is an object": {"id": {"a": 1}},
    "a source without its key": {"source_id": "foshan", "source_key": "", "resource_code": ""},
}
OF_INTERFACES: dict[str, dict[str, Any]] = {
    "nothing that it is known by": {"resource_code": "", "service_code": "", "service_path": ""},
    "an unknown catalog": {"catalog": "no-such-catalog"},
    "an unknown method": {"http_method": "FETCH"},
    "an unknown status": {"service_status": "x"},
    "a parameter without a name": {"request_params": [{"type": "string"}], "paging": "none"},
    "a parameter twice": {
        "request_params": [{"name": "page", "type": "x"}, {"name": "page", "type": "x"}],
        "size_param": "page",
    },
    "parameters that are a text": {"request_params": "x"},
    "a meaning without a code": {"error_codes": [{"meaning": "x"}]},
    "an address of support that is none": {"support_email": "x"},
    "much at once": {"catalog": "no-such-catalog", "record_count": "x", "http_method": "?"},
}


@pytest.fixture(scope="module")
def cast() -> Cast:
    """Departments, accounts, and a catalog and an interface that updates are sent to."""
    empty_portal()
    cast = assemble()
    for record in (_catalog(cast, 1), _interface(cast, 1)):
        assert plays.by_actions([record], AUTHORITY)[0].accepted
    return cast


def _catalog(cast: Cast, number: int) -> plays.Record:
    return whole_catalog(cast, f"307021/{number:06d}")


def _interface(cast: Cast, number: int) -> plays.Record:
    return whole_interface(cast, f"307021/{number:06d}", "")


def both(record: plays.Record, by: str = AUTHORITY) -> tuple[plays.Outcome, plays.Outcome]:
    """The outcomes of a wrong record: by the actions, and as one of a batch."""
    before = _rows()
    outcomes = plays.by_actions([record], by)[0], plays.by_bulk([record], by)[0]
    assert _rows() == before, "nothing is written"
    return outcomes


def _rows() -> list[Any]:
    counted = "SELECT (SELECT count(*) FROM package), max(metadata_modified) FROM package"
    rows = [tuple(row) for row in model.Session.connection().exec_driver_sql(counted)]
    model.Session.remove()
    return rows


def agree(record: plays.Record, by: str = AUTHORITY) -> None:
    """Both refuse the record, and name the same fields where the action names any."""
    by_action, by_bulk = both(record, by)
    assert not by_action.accepted, "it is no wrong record"
    assert not by_bulk.accepted
    if by_action.fields:
        assert by_bulk.fields == by_action.fields


@pytest.mark.parametrize("wrong", OF_CATALOGS)
def test_a_new_catalog(cast, wrong):
    agree({**_catalog(cast, 2), **OF_CATALOGS[wrong]})


@pytest.mark.parametrize("wrong", OF_INTERFACES)
def test_a_new_interface(cast, wrong):
    agree({**_interface(cast, 2), **OF_INTERFACES[wrong]})


SAME_KEY = set(OF_CATALOGS) - {
    # it is another entry, or none, then
    "no code",
    "a code of another shape",
    "a code that makes no address",
    "a code that is an object",
    "much at once",
    "an unknown provider",
    "a provider that is a list",
    "no provider",
    "a source without its key",
    # an update by the stored id
    "an id that is an object",
}


@pytest.mark.parametrize("wrong", sorted(SAME_KEY))
def test_a_known_catalog(cast, wrong):
    agree({**_catalog(cast, 1), **OF_CATALOGS[wrong], "id": entry_id("307021/000001")})


@pytest.mark.parametrize(
    "change",
    [
        {"resource_code": "307021/000009"},
        {"region": "370100"},
        {"resource_code": ""},
        {"owner_org": "no-such-department"},
    ],
)
def test_what_never_changes(cast, change):
    agree({**_catalog(cast, 1), **change, "id": entry_id("307021/000001")})


def test_a_resource_of_another_entry(cast):
    base = _catalog(cast, 1)
    taken = identifier.resource_id(entry_id(base["resource_code"]), base["resources"][0]["url"])
    agree({**_catalog(cast, 2), "resources": [{"id": taken, "name": "没有地址"}]})


def test_a_record_that_the_database_cannot_look_for_is_alone(cast):
    odd = [{**_catalog(cast, n), "owner_org": text} for n, text in ((34, "\x00"), (35, "\ud800"))]
    outcomes = plays.by_bulk([odd[0], _catalog(cast, 36), odd[1]], AUTHORITY)
    assert [one.accepted for one in outcomes] == [False, True, False]
    assert outcomes[0].fields == outcomes[2].fields == {"owner_org"}


def test_a_catalog_does_not_become_an_interface(cast):
    record = {**_interface(cast, 1), "id": entry_id("307021/000001")}
    assert plays.by_bulk([record], AUTHORITY)[0].fields == {"type"}


def test_a_harvested_catalog_lacks_what_even_a_source_knows(cast):
    agree({"type": "dataset", "source_id": "foshan", "source_key": "77", "notes": "x"})
    agree(plain_harvested(cast, "78", sharing="x", title=""))


def test_a_cataloguer_and_a_published_entry(cast):
    agree(_catalog(cast, 1), EDITOR)


def test_a_cataloguer_and_a_department_that_is_not_his(cast):
    agree({**_catalog(cast, 3), "owner_org": cast.city}, EDITOR)


def test_nobody(cast):
    agree(_catalog(cast, 3), "no-such-account")


def test_a_wrong_record_among_sound_ones_is_alone(cast):
    sound = [_catalog(cast, 30), _catalog(cast, 31)]
    wrong = {**_catalog(cast, 32), "sharing": "x", "title": ""}
    outcomes = plays.by_bulk([sound[0], wrong, sound[1]], AUTHORITY)
    assert [one.accepted for one in outcomes] == [True, False, True]
    assert outcomes[1].fields == {"sharing", "title"}


def test_nothing_of_a_secret_is_told(cast):
    record = {**_catalog(cast, 33), "notes": SECRET}
    asked = {"records": [record]}
    told = tk.get_action("sdopen_entry_bulk_upsert")({"user": AUTHORITY}, asked)
    assert "某某工程" not in str(told)
    assert told["counts"]["rejected"] == 1
