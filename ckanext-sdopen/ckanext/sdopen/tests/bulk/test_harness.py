"""The contract's harness sees what it is there to see: every difference that is planted."""

import json
from collections.abc import Callable

import pytest
from ckan import model
from ckan.lib.search.common import make_connection

from ckanext.sdopen.ckan_seams import index_document
from ckanext.sdopen.tests.bulk.corpus import plays, snapshot
from ckanext.sdopen.tests.bulk.corpus.cast import Cast, assemble
from ckanext.sdopen.tests.bulk.corpus.differences import differences
from ckanext.sdopen.tests.bulk.corpus.plays import Step
from ckanext.sdopen.tests.bulk.corpus.records import whole_catalog, whole_interface, with_class
from ckanext.sdopen.tests.corpus.portal import empty_portal

CODE = "307001/000001"


@pytest.fixture(scope="module")
def stage() -> tuple[plays.Played, Cast]:
    """A catalog that was edited, one that is closed now, and an interface."""
    empty_portal()
    cast = assemble()
    one = whole_catalog(cast, CODE)
    closed = whole_catalog(cast, "307001/000002")
    service = whole_interface(cast, CODE, "")
    first = [Step(one), Step(closed), Step(service)]
    play = [first, [Step({**one, "notes": "改。", "resources": one["resources"][:1]})]]
    play += [[Step(with_class(closed, "closed"))]]
    return plays.run(play, plays.by_actions), cast


def sql(statement: str) -> Callable[[], None]:
    """A change of the database behind everybody's back."""

    def change() -> None:
        done = model.Session.connection().exec_driver_sql(statement)
        assert done.rowcount > 0, "nothing was planted"

    return change


IT = "(SELECT id FROM package WHERE name = 'c-370000-307001-000001')"
PLANTED = {
    "a tag that stays active": f"""UPDATE package_tag SET state = 'deleted' WHERE package_id = {IT}
        AND tag_id IN (SELECT id FROM tag WHERE name = '药店')""",
    "a second row of a tag": """INSERT INTO tag (id, name) VALUES
        ('11111111-1111-4111-8111-111111111111', '药店')""",
    "one more activity": f"""INSERT INTO activity SELECT gen_random_uuid()::text, timestamp,
        user_id, object_id, activity_type, data, permission_labels FROM activity
        WHERE object_id = {IT} AND activity_type = 'new package'""",
    "a label lost of an activity": f"""UPDATE activity SET permission_labels = '{{}}'
        WHERE object_id = {IT}""",
    "an activity of another user": f"""UPDATE activity SET user_id = (SELECT id FROM "user"
        WHERE name = 'contract-editor') WHERE object_id = {IT}""",
    "an activity written without escapes": f"""UPDATE activity SET data = replace(data, '药',
        chr(92) || 'u836f') WHERE object_id = {IT}""",
    "an empty text for null": f"""UPDATE package SET url = '' WHERE id = {IT} AND url <> ''""",
    "an extra of another value": f"""UPDATE package SET extras = extras || '{{"library": "x"}}'
        WHERE id = {IT}""",
    "an entry open to all": """UPDATE package SET private = false
        WHERE name = 'c-370000-307001-000002'""",
    "a resource in another place": f"UPDATE resource SET position = 7 WHERE package_id = {IT}",
    "a resource that is not deleted": f"""UPDATE resource SET state = 'active'
        WHERE package_id = {IT} AND state = 'deleted'""",
    "a membership lost": f"UPDATE member SET state = 'deleted' WHERE table_id = {IT}",
    "a second membership": f"""INSERT INTO member
        (id, table_id, group_id, state, capacity, table_name) SELECT gen_random_uuid()::text,
        table_id, group_id, state, capacity, table_name FROM member WHERE table_id = {IT}""",
    "a narrow row behind": f"UPDATE sdopen_entry SET updated_on = NULL WHERE id = {IT}",
    "a narrow row lost": f"DELETE FROM sdopen_entry WHERE id = {IT}",
    "a number not used": f"UPDATE sdopen_number SET state = 'void' WHERE entry_id = {IT}",
    "a tombstone lost": "DELETE FROM sdopen_tombstone",
    "a moment of the row alone": f"""UPDATE package SET metadata_modified = metadata_modified
        + interval '1 second' WHERE id = {IT}""",
}


@pytest.mark.parametrize("planted", PLANTED)
def test_a_difference_in_the_database_is_seen(stage, planted):
    before = snapshot.taken(*stage)
    change = sql(PLANTED[planted])
    model.Session.remove()
    with model.Session.connection().begin_nested() as point:
        change()
        after = _within(*stage)
        point.rollback()
    assert list(differences(before, after)), "the harness is blind to it"
    model.Session.remove()
    assert not list(differences(before, snapshot.taken(*stage)))


def _within(played: plays.Played, cast: Cast) -> dict:
    """A snapshot in the transaction that holds the planted change."""
    kept, model.Session.remove = model.Session.remove, lambda: None
    try:
        return snapshot.taken(played, cast)
    finally:
        model.Session.remove = kept


DOCUMENT = {
    "a label of the document": ("permission_labels", ["nobody"]),
    "a tag of the document": ("tags", ["别的"]),
    "the words that it is found by": ("title_bi", "别的"),
    "the copy that is shown": ("validated_data_dict", None),
    "a field too many": ("extras_more", "x"),
    "a title that sorts elsewhere": ("title_sort", "zzz"),
}


@pytest.mark.parametrize("planted", DOCUMENT)
def test_a_difference_in_the_index_is_seen(stage, planted):
    before = snapshot.taken(*stage)
    field, value = DOCUMENT[planted]
    entry = model.Session.query(model.Package).filter_by(name="c-370000-307001-000001").one()
    doc = index_document.document(entry.id)
    assert doc
    shown = json.dumps({**json.loads(doc["validated_data_dict"]), "title": "别的"})
    make_connection().add([{**doc, field: value or shown}], commit=True)
    found = list(differences(before, snapshot.taken(*stage)))
    make_connection().add([doc], commit=True)
    assert found, "the harness is blind to it"
    assert not list(differences(before, snapshot.taken(*stage)))


def test_differences_are_told_by_their_place():
    one = {"entry": {"tags": [{"name": "甲"}], "state": "active", "lost": 1}}
    other = {"entry": {"tags": [{"name": "乙"}], "state": "active", "gained": "2"}}
    assert list(differences(one, other)) == [
        "entry · gained: nothing ≠ '2'",
        "entry · lost: 1 ≠ nothing",
        "entry · tags[0] · name: '甲' ≠ '乙'",
    ]
    assert list(differences({"n": 1}, {"n": True})) == ["n: 1 ≠ True"]
    assert list(differences([1], [1, 2])) == [": [1] ≠ [1, 2]"]
