"""Every GET action and page as every reader: canaries where they belong, and nowhere else.

Actions and routes are taken from the running portal, so a new one is crawled without a word here.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import ckan.logic
import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from sqlalchemy.exc import SQLAlchemyError

from ckanext.sdopen.access import visibility
from ckanext.sdopen.tests.corpus.planted import PAST, called, followed, plant
from ckanext.sdopen.tests.corpus.visits import visited

pytestmark = pytest.mark.slow

READERS = (
    visibility.ANONYMOUS,
    visibility.GOVERNMENT,
    visibility.MEMBER,
    visibility.AUTHORITY,
)
CANARY = re.compile(r"zq[a-z]+\d\d[ci]qz")
# what a reader's own doing asks for beside one id, so that the action gets to its rows
MORE: dict[str, dict[str, Any]] = {
    "activity_diff": {"object_type": "package"},
    "activity_show": {"include_data": True},
    "current_package_list_with_resources": {"limit": 100},
    "datastore_search": {"limit": 10},
    "group_list": {"all_fields": True, "include_extras": True, "type": "topic"},
    "organization_list": {"all_fields": True, "include_extras": True, "sort": "package_count"},
    "organization_show": {"include_datasets": True},
    "group_show": {"include_datasets": True},
    "package_search": {"rows": 200, "include_private": True, "include_drafts": True},
    "tag_show": {"include_datasets": True},
    "user_show": {"include_datasets": True, "include_num_followers": True},
    "resource_search": {"limit": 500},
    "recently_changed_packages_activity_list": {"limit": 100},
    "user_activity_list": {"limit": 100},
    "organization_activity_list": {"limit": 100},
    "group_activity_list": {"limit": 100},
    "dashboard_activity_list": {"limit": 100},
}
ABSENT = "0c0ffee0-0000-4000-8000-000000000000"
# (kind of answer, its text)
Told = tuple[str, str]
# {parameter: what is asked with it}
Families = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def world(clean_portal):
    return followed(plant(whole=False))


def get_actions() -> list[str]:
    tk.get_action("package_show")
    names = ckan.logic._actions.items()
    return sorted(name for name, one in names if getattr(one, "side_effect_free", False))


def expected(world, role: str, kinds: set[str] | None = None) -> set[str]:
    edits = role == visibility.AUTHORITY
    entries = [e for e in world.entries if kinds is None or e.kind in kinds]
    return set().union(*(entry.expected(role, edits) for entry in entries))


def tolerated(world, role: str) -> set[str]:
    """What a reader may find: more than he needs to find, where he looks into the past."""
    edits = role == visibility.AUTHORITY
    past = {w for e in world.entries for w, part in e.words.items() if part == PAST and edits}
    return expected(world, role) | past


def answer(name: str, reader: str, parameters: dict[str, Any]) -> Told:
    """What an action answers."""
    try:
        found = called(name, reader, **parameters)
    except Exception as error:  # noqa: BLE001 CKAN's own fail in many ways where words are odd
        if isinstance(error, SQLAlchemyError):
            model.Session.rollback()
        return type(error).__name__, str(error)
    if isinstance(found, str):
        # a graph is written in no fixed order, with names of its own for blank nodes
        found = sorted(re.sub(r"N[0-9a-f]{32}", "N", found).splitlines())
    if isinstance(found, dict):
        found = {key: value for key, value in found.items() if key != "until"}
    return "answered", json.dumps(found, ensure_ascii=False, default=str)


def families(world) -> Families:
    """{parameter: what is asked with it}: every id of what was planted, and every word."""
    ids = [
        reference
        for entry in world.entries
        for reference in (
            *(entry.id if entry.number % 2 else entry.name, entry.resource_id, entry.view_id),
            entry.removed_id,
            *entry.activity_ids,
        )
        if reference
    ]
    groups = [world.bureau["id"], world.bureau["name"], "medical"]
    tags = [word for entry in world.entries for word in entry.words if word.startswith("zqtag")]
    users = [user for user in world.readers.values() if user]
    resources = [one for e in world.catalogs for one in (e.resource_id, e.removed_id)]
    fields = ("name", "url", "description", "format", "hash")
    return {
        "id": [{"id": one} for one in (*ids, *groups, *tags, *users)]
        + [{"id": one, "object_type": "package"} for one in groups],
        "resource_id": [{"resource_id": one} for one in resources],
        "entity_id": [{"entity_id": one, "task_type": "x", "key": "x"} for one in resources],
        "q": [{"q": word} for word in ("zq", "csv", *tags)],
        "query": [{"query": "zq"}, *({"query": f"{field}:zq"} for field in fields)],
    }


def crawl(name: str, reader: str, asked: Families) -> Iterator[tuple[dict[str, Any], Told]]:
    """What an action is asked for, and its answer; a parameter that changes nothing once."""
    more = MORE.get(name, {})
    plain = answer(name, reader, dict(more))
    yield dict(more), plain
    for key, several in asked.items():
        if answer(name, reader, {**more, key: "zq:nothing"}) != plain:
            for one in several:
                parameters = {**more, **one}
                yield parameters, answer(name, reader, dict(parameters))


@pytest.fixture(scope="module", params=READERS)
def crawled(request, world, portal_app):
    """(role, {(action, asked for): answer}) of a reader's visit to every GET action."""
    reader, asked = world.readers[request.param], families(world)
    with portal_app.flask_app.test_request_context():
        answers = {
            (name, json.dumps(parameters)): told
            for name in get_actions()
            for parameters, told in crawl(name, reader, asked)
        }
    return request.param, answers


