"""What package_create and package_update refuse a bulk write refuses, naming the same fields."""

from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model

from ckanext.sdopen.identifiers import ids
from ckanext.sdopen.tests.bulk.corpus import plays
from ckanext.sdopen.tests.bulk.corpus.cast import AUTHORITY, EDITOR, Cast, assemble
from ckanext.sdopen.tests.bulk.corpus.lives import entry_id
from ckanext.sdopen.tests.bulk.corpus.records import (
    plain_harvested,
    whole_catalog,
    whole_interface,
)
from ckanext.sdopen.tests.bulk.corpus.wrong import OF_CATALOGS, OF_INTERFACES, SECRET
from ckanext.sdopen.tests.corpus.portal import empty_portal


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
    taken = ids.resource_id(entry_id(base["resource_code"]), base["resources"][0]["url"])
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
