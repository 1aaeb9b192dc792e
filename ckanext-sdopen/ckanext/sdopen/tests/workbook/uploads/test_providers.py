"""Which department a row of a book means: of several with one title, none is guessed."""

import pytest
from ckan import model
from ckan.tests.helpers import call_action

from ckanext.sdopen.identifiers import ids
from ckanext.sdopen.identifiers.provider_code import check_character
from ckanext.sdopen.tests.corpus import examples
from ckanext.sdopen.tests.workbook.corpus import handing_in
from ckanext.sdopen.tests.workbook.corpus.books import catalog, rows, write
from ckanext.sdopen.workbook.uploads.providers import future_id

pytestmark = pytest.mark.usefixtures("clean_portal")
TITLE = "教育局"
LIXIA, SHIZHONG = "370102", "370103"


def provider_code(number):
    head = f"11370000MB28450{number:02d}"
    return head + check_character(head)


@pytest.fixture(scope="module")
def bureaus(clean_portal):
    """Two departments of one title in two districts, by region."""
    return {
        region: examples.department(TITLE, region, provider_code=provider_code(number))
        for number, region in enumerate((LIXIA, SHIZHONG), start=1)
    }


@pytest.fixture(scope="module")
def both(bureaus):
    """A cataloguer of both."""
    user = examples.editor_of(bureaus[LIXIA])
    member = {"id": bureaus[SHIZHONG]["id"], "username": user["name"], "role": "editor"}
    call_action("organization_member_create", **member)
    return user


def entry(number, **more):
    found = {k: v for k, v in catalog(number).items() if k != "provider_code"}
    return {**found, "owner_org": TITLE, **more}


def imported(app, user, tmp_path, *entries):
    context = {"user": user["name"], "ignore_auth": False}
    book = handing_in.checked(app, context, write(tmp_path / "b.xlsx", rows(*entries)))
    assert book["summary"]["errors"] == 0, book["summary"]["kinds"]
    return handing_in.imported(app, context, book["id"])


def test_of_several_with_one_title_none_is_taken_and_each_is_named(portal_app, both, tmp_path):
    told = imported(portal_app, both, tmp_path, entry(2))
    assert (told["created"], told["refused_count"]) == (0, 1)
    (refusal,) = told["refused"]
    assert refusal["row"] == 3
    for word in (TITLE, "历下区", "市中区", "济南市", provider_code(1), provider_code(2)):
        assert word in refusal["message"]


@pytest.mark.parametrize(("number", "region"), [(1, LIXIA), (2, SHIZHONG)])
def test_the_providers_code_decides(portal_app, both, bureaus, tmp_path, number, region):
    one = entry(10 + number, provider_code=provider_code(number))
    assert imported(portal_app, both, tmp_path, one)["created"] == 1
    made = model.Package.get(ids.entry_id("catalog", region, one["resource_code"]))
    assert made.owner_org == bureaus[region]["id"]


def test_a_stored_entry_with_the_rows_code_decides(portal_app, both, bureaus, tmp_path):
    one = entry(20)
    stored = examples.created({**one, "owner_org": bureaus[SHIZHONG]["id"]}, both)
    told = imported(portal_app, both, tmp_path, {**one, "notes": "新的摘要。"})
    assert (told["updated"], told["refused_count"]) == (1, 0)
    assert examples.shown(stored["id"])["notes"] == "新的摘要。"


def test_one_for_which_the_account_may_not_write_is_no_choice(portal_app, bureaus, tmp_path):
    own = examples.editor_of(bureaus[SHIZHONG])
    one = entry(30)
    assert imported(portal_app, own, tmp_path, one)["created"] == 1
    made = model.Package.get(ids.entry_id("catalog", SHIZHONG, one["resource_code"]))
    assert made.owner_org == bureaus[SHIZHONG]["id"]


def test_a_catalog_of_a_book_is_known_by_its_code():
    found = future_id("370000", {"resource_code": "307001/000123"})
    assert found == ids.entry_id("catalog", "370000", "307001/000123")


@pytest.mark.parametrize(
    ("region", "code"), [("370000", "示例/1"), ("370000", "1" * 92), ("", "307001/000123")]
)
def test_what_makes_no_address_is_left_to_the_sentences_of_the_write(region, code):
    assert future_id(region, {"resource_code": code}) == ""


def test_a_catalog_of_a_book_without_a_code_is_new():
    assert future_id("370000", {"title": "公共厕所信息"}) == ""
