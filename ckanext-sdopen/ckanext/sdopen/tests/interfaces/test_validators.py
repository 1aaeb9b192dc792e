"""The catalog that an interface serves."""

import ckan.plugins.toolkit as tk
import pytest

from ckanext.sdopen.tests.corpus.examples import (
    READ_BY,
    catalog,
    created,
    department,
    editor_of,
    errors_of,
    interface,
)

pytestmark = pytest.mark.usefixtures("clean_portal")


@pytest.fixture
def bureau():
    return department("山东省气象局")


def test_id_name_and_address_of_the_catalog_are_taken_and_the_id_is_kept(bureau):
    served = created(catalog(bureau["id"], resource_code="307001/600001"))
    address = f"http://test.sdopen.example/dataset/{served['name']}"
    for number, reference in enumerate((served["id"], served["name"], address)):
        code = f"307001/60001{number}"
        entry = created(interface(bureau["id"], resource_code=code, catalog=reference))
        assert entry["catalog"] == served["id"]


def test_an_interface_serves_no_interface(bureau):
    other = created(interface(bureau["id"], resource_code="307001/600020"))
    assert "catalog" in errors_of(
        interface(bureau["id"], resource_code="307001/600021", catalog=other["id"])
    )


def test_a_catalog_that_the_editor_may_not_see_is_answered_like_one_that_is_not_there(bureau):
    closed = catalog(bureau["id"], resource_code="307001/600030", **READ_BY["provider"])
    served = created(closed)
    neighbour = department("山东省地震局")
    said = []
    for reference in (served["name"], "c-370000-307001-999999"):
        payload = interface(neighbour["id"], resource_code="307001/600031", catalog=reference)
        with pytest.raises(tk.ValidationError) as refused:
            created(payload, editor_of(neighbour))
        said.append(refused.value.error_dict["catalog"][0].replace(reference, "…"))
    assert said[0] == said[1]


def test_an_interface_with_the_code_of_a_catalog_leaves_the_catalog_alone(bureau):
    one = created(catalog(bureau["id"], resource_code="307001/600040"))
    payload = interface(bureau["id"], resource_code="307001/600040", id=one["id"], name=one["name"])
    other = created(payload)
    assert other["id"] != one["id"]
    assert other["name"] == "i-370000-307001-600040"
