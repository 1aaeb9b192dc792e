import json
import urllib.request

from ckan.tests import factories

from ckanext.sdopen.services.running.ready import DIRECT


def test_the_served_portal_stands_on_the_tests_databases(clean_db, clean_index, served):
    organization = factories.Organization(region="370100")
    with DIRECT.open(f"{served}/api/3/action/organization_list", timeout=300) as response:
        names = json.load(response)["result"]
    assert names == [organization["name"]]
    head = urllib.request.Request(f"{served}/about", method="HEAD")
    with DIRECT.open(head, timeout=300) as response:
        assert response.status == 200
