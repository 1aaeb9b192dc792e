"""No file that was handed in runs as a page of the portal's."""

import io
import re
from urllib.parse import urlsplit

import pytest
from ckan import model
from ckan.tests.helpers import call_action

from ckanext.sdopen.tests.corpus.browser import chromium
from ckanext.sdopen.tests.corpus.examples import as_site, catalog, created, department
from ckanext.sdopen.tests.entries.files.corpus.handed_in import (
    CSV,
    api,
    given,
    path_of,
    rows_of,
)

MARK = "top.document.title='ran'"
_PAGE = f"<html><body><script>{MARK}</script></body></html>".encode()
_SVG = f'<svg xmlns="http://www.w3.org/2000/svg"><script>{MARK}</script></svg>'.encode()
# the twelve active files: ending, content, whether it is taken at all
ACTIVE = [
    ("html", _PAGE, False),
    ("htm", _PAGE, False),
    ("xhtml", b'<html xmlns="http://www.w3.org/1999/xhtml">' + _PAGE[6:], False),
    ("svg", _SVG, False),
    ("shtml", _PAGE, False),
    ("mht", b"MIME-Version: 1.0\nContent-Type: text/html\n\n" + _PAGE, False),
    ("js", MARK.encode(), False),
    ("csv", _PAGE, False),
    ("xml", b'<?xml version="1.0"?>' + _SVG, False),
    ("pdf", _PAGE, False),
    (
        "xml",
        b'<?xml version="1.0"?><r><x:script xmlns:x="http://www.w3.org/1999/xhtml">'
        + MARK.encode()
        + b"</x:script></r>",
        True,
    ),
    ("txt", b"name,address\n" + _PAGE, True),
]


@pytest.fixture(scope="module")
def entry(publisher):
    owner = department("山东省水利厅", "370000")
    return created(catalog(owner["id"], resource_code="307001/920001"))


@pytest.fixture(scope="module")
def planted(publisher, entry):
    """The twelve as an older portal kept them: stored as they are, with their active types."""
    made = []
    for number, (ending, content, _) in enumerate(ACTIVE):
        resource = given(publisher, entry["id"], CSV, f"a{number}.csv", name=str(number))
        path_of(rows_of(resource["id"])[-1].name).write_bytes(content)
        row = model.Session.get(model.Resource, resource["id"])
        row.mimetype, row.url = "text/html", f"a{number}.{ending}"
        row.extras = {**row.extras, "original_filename": f"名录{number}.{ending}"}
        made.append(resource["id"])
    model.Session.commit()
    yield made
    for one in made:
        call_action("resource_delete", as_site(), id=one)


def check_headers(answer, ending):
    headers = answer.headers
    assert headers["Content-Disposition"].startswith("attachment;")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    media = headers["Content-Type"]
    assert not re.search("html|svg|javascript", media), media
    assert media == {"csv": "text/csv", "txt": "text/plain", "pdf": "application/pdf"}.get(
        ending, "application/xml" if ending == "xml" else "application/octet-stream"
    )


@pytest.mark.parametrize(("ending", "content", "taken"), ACTIVE)
def test_an_active_file_by_the_api(portal_app, token, entry, ending, content, taken):
    # whatever type the client states
    status, told = api(
        portal_app,
        token,
        "resource_create",
        content,
        f"名录.{ending}",
        package_id=entry["id"],
        name="x",
        mimetype="text/html",
    )
    if not taken:
        assert status == 409
        assert f".{ending}" in told["upload"][0]
        return
    assert status == 200
    check_headers(portal_app.get(urlsplit(told["url"]).path), ending)


@pytest.mark.parametrize(("ending", "content", "taken"), ACTIVE)
def test_an_active_file_by_the_form(portal_app, token, entry, ending, content, taken):
    before = len(call_action("package_show", id=entry["id"])["resources"])
    fields = {"id": "", "save": "go-metadata", "name": "x", "url": "", "url_type": "upload"}
    answer = portal_app.post(
        f"/dataset/{entry['name']}/resource/new",
        data={**fields, "upload": (io.BytesIO(content), f"名录.{ending}")},
        headers={"Authorization": token},
        follow_redirects=False,
    )
    resources = call_action("package_show", id=entry["id"])["resources"]
    if not taken:
        assert len(resources) == before
        assert answer.status_code == 200
        assert f".{ending}" in answer.body
        return
    assert answer.status_code == 302
    check_headers(portal_app.get(urlsplit(resources[-1]["url"]).path), ending)


def test_a_file_of_before_is_given_by_its_ending(portal_app, entry, planted):
    for one, (ending, content, _) in zip(planted, ACTIVE, strict=True):
        address = f"/dataset/{entry['id']}/resource/{one}/download/x.html"
        whole = portal_app.get(address)
        assert whole.data == content
        check_headers(whole, ending)
        # a part is no way around
        part = portal_app.get(address, headers={"Range": "bytes=0-9"})
        assert part.status_code == 206
        check_headers(part, ending)


@pytest.mark.browser
@pytest.mark.slow
def test_a_browser_that_opens_them_runs_nothing(served, entry, planted):
    with chromium() as browser:
        page = browser.new_page()
        page.set_content(_PAGE.decode())
        assert page.title() == "ran", "the mark would not be seen"
        opened = 0
        for one in planted:
            address = f"{served}/dataset/{entry['id']}/resource/{one}/download/x.html"
            page.goto(f"{served}/robots.txt")
            with page.expect_download() as coming:
                page.evaluate("address => { location.href = address }", address)
            opened += coming.value.failure() is None
            assert page.title() != "ran"
            # nor within a page of ours
            page.evaluate(
                """address => new Promise(done => {
                    const frame = document.createElement('iframe');
                    frame.src = address;
                    document.documentElement.append(frame);
                    fetch(address).then(answer => answer.text()).then(done);
                })""",
                address,
            )
            assert page.title() != "ran"
        assert opened == len(ACTIVE)
        browser.close()
