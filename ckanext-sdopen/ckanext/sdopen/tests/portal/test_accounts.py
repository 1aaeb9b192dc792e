"""The harvest account, and the data authority for which it acts."""

import pytest
from ckan import model
from ckan.tests.helpers import call_action

from ckanext.sdopen.access import authority
from ckanext.sdopen.identifiers.ids import department_id
from ckanext.sdopen.portal import accounts
from ckanext.sdopen.sample import Province
from ckanext.sdopen.sample.entries import departments
from ckanext.sdopen.sample.entries.places import PROVINCE
from ckanext.sdopen.sample.loading import loading
from ckanext.sdopen.tests.corpus.examples import as_site, catalog, created, editor_of
from ckanext.sdopen.tests.corpus.portal import empty_portal

pytestmark = pytest.mark.usefixtures("clean_portal")

SMALL = Province(catalogs=60)


def ignored(count: int) -> None:
    """Nobody watches the progress."""


def harvest_departments() -> list[str]:
    """Of which departments the harvest account is a member."""
    return [one.id for one in model.User.get(accounts.HARVEST_USER).get_groups()]


def test_a_portal_that_began_without_the_sample_takes_it_later():
    empty_portal()
    accounts.harvest_token()
    call_action("organization_create", as_site(), title="某局", region=PROVINCE)
    own = departments.department(departments.AUTHORITY, PROVINCE).id
    for _ in ("first", "again"):
        loading.load_departments(SMALL, ignored)
        assert authority.authorities()[PROVINCE] == own
        assert harvest_departments() == [own]
    titles = {row.title for row in model.Session.query(model.Group.title)}
    assert "公共数据开放主管部门" not in titles
    standing = model.Session.query(model.Member.table_id).filter_by(table_name="group")
    bureau = call_action("organization_show", id=department_id(PROVINCE, "某局"))["id"]
    assert standing.filter_by(group_id=bureau, state="active").scalar() == own


@pytest.mark.parametrize("use", ["renamed", "joined", "owns"])
def test_a_data_authority_that_somebody_uses_stays(use):
    empty_portal()
    accounts.harvest_token()
    used = authority.authorities()[PROVINCE]
    if use == "renamed":
        call_action("organization_patch", as_site(), id=used, title="山东省数据局")
    elif use == "joined":
        editor_of({"id": used})
    else:
        created(catalog(used))
    with pytest.raises(loading.SampleRefused, match="山东省大数据局"):
        loading.load_departments(SMALL, ignored)
    assert authority.authorities()[PROVINCE] == used
    assert harvest_departments() == [used]
