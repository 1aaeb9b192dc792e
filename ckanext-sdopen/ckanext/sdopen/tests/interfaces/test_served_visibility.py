"""An interface is seen by those only who see the catalog that it serves, whatever changes later."""

from typing import Any
from zlib import crc32

import pytest
from ckan import model
from ckan.tests.helpers import call_action

from ckanext.sdopen.access import labels
from ckanext.sdopen.tests.bulk.corpus.sending import drained
from ckanext.sdopen.tests.corpus.examples import (
    as_site,
    catalog,
    created,
    department,
    interface,
    shown,
    updated,
)

pytestmark = pytest.mark.usefixtures("clean_portal")
CLOSED: dict[str, Any] = {"opening": "none", "closing_basis": "《政府信息公开条例》第十六条"}


@pytest.fixture
def served(request):
    """A catalog and an interface of its own that is open by itself."""
    bureau, name = department("山东省气象局"), request.node.name[:40]
    # not `hash`, which is another one in each process
    number = crc32(name.encode()) % 900000 + 1
    made = created(catalog(bureau["id"], title=f"目录{name}", resource_code=f"307001/{number}1"))
    payload = interface(bureau["id"], title=f"接口{name}", resource_code=f"307001/{number}2")
    return made, created({**payload, "catalog": made["id"]})


def public(entry) -> tuple[bool, bool, bool]:
    """(label, private, found by everybody) of an entry."""
    stored = model.Package.get(entry["id"])
    query = {"fq": f'id:"{entry["id"]}"'}
    found = call_action("package_search", {"user": "", "ignore_auth": False}, **query)["count"]
    return "public" in labels.entry_labels(stored), not stored.private, bool(found)


def test_an_interface_follows_its_catalog_to_and_fro(served):
    one, serving = served
    assert public(serving) == (True, True, True)
    updated(shown(one["id"]), **CLOSED)
    assert public(serving) == (False, False, False)
    updated(shown(one["id"]), opening="unconditional", closing_basis="")
    drained()
    assert public(serving) == (True, True, True)


def test_an_interface_of_a_deleted_catalog_is_not_public(served):
    one, serving = served
    call_action("package_delete", as_site(), id=one["id"])
    assert public(serving) == (False, False, False)


def test_an_interface_made_for_a_closed_catalog_is_closed(served):
    bureau = department("山东省气象局")
    closed = created(catalog(bureau["id"], title="内部", resource_code="307001/999991", **CLOSED))
    payload = interface(bureau["id"], title="内部接口", resource_code="307001/999992")
    assert public(created({**payload, "catalog": closed["id"]})) == (False, False, False)
