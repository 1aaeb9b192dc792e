"""No address of a page, however odd, ends in an error page."""

import ckan.plugins.toolkit as tk
import pytest

from ckanext.sdopen.tests.guard.corpus.odd_calls import World

pytestmark = pytest.mark.slow
# texts as they stand in an address
ODD = {
    "NUL": "a%00b",
    "half a sign": "a%ed%a0%80",
    "a byte that is no UTF-8": "%ff%fe",
    "GB18030": "%c4%bf%c2%bc",
    "a huge number": "9" * 30,
    "a negative number": "-1",
    "nought": "0",
    "a fraction": "1.5",
    "nothing": "",
    "spaces": "+++",
    "commas": ",,,",
    "signs of a query": "%22%29%28%5B%2A%3A%7B%21",
    "JSON": "%5B%7B%22a%22%3A1%7D%5D",
    "a line's end": "a%0d%0ab",
}
PARAMETERS = ("q", "sort", "page", "topics", "tags", "res_format", "_topics_limit", "ext_bbox")
LISTS = ("/dataset/", "/interface/", "/organization/{bureau}", "/topic/medical", "/group/medical")
OTHERS = (
    *("/", "/organization/", "/topic/", "/group/", "/user/", "/feeds/dataset.atom"),
    *("/feeds/custom.atom", "/feeds/organization/{bureau}.atom", "/catalog.ttl"),
    *("/dataset/{entry}", "/dataset/activity/{entry}", "/sitemap.xml"),
    "/api/2/util/dataset/autocomplete?incomplete=a",
    "/api/2/util/tag/autocomplete?incomplete=a",
    "/api/2/util/resource/format_autocomplete?incomplete=a",
    *("/api/3/action/package_search", "/datastore/dump/{file}"),
)


@pytest.fixture(scope="module")
def names(clean_portal, portal_app):
    with portal_app.flask_app.test_request_context():
        world = World()
        return {
            "bureau": world.bureau["name"],
            "entry": world.entry["name"],
            "file": world.file["id"],
        }


def status(app, address: str) -> int | str:
    """The status of an address; the tests' application lets through what would be a 500."""
    try:
        return app.get(address, follow_redirects=False).status_code
    except Exception as error:  # noqa: BLE001 whatever it is
        return repr(error)


def broken(app, addresses) -> dict[str, int | str]:
    """{address: what it ends in} of those that end in an error page."""
    found = {one: status(app, one) for one in addresses}
    return {one: got for one, got in found.items() if isinstance(got, str) or got >= 500}


@pytest.mark.parametrize("parameter", PARAMETERS)
def test_a_list_answers_whatever_is_asked(portal_app, names, parameter):
    paths = LISTS if parameter in ("q", "sort", "page") else LISTS[:1]
    asked = [f"{path.format(**names)}?{parameter}={odd}" for path in paths for odd in ODD.values()]
    assert broken(portal_app, asked) == {}


def test_other_pages_answer_whatever_is_asked(portal_app, names):
    asked = []
    for place, path in enumerate(OTHERS):
        for number, odd in enumerate(ODD.values()):
            # each odd text with another parameter at another page
            parameter = ("q", "page", "sort", "limit", "offset", "incomplete")[(place + number) % 6]
            sign = "&" if "?" in path else "?"
            asked.append(f"{path.format(**names)}{sign}{parameter}={odd}")
    assert broken(portal_app, asked) == {}


def test_an_odd_name_in_an_address_is_not_found(portal_app, names):
    paths = ("/dataset/{}", "/interface/{}", "/organization/{}", "/topic/{}", "/user/{}")
    asked = [path.format(odd) for path in paths for odd in ODD.values() if odd]
    assert broken(portal_app, asked) == {}


# nothing stands between two commas
EMPTY_PARTS = ("title_string+asc,", ",", ",title_sort+asc", "title_sort+asc,,score+desc")


@pytest.mark.parametrize("order", EMPTY_PARTS)
@pytest.mark.parametrize("path", LISTS)
def test_an_order_with_an_empty_part_is_refused_in_one_sentence(portal_app, names, path, order):
    address = f"{path.format(**names)}?q=&sort={order}"
    answer = portal_app.get(address, follow_redirects=False)
    assert answer.status_code == 400
    assert "sort 的写法如" in answer.get_data(as_text=True)
    assert "sort is a list like" in portal_app.get(f"/en{address}").get_data(as_text=True)


def test_a_right_order_is_taken(portal_app, names):
    answer = portal_app.get("/dataset/?sort=title_sort+asc,+score+desc")
    assert answer.status_code == 200


def test_an_error_that_nobody_foresaw_has_a_page_of_its_own(portal_app):
    # what CKAN 2.12 hands over for it: not a number
    told = {"code": [500], "content": "Internal server error"}
    environ = {"CKAN_LANG": "zh_Hans_CN", "CKAN_LANG_IS_DEFAULT": True}
    with portal_app.flask_app.test_request_context("/about", environ_overrides=environ):
        portal_app.flask_app.preprocess_request()
        page = tk.render("error_document_template.html", told)
    assert "<h1>500 平台出错了</h1>" in page
    assert "Internal server error" not in page
