"""What acts by a cookie comes from the portal itself: at every address, whatever came before."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
import requests
from ckan.tests import factories

from ckanext.sdopen.jobs import queues
from ckanext.sdopen.jobs.kinds import Queue
from ckanext.sdopen.tests.corpus import examples, workers
from ckanext.sdopen.tests.guard.corpus.visits import PASSWORD, csrf_token, logged_in
from ckanext.sdopen.tests.workbook.corpus import books
from ckanext.sdopen.workbook.uploads.import_job import WORKBOOK_IMPORT

pytestmark = pytest.mark.slow

CHANGING = {"POST", "PUT", "PATCH", "DELETE"}
ELSEWHERE = "http://elsewhere.example"
# the guard's three sentences
REFUSALS = ("表单已过期，或不是来自本门户", "门户只接受来自本站页面", "程序请凭令牌")
# not found whoever asks: an entry's topics have no page, an interface has no files
NOWHERE = {("dataset.groups", "POST"), ("interface.groups", "POST")} | {
    (f"interface_resource.{page}", "POST") for page in ("edit", "delete", "edit_view")
}
# they end the session, or the account, of the requests that follow
ENDINGS = {"user.login", "user.logout", "user.delete"}


@pytest.fixture(scope="module")
def world(clean_portal):
    """A public catalog with a file, an interface, and a person without any rights."""
    bureau = examples.department("山东省示例局")
    file = {"url": "https://data.example.cn/a.csv", "name": "a.csv", "format": "CSV"}
    entry = examples.created(examples.harvested(bureau["id"], resources=[file]))
    service = examples.created(
        examples.harvested(
            bureau["id"],
            type="interface",
            source_key="10087",
            title="企业查询",
            service_path="/gateway/api/1/firms",
            http_method="GET",
        )
    )
    person = factories.User()
    token = factories.APIToken(user=person["name"])["token"]
    return {"entry": entry, "service": service, "person": person, "token": token}


def addresses(app: Any, world: dict[str, Any]) -> dict[tuple[str, str], str]:
    """{(endpoint, method): address} of all that changes something, with ids that exist."""
    found = {}
    for rule in app.flask_app.url_map.iter_rules():
        kind = "service" if rule.endpoint.startswith("interface") else "entry"
        of_type = world[kind]
        file = world["entry"]["resources"][0]["id"]

        def value(match: re.Match[str], of_type=of_type, file=file) -> str:
            name = match[2]
            known = {"id": of_type["name"], "resource_id": file, "logic_function": "package_create"}
            return "1" if match[1].startswith("int") else known.get(name, "x")

        address = re.sub(r"<((?:\w+(?:\([^)]*\))?:)?)(\w+)>", value, rule.rule)
        for method in rule.methods & CHANGING:
            found[rule.endpoint, method] = address
    return found


def sent(session: Any, url: str, method: str, address: str, **more: Any) -> requests.Response:
    return session.request(
        method, url + address, allow_redirects=False, timeout=120, data={"a": "b"}, **more
    )


def refused(answer: requests.Response) -> bool:
    """Whether the guard, and not the page, refused a request."""
    said = answer.text
    if "json" in answer.headers["Content-Type"]:
        said = str(answer.json())
    return answer.status_code in (400, 403) and any(one in said for one in REFUSALS)


@pytest.fixture(scope="module")
def primed(guarded, portal_app, world):
    """All addresses, after anonymous and token traffic to each in both processes."""
    found = addresses(portal_app, world)
    authorized = {"Authorization": world["token"]}
    with ThreadPoolExecutor(8) as pool:
        calls = [
            pool.submit(sent, requests, guarded, method, address, headers=headers)
            for (_, method), address in found.items()
            for headers in ({}, authorized)
        ]
        answers = [call.result() for call in calls]
    assert not [one.url for one in answers if refused(one)]
    return found


def test_no_address_takes_a_cookie_without_the_token(guarded, world, primed):
    session = logged_in(guarded, world["person"]["name"])
    taken = {
        name: answer.status_code
        for name, address in primed.items()
        if not refused(answer := sent(session, guarded, name[1], address))
    }
    # 404 and 403 are what everybody without rights gets there
    assert {name for name, status in taken.items() if status != 403} == NOWHERE
    assert {taken[name] for name in NOWHERE} == {404}
    assert len(primed) > 80


def test_every_address_takes_the_cookie_with_the_token(guarded, world, primed):
    session = logged_in(guarded, world["person"]["name"])
    token = {"X-CSRFToken": csrf_token(session, guarded)}
    turned_away = {
        name
        for name, address in primed.items()
        if name[0] not in ENDINGS
        and refused(sent(session, guarded, name[1], address, headers=token))
    }
    assert turned_away == set()


@dataclass(frozen=True)
class Browsing:
    """An account's session, and the CSRF token of its pages."""

    name: str
    session: requests.Session
    token: str


@pytest.fixture(scope="module")
def browsing(guarded, world):
    """The person without rights, logged in."""
    name = world["person"]["name"]
    session = logged_in(guarded, name)
    return Browsing(name, session, csrf_token(session, guarded))


@pytest.fixture(scope="module")
def authority(world):
    """Who publishes, withdraws and imports."""
    return examples.authority()


def public(url: str, entry: dict[str, Any]) -> bool:
    """Whether everybody reads an entry."""
    return requests.get(f"{url}/dataset/{entry['name']}", timeout=120).status_code == 200