def test_no_action_tells_more_than_the_table_and_together_they_tell_all(world, crawled):
    role, answers = crawled
    wanted, found, told = expected(world, role), set(), {}
    may = tolerated(world, role)
    for (name, asked), (_, text) in answers.items():
        words = set(CANARY.findall(text)) - set(CANARY.findall(asked))
        if words - may:
            told.setdefault(name, (asked, sorted(words - may)[:5]))
        found |= words
    assert not told
    # what stands within a file comes by its page
    assert {word for word in wanted if not word.startswith("zqfile")} <= found


def unreadable(world, role: str) -> list[Any]:
    seen = expected(world, role)
    return [e for e in world.entries if not seen & set(e.words)]


def test_an_action_answers_unreadable_and_withdrawn_like_absent(
    world, crawled, with_request_context
):
    role, answers = crawled
    hidden = {
        reference
        for e in unreadable(world, role)
        for reference in (e.id, e.name, e.resource_id, e.removed_id, e.view_id, *e.activity_ids)
        if reference
    }
    assert bool(hidden) == (role in (visibility.ANONYMOUS, visibility.GOVERNMENT))
    differing: list[Any] = []
    # one answer for all that is hidden
    absent: dict[tuple[str, str], Told] = {}
    for (name, asked), (kind, text) in answers.items():
        parameters = json.loads(asked)
        for key in {"id", "resource_id", "entity_id"} & set(parameters):
            if parameters[key] in hidden:
                nothing = {**parameters, key: ABSENT}
                known = (name, json.dumps(nothing))
                if known not in absent:
                    absent[known] = answer(name, world.readers[role], nothing)
                if (kind, text.replace(parameters[key], ABSENT)) != absent[known]:
                    differing.append((name, key, kind, text[:100], absent[known]))
    assert not differing


WRITES: dict[str, tuple[str, dict[str, Any]]] = {
    "datastore_create": ("resource_id", {"fields": [{"id": "x", "type": "text"}], "force": True}),
    "datastore_delete": ("resource_id", {"force": True}),
    "datastore_upsert": ("resource_id", {"records": [{"x": 1}], "method": "insert"}),
    "follow_dataset": ("id", {}),
    "package_delete": ("id", {}),
    "package_owner_org_update": ("id", {"organization_id": "x"}),
    "package_patch": ("id", {"title": "x"}),
    "package_resource_reorder": ("id", {"order": []}),
    "package_update": ("id", {"title": "x"}),
    "resource_create": ("package_id", {"url": "http://example.com"}),
    "resource_delete": ("id", {}),
    "resource_patch": ("id", {"name": "x"}),
    "resource_update": ("id", {"url": "http://example.com"}),
    "resource_view_create": ("resource_id", {"title": "x", "view_type": "datatables_view"}),
    "resource_view_delete": ("id", {}),
    "resource_view_reorder": ("id", {"order": []}),
    "resource_view_update": ("id", {"title": "x"}),
    "sdopen_entry_publish": ("id", {}),
    "sdopen_entry_withdraw": ("id", {"reason": "x"}),
    "unfollow_dataset": ("id", {}),
}


@pytest.mark.parametrize("name", sorted(WRITES))
@pytest.mark.parametrize("role", [visibility.ANONYMOUS, visibility.GOVERNMENT])
def test_a_write_to_an_unreadable_entry_is_answered_like_one_to_an_absent(world, role, name):
    key, more = WRITES[name]
    reader = world.readers[role]
    absent = answer(name, reader, {**more, key: ABSENT})
    assert absent[0] in ("NotFound", "NotAuthorized")
    for entry in unreadable(world, role):
        for reference in filter(None, (entry.id, entry.name, entry.resource_id, entry.view_id)):
            kind, text = answer(name, reader, {**more, key: reference})
            assert (kind, text.replace(reference, ABSENT)) == absent


