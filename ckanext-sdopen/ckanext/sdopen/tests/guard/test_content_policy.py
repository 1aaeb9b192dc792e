"""The content security policy in a real browser: pages load nothing that it forbids."""

import pytest
from ckan.tests import factories

from ckanext.sdopen.tests.corpus.browser import chromium
from ckanext.sdopen.tests.guard.corpus.visits import logged_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# in each frame, before its own scripts
LISTEN = """
document.addEventListener("securitypolicyviolation", event => reportViolation(
  [event.violatedDirective, event.blockedURI, event.sample, event.sourceFile,
   event.lineNumber].join(" ")))
"""


@pytest.fixture(scope="module")
def browser():
    """The system's chromium, headless."""
    with chromium() as running:
        yield running


@pytest.fixture
def visitor(browser):
    """A window whose pages tell what the policy forbade them, and what failed in their scripts."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    page = context.new_page()
    page.troubles = []
    context.expose_binding("reportViolation", lambda source, text: page.troubles.append(text))
    context.add_init_script(LISTEN)
    page.on("pageerror", lambda error: page.troubles.append(str(error)))
    yield page
    context.close()


def troubles(page, url, address):
    """What an address is troubled by, once all that it asks for has come."""
    page.troubles.clear()
    answer = page.goto(url + address, wait_until="networkidle")
    assert answer.headers["content-security-policy"], address
    return [(address, one) for one in page.troubles]


def public_addresses(province):
    entry = next(e for e in province["entries"] if e.payload["opening"] != "none")
    table = province["tabled"][0]
    return [
        "/",
        "/dataset/?q=信息",
        f"/dataset/{entry.name}",
        f"/dataset/{table.name}/resource/{province['file']['id']}",
        "/interface/",
        f"/interface/{province['interfaces'][0].name}",
        "/organization/",
        f"/organization/{entry.department.name}",
        "/topic/",
        f"/topic/{entry.payload['topics'][0]}",
        "/library/",
        "/library/public_credit",
        "/search/synonyms",
        "/about",
        "/user/login",
        "/user/register",
        "/user/reset",
        "/nowhere",
        "/feeds/sdopen/changes.atom",
        "/api/3/action/package_show?id=nothing",
    ]


def test_public_pages_keep_to_the_policy(guarded, province, visitor):
    found = []
    for address in public_addresses(province):
        found += troubles(visitor, guarded, address)
    assert not found, found
    assert visitor.context.cookies() == []


@pytest.fixture(scope="module")
def administrator(guarded, province):
    """The cookies of somebody who sees all of CKAN's own pages."""
    session = logged_in(guarded, factories.Sysadmin(image_url="")["name"])
    return [{"name": one.name, "value": one.value, "url": guarded} for one in session.cookies]


@pytest.fixture
def officer(visitor, administrator):
    """A window in which the administrator is logged in."""
    visitor.context.add_cookies(administrator)
    return visitor


def addresses_behind_a_login(province):
    table = province["tabled"][0]
    entry, file = f"/dataset/{table.name}", province["file"]["id"]
    return [
        "/dashboard/",
        "/dashboard/datasets",
        "/user/edit",
        "/dataset/",
        "/dataset/new",
        f"/dataset/edit/{table.name}",
        f"/dataset/activity/{table.name}",
        f"{entry}/resource/{file}",
        f"{entry}/resource/{file}/edit",
        f"{entry}/resource/{file}/views",
        f"{entry}/dictionary/{file}",
        "/interface/new",
        "/organization/new",
        f"/organization/edit/{table.department.name}",
        "/topic/new",
        "/workbook",
        "/classification",
        "/ckan-admin/",
        "/ckan-admin/config",
        "/ckan-admin/trash",
    ]


def test_pages_behind_a_login_keep_to_the_policy(guarded, province, officer):
    found = []
    for address in addresses_behind_a_login(province):
        found += troubles(officer, guarded, address)
    assert not found, found


def test_the_buttons_of_the_form_of_a_file_still_work(guarded, province, officer):
    table = province["tabled"][0]
    assert troubles(officer, guarded, f"/dataset/{table.name}/resource/new") == []
    officer.click("#resource-link-button")
    assert officer.is_checked("#resource-url-link")
    officer.locator(".btn-remove-url:visible").click()
    assert officer.is_checked("#resource-url-none")
    assert officer.troubles == []


def test_the_preview_of_a_table_shows_its_rows(guarded, province, visitor):
    table = province["tabled"][0]
    assert (
        troubles(visitor, guarded, f"/dataset/{table.name}/resource/{province['file']['id']}") == []
    )
    frame = visitor.frame_locator("iframe")
    frame.locator("#dtprv tbody tr").nth(5).wait_for()
    frame.locator("#refit-button").click()
    assert visitor.troubles == []


def test_scripts_of_our_pages_act_for_their_user(guarded, province, officer):
    table = province["tabled"][0]
    troubles(officer, guarded, f"/dataset/{table.name}")
    with_token = """id => new Promise(done => ckan.sandbox().client.call(
        "POST", "follow_dataset", {id: id}, answer => done(answer.success), () => done(false)))"""
    as_json = """id => fetch("/api/3/action/unfollow_dataset", {method: "POST",
        headers: {"Content-Type": "application/json"}, body: JSON.stringify({id: id})}
        ).then(answer => answer.ok)"""
    as_form = """id => fetch("/api/3/action/follow_dataset",
        {method: "POST", body: new URLSearchParams({id: id})}).then(answer => answer.status)"""
    assert officer.evaluate(with_token, table.id) is True
    assert officer.evaluate(as_json, table.id) is True
    assert officer.evaluate(as_form, table.id) == 403


def test_what_the_policy_forbids_is_noticed(guarded, visitor):
    assert troubles(visitor, guarded, "/about") == []
    visitor.evaluate("document.body.setAttribute('style', 'color: red')")
    visitor.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=1>')")
    expected = {"style-src-attr", "script-src-attr"}
    for _ in range(600):
        if {one.split()[0] for one in visitor.troubles} >= expected:
            break
        visitor.wait_for_timeout(100)
    assert {one.split()[0] for one in visitor.troubles} == expected
