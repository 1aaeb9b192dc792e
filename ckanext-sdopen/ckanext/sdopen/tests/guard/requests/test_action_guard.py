"""Before an action begins, its input is looked at; what is odd is refused by its name."""

import json

import ckan.logic
import ckan.plugins.toolkit as tk
import pytest
from ckan.logic import clear_actions_cache
from ckan.tests.helpers import call_action

from ckanext.sdopen.guard.requests import action_guard, shape
from ckanext.sdopen.guard.requests.action_guard import OddInput

pytestmark = pytest.mark.usefixtures("clean_portal")
SEARCH = "package_search"


def answered(app, body: bytes | str, name: str = SEARCH, prefix: str = ""):
    """(status, error or result) of the action API."""
    headers = {"Content-Type": "application/json"}
    answer = app.post(f"{prefix}/api/3/action/{name}", data=body, headers=headers)
    told = json.loads(answer.get_data())
    return answer.status_code, told["result" if told["success"] else "error"]


# as they were found on the portal
WRONG = (
    ({"fq": ["type:dataset"]}, "fq"),
    ({"fq": {"a": 1}}, "fq"),
    ({"q": 1}, "q"),
    ({"q": True}, "q"),
    ({"q": ["水利"]}, "q"),
    ({"fq_list": {"a": 1}}, "fq_list"),
    ({"fq_list": [1]}, "fq_list"),
    ({"rows": "ten"}, "rows"),
    ({"rows": -1}, "rows"),
    ({"start": 10**30}, "start"),
    ({"facet.field": 7}, "facet.field"),
    ({"include_private": "maybe"}, "include_private"),
    ({"sort": ["title asc"]}, "sort"),
)


@pytest.mark.parametrize(("asked", "name"), WRONG)
def test_a_search_of_wrong_types_names_the_parameter(portal_app, asked, name):
    status, error = answered(portal_app, json.dumps(asked))
    assert (status, error["__type"]) == (409, "Validation Error")
    assert set(error) == {"__type", name}
    assert len(error[name]) == 1


def test_one_filter_in_a_text_is_taken_as_one(portal_app):
    status, found = answered(portal_app, '{"fq_list": "type:dataset"}')
    assert (status, found["count"]) == (200, 0)


def test_the_refusal_speaks_the_callers_language(portal_app):
    assert answered(portal_app, '{"q": 1}')[1]["q"] == ["请填写一段文字"]
    assert answered(portal_app, '{"q": 1}', prefix="/en")[1]["q"] == ["Give one text"]


def test_an_autocomplete_without_words_says_so(portal_app):
    for name in ("group", "organization", "package"):
        status, error = answered(portal_app, "{}", f"{name}_autocomplete")
        assert (status, set(error)) == (409, {"__type", "q"})


def test_all_wrong_parameters_are_named_at_once(portal_app):
    _, error = answered(portal_app, '{"q": 1, "rows": "x", "of_theirs": [[1]]}')
    assert set(error) == {"__type", "q", "rows"}


def test_a_name_with_a_sign_that_nothing_stores_is_told(portal_app):
    status, error = answered(portal_app, '{"a\\u0000": 1}')
    assert (status, set(error)) == (409, {"__type", "a\\x00"})


def test_tags_and_extras_are_named_like_others():
    """CKAN looks for errors of rows in those of tags and of extras."""
    for name in ("tags", "extras", "resources"):
        with pytest.raises(tk.ValidationError) as refused:
            call_action("package_create", **{name: [{"name": "a\x00"}]})
        assert set(refused.value.error_dict) == {name}
        assert set(refused.value.error_summary) == {name}