def rules(app) -> list[Any]:
    return [
        rule
        for rule in app.flask_app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and not rule.endpoint.startswith(("static", "webassets", "api.action", "home.redirect"))
    ]


# their ids are those of departments, topics, accounts, tags
OTHERS = ("admin", "dashboard", "feeds", "group", "organization", "topic", "user")
OTHER_PAGES = (
    "activity.group_",
    "activity.organization_",
    "activity.user_",
)


def of_others(rule) -> bool:
    blueprint = rule.endpoint.split(".")[0]
    return blueprint in OTHERS or rule.endpoint.startswith(OTHER_PAGES)


# what an entry shows to whom nothing of it is hidden
SHOWING = (".read", ".download", ".dump", ".view", ".package_activity", ".package_changes")


def fits(rule, entry) -> bool:
    """Whether a route is about an entry, or about nothing of anybody's for none."""
    about = {"id", "_id", "resource_id", "view_id", "activity_id"} & rule.arguments
    if entry is None or not about or of_others(rule):
        return entry is None and not about
    if {"resource_id", "view_id"} & rule.arguments and not entry.resource_id:
        return False
    # pages of catalogs with interfaces in them, and the other way round, for a few only
    other = "dataset" if entry.kind == "interface" else "interface"
    return entry.number < 2 or not rule.endpoint.startswith(other)


def addresses(app, world, entry=None, ends=("",)) -> set[str]:
    """The address of every GET route, filled with what belongs to an entry, else to the rest."""
    values = {"ver": 3, "lang": "zh_Hans_CN", "logic_function": "x", "target_locale": "zh_CN"}
    values |= {"path": "x", "filename": "x.csv", "token": "x", "storage_name": "x"}
    values |= {"location": "x", "id": "x", "name": "population", "start": "x", "_format": "ttl"}
    values |= {"owner_org": world.bureau["name"], "book_id": ABSENT, "kind": "topic"}
    if entry is not None:
        values |= {"resource_id": entry.resource_id, "view_id": entry.view_id, "id": entry.name}
        values |= {"activity_id": entry.activity_ids[-1], "_id": entry.name}
    found = set()
    for rule in rules(app):
        if not fits(rule, entry) or not rule.endpoint.endswith(tuple(ends)):
            continue
        # an argument of a route that is new here: the first of the words it takes, else any
        words = {name: min(getattr(c, "items", ["x"])) for name, c in rule._converters.items()}
        used = {name: values.get(name, words.get(name)) for name in rule.arguments}
        of_activity = rule.endpoint.startswith("activity.") and "changes" in rule.endpoint
        if of_activity and entry is not None:
            used["id"] = entry.activity_ids[-1]
        built = rule.build({**(rule.defaults or {}), **used})
        found |= {built[1]} if built else set()
    return found


def of_removed(entry) -> set[str]:
    """The addresses that gave a removed file and its table."""
    if not entry.removed_id:
        return set()
    page = f"/dataset/{entry.name}/resource/{entry.removed_id}"
    return {page, f"{page}/download/x.csv", f"/datastore/dump/{entry.removed_id}"}


def general(world, app) -> set[str]:
    """Lists, feeds, pages of departments, topics and accounts, searches of the helpers."""
    found = addresses(app, world)
    for rule in rules(app):
        if of_others(rule) and "id" in rule.arguments:
            tags = [w for e in world.entries for w in e.words if w.startswith("zqtag")]
            groups = [world.bureau["name"], "medical"]
            for reference in tags if rule.endpoint == "feeds.tag" else groups:
                built = rule.build({**(rule.defaults or {}), "id": reference})
                found |= {built[1]} if built else set()
    for user in filter(None, world.readers.values()):
        found |= {f"/user/{user}", f"/user/activity/{user}", f"/user/{user}/organizations"}
    for query in ("zq", "tags=zq", "csv"):
        found |= {f"/dataset/?q={query}", f"/feeds/custom.atom?q={query}", "/feeds/dataset.atom"}
        found.add(f"/api/2/util/tag/autocomplete?incomplete={query}")
        found.add(f"/api/2/util/dataset/autocomplete?incomplete={query}")
        found.add(f"/api/2/util/resource/format_autocomplete?incomplete={query}")
    found |= {f"/dataset/?page={page}" for page in (2, 3)}
    return {one for one in found if "logout" not in one}


@pytest.mark.parametrize("role", READERS)
def test_no_page_tells_more_than_the_table_and_together_they_tell_all(world, role, portal_app):
    headers, found, told, broken = world.headers(role), set(), {}, {}
    wanted, hidden, may = expected(world, role), unreadable(world, role), tolerated(world, role)
    asked = general(world, portal_app)
    # the pages of hidden entries are those of absent ones, see the next test
    for entry in (e for e in world.entries if e not in hidden):
        asked |= addresses(portal_app, world, entry, ("",) if hidden else SHOWING)
        asked |= of_removed(entry)
    for address in sorted(asked):
        status, text = visited(portal_app, address, headers)
        if status >= 500:
            broken[address] = text[:300]
        words = set(CANARY.findall(text)) - set(CANARY.findall(address))
        if words - may:
            told.setdefault(address, sorted(words - may)[:5])
        found |= words
    assert not told
    assert not broken
    assert wanted <= found


