"""Activities are found, left and relabelled in the table of their plugin, where it is loaded."""

import pytest
from ckan import model
from ckan.tests import factories
from ckanext.activity.model import Activity

from ckanext.sdopen.ckan_seams import activity_rows


@pytest.fixture
def left(clean_db):
    """An activity about nothing in particular."""
    user = factories.User()
    activity_rows.add(user["id"], "an-object", "changed package", {"package": {"id": "an-object"}})
    model.Session.commit()
    return model.Session.query(Activity).filter_by(object_id="an-object").one()


def test_an_activity_is_left_found_and_relabelled(left):
    assert (left.activity_type, left.data) == ("changed package", {"package": {"id": "an-object"}})
    assert left.permission_labels is None
    assert activity_rows.activity_by_id(left.id) is left
    assert activity_rows.activity_by_id("no such") is None
    assert activity_rows.activity_by_id("a\x00b") is None
    activity_rows.relabel("an-object", ["public", "member-1"])
    model.Session.refresh(left)
    assert left.permission_labels == ["public", "member-1"]


def test_without_the_plugin_there_are_none(left, monkeypatch):
    monkeypatch.setattr(activity_rows, "plugin_loaded", lambda name: False)
    assert activity_rows.activity_by_id(left.id) is None
    activity_rows.add(left.user_id, "another", "changed package", {})
    activity_rows.relabel("an-object", ["public"])
    model.Session.commit()
    assert model.Session.query(Activity).filter_by(object_id="another").count() == 0
    assert left.permission_labels is None
