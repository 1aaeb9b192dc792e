"""The examples of docs/records.md are taken as they stand there."""

import json
import re

import pytest
from ckan.tests.helpers import call_action

from ckanext.sdopen.tests.corpus.examples import as_site, created

pytestmark = pytest.mark.usefixtures("clean_portal")


def test_the_documented_payloads_are_taken(repository):
    text = (repository / "docs" / "records.md").read_text(encoding="utf-8")
    examples = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", text, re.S)]
    *entries, department = examples
    made = call_action(
        "organization_create", as_site(), **{**department, "name": "d-370000-example"}
    )
    catalog, harvested, interface = (created(entry) for entry in entries)
    assert catalog["name"] == "c-370000-307001-000123"
    assert harvested["name"].startswith("c-370000-s")
    assert interface["catalog"] == catalog["id"]
    assert {entry["owner_org"] for entry in (catalog, harvested, interface)} == {made["id"]}
    for sent, stored in zip(entries, (catalog, harvested, interface), strict=True):
        same = set(sent) - {"owner_org", "tags", "resources", "catalog"}
        assert {name: stored[name] for name in same} == {name: sent[name] for name in same}
