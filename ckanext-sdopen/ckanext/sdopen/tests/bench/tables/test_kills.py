"""Kills while a table is loaded leave nothing torn, lost or behind; the bench does many more."""

import pytest

from ckanext.sdopen.bench.tables import killed_stand, kills
from ckanext.sdopen.tests.corpus.examples import department

pytestmark = pytest.mark.slow


def test_half_of_the_kills_come_between_the_file_and_its_pointer():
    kinds = [kills.kind_of(number, True) for number in range(200)]
    assert kinds.count(kills.POINTER) == 100
    assert set(kinds) == set(kills.KINDS)


def test_of_loads_that_are_killed_no_version_is_torn_or_lost(clean_portal, portal_app):
    department("山东省医疗保障局")
    with killed_stand.table(portal_app.flask_app) as (user, resource, _):
        outcome = kills.Kills(portal_app.flask_app, user, resource, None).run(4)
    assert outcome.figures["wrong"] == []
    assert set(outcome.kills) == {kills.POINTER, kills.WORKER, kills.LOADER}
