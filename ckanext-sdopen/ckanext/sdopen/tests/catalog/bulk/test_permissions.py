"""Rights of bulk writes: the answers are those of CKAN's and our auth functions."""

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import factories

from ckanext.sdopen.catalog.bulk.permissions import Permissions
from ckanext.sdopen.tests.catalog.examples import authority, department, editor_of

pytestmark = pytest.mark.usefixtures("clean_portal")


def by_ckan(user: dict, owner_org: str) -> bool:
    try:
        tk.check_access("package_create", {"user": user["name"]}, {"owner_org": owner_org})
    except tk.NotAuthorized:
        return False
    return True


def test_who_creates_in_which_department():
    province, city = authority("370000"), authority("370100")
    departments = [
        department("山东省财政厅"),
        department("济南市财政局", "370100"),
        department("历下区财政局", "370102"),
        department("青岛市财政局", "370200"),
    ]
    users = [province, city]
    users += [editor_of(departments[1], role) for role in ("admin", "editor", "member")]
    for user in users:
        permissions = Permissions({"user": user["name"]})
        own = [permissions.creates("dataset", one["id"]) for one in departments]
        assert own == [by_ckan(user, one["id"]) for one in departments]
        assert [permissions.takes_over(one["id"]) for one in departments] == own
    assert Permissions({"user": city["name"]}).creates("dataset", departments[2]["id"])
    assert not Permissions({"user": city["name"]}).creates("dataset", departments[3]["id"])


def test_nobody_creates_nothing():
    permissions = Permissions({"user": ""})
    assert not permissions.creates("dataset", department("山东省财政厅")["id"])


@pytest.mark.parametrize(
    "action", ["sdopen_entry_bulk_upsert", "sdopen_entry_bulk_withdraw", "sdopen_bulk_commit"]
)
def test_who_belongs_to_no_department_sends_nothing(action):
    department("山东省财政厅")
    citizen = factories.User()
    for user in ({"name": ""}, citizen):
        with pytest.raises(tk.NotAuthorized):
            tk.check_access(action, {"user": user["name"]}, {})
    assert tk.check_access(action, {"user": authority()["name"]}, {})