def test_depth_and_length_are_settings(portal_app, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckanext.sdopen.guard.nesting", 2)
    monkeypatch.setitem(ckan_config, "ckanext.sdopen.guard.elements", 3)
    name = "status_show"
    assert answered(portal_app, '{"of_theirs": [[1, 2, 3]]}', name)[0] == 200
    status, error = answered(portal_app, '{"of_theirs": [[[1]]]}', name)
    assert (status, set(error)) == (409, {"__type", "of_theirs"})
    assert "2 层" in error["of_theirs"][0]
    status, error = answered(portal_app, '{"of_theirs": [1, 2, 3, 4]}', name)
    assert (status, set(error)) == (409, {"__type", "of_theirs"})
    assert "3 个" in error["of_theirs"][0]


@pytest.fixture
def an_action_of_another_plugin(monkeypatch):
    """An action that no table of ours names, and what it was called with."""
    called = []

    @tk.side_effect_free
    def theirs(context, data_dict):
        """What theirs does."""
        called.append(data_dict)
        return tk.get_action("status_show")({}, {"id": "x"}) and "done"

    tk.get_action("status_show")
    monkeypatch.setitem(ckan.logic._actions, "theirs", theirs)
    return called


def test_an_action_of_another_plugin_is_guarded_and_else_the_same(an_action_of_another_plugin):
    called = an_action_of_another_plugin
    action = tk.get_action("theirs")
    assert (action.__name__, action.__doc__) == ("theirs", "What theirs does.")
    assert action.side_effect_free
    given = {"id": "x", "limit": "5", "of_theirs": object()}
    assert action({}, given) == "done"
    # what it gets is what was given, not a copy
    assert called[0] is given
    for odd in ({"id": ["x"]}, {"limit": -1}, {"of_theirs": "\ud800"}):
        with pytest.raises(OddInput):
            action({}, odd)
    assert len(called) == 1


def test_an_action_without_input_is_called(an_action_of_another_plugin):
    assert tk.get_action("theirs")({}) == "done"
    assert tk.get_action("theirs")(None, None) == "done"


def test_what_an_action_calls_is_not_measured_again(an_action_of_another_plugin, monkeypatch):
    measured = []
    monkeypatch.setattr(
        action_guard.shape, "flaws", lambda given, most: measured.append(given) or ()
    )
    tk.get_action("theirs")({}, {"a": 1})
    assert measured == [{"a": 1}]


def test_after_a_refusal_the_next_call_is_measured(an_action_of_another_plugin):
    for _ in range(2):
        with pytest.raises(OddInput):
            tk.get_action("theirs")({}, {"a": "\x00"})


def test_actions_that_are_collected_anew_are_guarded():
    clear_actions_cache()
    with pytest.raises(OddInput):
        tk.get_action("package_show")({}, {"id": ["x"]})
    assert tk.get_action("package_show") is tk.get_action("package_show")
    with pytest.raises(KeyError):
        tk.get_action("no_such_action")


def test_records_of_a_batch_are_left_to_the_batch(monkeypatch):
    """A wrong record keeps no other out, so the guard does not look into them."""
    measured = []
    monkeypatch.setattr(
        action_guard.shape, "flaws", lambda given, most: measured.append(given) or ()
    )
    with pytest.raises((tk.NotAuthorized, tk.ValidationError)):
        tk.get_action("sdopen_entry_bulk_upsert")(
            {"user": ""}, {"records": [{"a": "\x00"}], "run": "r"}
        )
    assert measured == [{"run": "r"}]


def test_a_batch_is_measured_in_one_walk_of_its_values(monkeypatch):
    """Texts are joined and looked at once, not one by one."""
    seen = []
    whole = shape.of_text
    monkeypatch.setattr(shape, "of_text", lambda text: seen.append(text) or whole(text))
    records = [{"title": f"目录{n}", "tags": [{"name": "水"}] * 3} for n in range(1_000)]
    assert list(shape.flaws({"records": records}, shape.Most(32, 100_000))) == []
    assert len(seen) == 1


def test_a_department_that_there_is_none_of_has_no_member_to_remove(portal_app):
    for name in ("group_member_delete", "organization_member_delete"):
        status, error = answered(portal_app, '{"id": "no-such", "username": "x"}', name)
        assert (status, error["__type"]) == (404, "Not Found Error")
