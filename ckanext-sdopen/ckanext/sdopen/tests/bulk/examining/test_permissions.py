"""Rights of bulk writes: the answers are those of CKAN's and our auth functions."""

from itertools import product

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.plugins import get_plugin
from ckan.tests import factories

from ckanext.sdopen.bulk.examining import lookups, permissions
from ckanext.sdopen.bulk.examining.permissions import Permissions
from ckanext.sdopen.tests.bulk.corpus.records import CLASSES, with_class
from ckanext.sdopen.tests.bulk.corpus.sending import bulk, results
from ckanext.sdopen.tests.corpus.examples import authority, catalog, department, editor_of

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
        rights = Permissions({"user": user["name"]})
        own = [rights.creates("dataset", one["id"]) for one in departments]
        assert own == [by_ckan(user, one["id"]) for one in departments]
        assert [rights.takes_over(one["id"]) for one in departments] == own
    assert Permissions({"user": city["name"]}).creates("dataset", departments[2]["id"])
    assert not Permissions({"user": city["name"]}).creates("dataset", departments[3]["id"])


def allowed(action: str, user: dict, entry_id: str) -> bool:
    try:
        tk.check_access(action, {"user": user["name"]}, {"id": entry_id})
    except tk.NotAuthorized:
        return False
    return True


def test_who_reads_and_who_withdraws_an_entry():
    province, city = authority("370000"), authority("370100")
    own, other = department("山东省商务厅"), department("济南市商务局", "370100")
    users = [province, city, {"name": ""}, factories.User(), factories.Sysadmin()]
    users += [editor_of(one, role) for one in (own, other) for role in ("admin", "editor")]
    records = [
        with_class(
            catalog(one["id"], region=region, resource_code=f"307501/{number:06d}", state=state),
            name,
        )
        for one, region in ((own, "370000"), (other, "370100"))
        for number, (name, state) in enumerate(product(CLASSES, ("active", "draft")), 1)
    ]
    answer = bulk(province, records)
    assert set(results(answer)) == {"created"}, answer
    ids = [one["id"] for one in answer["records"]]
    directory, stored = lookups.Directory(), lookups.stored(ids)
    told = set()
    for user in users:
        rights = Permissions({"user": user["name"]})
        for one, known in stored.items():
            reads = allowed("package_show", user, one)
            withdraws = allowed("sdopen_entry_withdraw", user, one)
            assert rights.sees(known, directory) == reads
            assert rights.reads(model.Package.get(one)) == reads
            assert rights.withdraws(known) == withdraws
            told.add((reads, withdraws))
    assert len(told) > 2


def test_a_plugin_whose_name_begins_like_ours_is_asked(monkeypatch):
    class Stranger:
        def get_auth_functions(self):
            return {"package_create": lambda context, data_dict: {"success": False}}

    def refuse(action, context, data_dict):
        raise tk.NotAuthorized

    Stranger.__module__ = "ckanext.sdopen_x.plugin"
    office = department("山东省财政厅")
    user = {"user": editor_of(office)["name"]}
    assert Permissions(user).creates("dataset", office["id"])
    both = [get_plugin("sdopen"), Stranger()]
    monkeypatch.setattr(permissions, "PluginImplementations", lambda _: both)
    monkeypatch.setattr(tk, "check_access", refuse)
    assert not Permissions(user).creates("dataset", office["id"])


def test_nobody_creates_nothing():
    rights = Permissions({"user": ""})
    assert not rights.creates("dataset", department("山东省财政厅")["id"])


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