def test_an_entry_is_published_and_withdrawn_from_our_pages_only(guarded, world, authority):
    bureau = examples.department("山东省示例局")
    entry = examples.created(examples.catalog(bureau["id"]), examples.editor_of(bureau))
    session = logged_in(guarded, authority["name"])
    steps = ((f"/entry/{entry['id']}/publish", True), (f"/entry/{entry['id']}/withdraw", False))
    for address, after in steps:
        call = partial(session.post, guarded + address, timeout=120, allow_redirects=False)
        foreign = call(data={"reason": "x"}, headers={"Origin": ELSEWHERE})
        bare = call(data={"reason": "x"})
        assert (foreign.status_code, bare.status_code) == (403, 400)
        assert public(guarded, entry) is not after
        form = {"reason": "重新核定", "_csrf_token": csrf_token(session, guarded)}
        assert call(data=form, headers={"Origin": guarded}).status_code == 302
        assert public(guarded, entry) is after


def test_a_workbook_is_imported_from_our_pages_only(
    guarded, world, authority, portal_app, tmp_path
):
    examples.department(books.EXAMPLE_PROVIDER, provider_code=books.catalog()["provider_code"])
    path = books.write(tmp_path / "b.xlsx", books.rows(books.catalog()))
    session = logged_in(guarded, authority["name"])
    token = {"_csrf_token": csrf_token(session, guarded)}
    asked = partial(session.post, timeout=300, allow_redirects=False)

    def checked(form):
        return asked(
            f"{guarded}/workbook", data=form, files={"upload": ("b.xlsx", path.read_bytes())}
        )

    assert checked({}).status_code == 400
    taken = checked(token)
    assert taken.status_code == 302
    check = taken.headers["Location"].rsplit("/", 1)[-1]
    assert workers.work_off(portal_app, Queue.CHECKS) == 1
    book = queues.find(check).subject
    assert asked(f"{guarded}/workbook/{book}/import").status_code == 400
    assert queues.latest(WORKBOOK_IMPORT, [book]) == {}
    assert asked(f"{guarded}/workbook/{book}/import", data=token).status_code == 302
    assert queues.latest(WORKBOOK_IMPORT, [book]).keys() == {book}


JSON = "application/json"


@pytest.mark.parametrize(
    "headers, status",
    [
        ({"Content-Type": JSON, "Origin": "own"}, 200),
        ({"Content-Type": JSON, "Referer": "own"}, 200),
        ({"Content-Type": JSON, "X-CSRFToken": "own"}, 200),
        ({"Content-Type": JSON}, 403),
        ({"Content-Type": JSON, "Origin": ELSEWHERE}, 403),
        ({"Content-Type": JSON, "Origin": "null"}, 403),
        ({"Content-Type": JSON, "Origin": ELSEWHERE, "X-CSRFToken": "own"}, 403),
        ({"Content-Type": "application/x-www-form-urlencoded", "Origin": "own"}, 403),
        ({"Content-Type": "application/x-www-form-urlencoded", "Origin": ELSEWHERE}, 403),
        ({"Content-Type": "text/plain", "Origin": ELSEWHERE}, 403),
    ],
)
def test_the_api_takes_a_cookie_from_our_pages_only(guarded, browsing, headers, status):
    own = {"Origin": guarded, "Referer": f"{guarded}/about", "X-CSRFToken": browsing.token}
    given = {name: own[name] if value == "own" else value for name, value in headers.items()}
    body = json.dumps({"id": browsing.name, "about": "here"})
    answer = browsing.session.post(
        f"{guarded}/api/3/action/user_patch", data=body, headers=given, timeout=120
    )
    assert answer.status_code == status
    assert answer.json()["success"] is (status == 200)
    if status == 403:
        assert answer.json()["error"]["__type"] == "Authorization Error"


@pytest.mark.parametrize("origin", [{}, {"Origin": ELSEWHERE}])
@pytest.mark.parametrize("as_json", [True, False])
def test_a_program_with_a_token_is_asked_for_nothing_else(guarded, origin, as_json):
    # of its own: requests of the tests before may have ended the others
    person = factories.User()
    token = factories.APIToken(user=person["name"])["token"]
    asked = {"id": person["name"], "about": "there"}
    answer = requests.post(
        f"{guarded}/api/3/action/user_patch",
        data=json.dumps(asked) if as_json else asked,
        headers={
            "Authorization": token,
            **({"Content-Type": JSON} if as_json else {}),
            **origin,
        },
        timeout=120,
    )
    assert answer.status_code == 200


def test_pages_elsewhere_may_ask_what_everybody_may(guarded, world):
    answer = requests.post(
        f"{guarded}/api/3/action/package_show",
        data={"id": world["entry"]["name"]},
        headers={"Origin": ELSEWHERE},
        timeout=120,
    )
    assert answer.json()["result"]["id"] == world["entry"]["id"]


def test_a_page_elsewhere_logs_nobody_in(guarded, world):
    form = {"login": world["person"]["name"], "password": "x"}
    answer = requests.post(
        f"{guarded}/user/login", data=form, headers={"Origin": ELSEWHERE}, timeout=120
    )
    assert answer.status_code == 403
    assert REFUSALS[1] in answer.text


def test_cookies_of_a_login_stay_with_requests_from_our_pages(guarded, world, browsing):
    form = {"login": browsing.name, "password": PASSWORD, "remember": "63072000"}
    answer = requests.post(f"{guarded}/user/login", data=form, allow_redirects=False, timeout=120)
    cookies = answer.raw.headers.getlist("Set-Cookie")
    assert {cookie.partition("=")[0] for cookie in cookies} == {"ckan"}
    assert all("SameSite=Lax" in one and "HttpOnly" in one for one in cookies)