@pytest.mark.parametrize("role", [visibility.ANONYMOUS, visibility.GOVERNMENT])
def test_a_page_of_an_unreadable_entry_is_that_of_an_absent_one(world, role, portal_app):
    headers, differing = world.headers(role), []

    def plain(text: str, *references: str) -> str:
        for reference in filter(None, references):
            text = text.replace(reference, ABSENT)
        return re.sub(r"csrf[^>]+", "", text)

    absent, kinds = {}, set()
    for entry in unreadable(world, role):
        if (entry.state, entry.kind) in kinds:
            continue  # one hook answers for all of them, before any view
        kinds.add((entry.state, entry.kind))
        references = (entry.id, entry.name, entry.resource_id, entry.view_id, *entry.activity_ids)
        for address in addresses(portal_app, world, entry):
            status, text = visited(portal_app, address, headers)
            nowhere = plain(address, *references)
            if nowhere not in absent:
                kind, found = visited(portal_app, nowhere, headers)
                absent[nowhere] = (kind, plain(found))
            if (status, plain(text, *references)) != absent[nowhere]:
                differing.append((address, status, absent[nowhere][0]))
    assert not differing


def test_the_feed_of_a_hidden_tag_is_that_of_an_absent_one(world, portal_app):
    def plain(tag: str) -> str:
        text = visited(portal_app, f"/feeds/tag/{tag}.atom", {})[1]
        return re.sub(r"<updated>[^<]+|\d{4}-\d\d-\d\d[^<\"]+", "", text.replace(tag, "tag"))

    for entry in unreadable(world, visibility.ANONYMOUS):
        for tag in (word for word in entry.words if word.startswith("zqtag")):
            assert plain(tag) == plain("zqnothing")


def test_files_are_searched_by_the_fields_of_our_own_too(world, with_request_context, monkeypatch):
    """Each file has the word in name and address; those of all but open catalogs are not told."""
    # what a portal lists in ckan.extra_resource_fields
    monkeypatch.setattr(model.Resource, "extra_columns", ["original_filename"])
    for field in ("original_filename", "name", "url"):
        told = called("resource_search", "", query=f"{field}:zq")
        text = json.dumps(told, ensure_ascii=False, default=str)
        assert set(CANARY.findall(text)) <= expected(world, visibility.ANONYMOUS)
        assert told["count"] == len(told["results"]) == 1


@pytest.mark.parametrize("stranger", ["cataloguer", "authority elsewhere"])
def test_a_stranger_is_told_what_every_government_account_is_told(world, stranger, portal_app):
    """Whatever he is elsewhere; asked are the lists, and what is hidden from him."""
    reader, told, found = world.strangers[stranger], {}, set()
    may = expected(world, visibility.GOVERNMENT)
    hidden = unreadable(world, visibility.GOVERNMENT)
    asked = [{"id": e.id} for e in hidden] + [{"q": "zq"}, {"query": "name:zq"}]
    asked += [{"resource_id": e.resource_id} for e in hidden if e.resource_id]
    asked += [{"id": world.bureau["id"]}]
    with portal_app.flask_app.test_request_context():
        for name in get_actions():
            for one in ({}, *asked):
                text = answer(name, reader, {**MORE.get(name, {}), **one})[1]
                words = set(CANARY.findall(text)) - set(CANARY.findall(str(one)))
                told |= {(name, str(one)): words - may} if words - may else {}
                found |= words
    for address in ("/dataset/?q=zq", "/dataset/?page=2", *(f"/dataset/{e.id}" for e in hidden)):
        words = set(CANARY.findall(visited(portal_app, address, world.headers(stranger))[1]))
        told |= {address: words - may} if words - may else {}
    assert not told
    assert {w for e in world.entries for w in e.words if w.startswith("zqtitle")} & may <= found


def test_the_answers_to_strangers_are_those_to_a_government_account(world, portal_app):
    with portal_app.flask_app.test_request_context():
        for action in ("package_search", "resource_search", "package_list", "tag_list"):
            asked = (
                {**MORE.get(action, {}), "query": "name:zq"}
                if "res" in action
                else MORE.get(action, {})
            )
            seen = answer(action, world.readers[visibility.GOVERNMENT], dict(asked))
            for stranger in world.strangers.values():
                assert answer(action, stranger, dict(asked)) == seen
