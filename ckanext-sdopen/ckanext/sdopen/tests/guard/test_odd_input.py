"""No odd value of any parameter of any live action ends in an error page."""

import json
from zlib import crc32

import pytest
from ckan.tests import factories

from ckanext.sdopen.tests.guard.corpus import odd_calls
from ckanext.sdopen.tests.guard.corpus.odd_calls import VALUES, World

pytestmark = pytest.mark.slow
# every how many-th value that fits its parameter is called in a run
SHARES = {"a system administrator": 15, "nobody": 40}


@pytest.fixture(scope="module")
def world(clean_portal, portal_app):
    with portal_app.flask_app.test_request_context():
        return World()


@pytest.fixture(scope="module")
def callers(world):
    """{who calls: (name, headers)}."""
    admin = factories.SysadminWithToken()
    return {
        "a system administrator": (admin["name"], {"Authorization": admin["token"]}),
        "nobody": ("", {}),
    }


@pytest.mark.parametrize("caller", SHARES)
def test_no_odd_value_breaks_an_action(world, callers, portal_app, caller):
    user, _ = callers[caller]
    asked, found = 0, {}
    with portal_app.flask_app.test_request_context():
        for case in odd_calls.cases(SHARES[caller]):
            asked += 1
            broken = odd_calls.broken(user, *odd_calls.odd(world, case))
            if broken:
                found[case] = broken
    assert not found
    # the table has not become empty: 200 actions with some parameters each
    assert asked > 1_000


@pytest.mark.parametrize("caller", SHARES)
def test_no_action_breaks_without_input(world, callers, portal_app, caller):
    user, _ = callers[caller]
    with portal_app.flask_app.test_request_context():
        found = {name: odd_calls.broken(user, name, {}) for name in odd_calls.actions()}
    assert {name: broken for name, broken in found.items() if broken} == {}


def answered(portal_app, name, headers, body=None, query=None):
    """(status, JSON) of the action API."""
    address = f"/api/3/action/{name}"
    if body is None:
        answer = portal_app.get(address, query_string=query, headers=headers)
    else:
        sent = {"Content-Type": "application/json", **headers}
        answer = portal_app.post(address, data=body, headers=sent)
    return answer.status_code, json.loads(answer.get_data())


def judged(status: int, told: dict) -> bool:
    """Whether it is an answer, or a refusal as CKAN's clients know them."""
    if status == 200:
        return told["success"] is True
    kind = told["error"]["__type"] if isinstance(told, dict) else told
    return status in (400, 403, 404, 409) and bool(kind)


@pytest.mark.parametrize("caller", SHARES)
def test_over_http_each_action_refuses_what_is_odd(world, callers, portal_app, caller):
    _, headers = callers[caller]
    labels, found = list(VALUES), {}
    for name, by_get in odd_calls.actions().items():
        asked = odd_calls.parameters(name) or ("id",)
        place = crc32(name.encode())
        parameter, label = asked[place % len(asked)], labels[place % len(labels)]
        if (name, parameter) == ("sdopen_synonyms_update", "table"):
            label = "NUL"
        body = json.dumps({**world.right(name), parameter: VALUES[label]})
        status, told = answered(portal_app, name, headers, body)
        if not judged(status, told):
            found[name, parameter, label] = status, told
        if by_get:
            status, told = answered(portal_app, name, headers, query={parameter: "a\x00b"})
            # parameters of no meaning are left alone
            if not judged(status, told) or (status, told.get("success")) == (200, None):
                found[name, parameter, "GET"] = status, told
    assert not found


BODIES = {
    "nothing": b"",
    "a list": b"[]",
    "a list of lists": b"[[1]]",
    "a text": b'"x"',
    "a number": b"7",
    "null": b"null",
    "no JSON": b"{'q': 1}",
    "the middle of one": b'{"q": ',
    "no UTF-8": b'{"q": "\xff\xfe\xff"}',
    "GB18030": '{"q": "目录"}'.encode("gb18030"),
    "a sign cut off": '{"q": "目"}'.encode()[:-3] + b'"}',
    "a NUL as it is": b'{"q": "a\x00b"}',
    "a NUL in a name": b'{"q\\u0000": "x"}',
    "half a sign": b'{"q": "\\ud800"}',
    "half a sign in a name": b'{"\\udc00": 1}',
    "deep lists": b'{"q": ' + b"[" * 500 + b"]" * 500 + b"}",
    "lists deeper than Python reads": b'{"q": ' + b"[" * 200_000 + b"]" * 200_000 + b"}",
    "deep objects": b'{"a": ' * 500 + b"1" + b"}" * 500,
    "a number of a thousand digits": b'{"rows": ' + b"9" * 1_000 + b"}",
    "a number of ten thousand digits": b'{"rows": ' + b"9" * 10_000 + b"}",
    "a number beyond all": b'{"start": 1e999}',
    "not a number": b'{"rows": NaN}',
}
NAMES = ("package_search", "package_show", "package_list", "status_show", "sdopen_change_list")


@pytest.mark.parametrize("body", BODIES)
def test_an_odd_body_is_refused(portal_app, callers, body):
    _, headers = callers["a system administrator"]
    for name in (*NAMES, "package_create", "sdopen_entry_bulk_upsert", "user_create"):
        status, told = answered(portal_app, name, headers, BODIES[body])
        assert judged(status, told) or status == 400, (name, status, told)
