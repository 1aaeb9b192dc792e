"""Lists of departments and topics as stock clients ask for them."""

import pytest
from ckan.tests.helpers import call_action

from ckanext.sdopen.access import visible_counts
from ckanext.sdopen.tests.corpus import examples


@pytest.fixture(scope="module")
def bureau(clean_portal):
    for name in ("other", "ocean"):
        call_action("group_create", examples.as_site(), name=name, type="topic")
    made = examples.department("山东省示例局")
    for name in ("a", "b"):
        examples.department(f"山东省示例{name}局")
    for key in ("1", "2"):
        examples.created(examples.harvested(made["id"], source_key=key))
    return made


@pytest.fixture
def requests(monkeypatch):
    """The fields that are counted, one for each request to Solr."""
    asked = []
    counted = visible_counts.counted

    def noted(context, field, *more):
        asked.append(field)
        return counted(context, field, *more)

    monkeypatch.setattr(visible_counts, "counted", noted)
    return asked


def test_a_list_of_groups_without_a_type_is_the_list_of_topics(bureau):
    topics = call_action("group_list")
    assert topics == call_action("group_list", type="topic")
    entry = call_action("package_search")["results"][0]
    assert {one["name"] for one in entry["groups"]} <= set(topics)
    assert sorted(topics) == ["ocean", "other"]


@pytest.mark.parametrize("sort", ["title asc", "package_count desc"])
def test_whole_departments_are_counted_in_one_request(bureau, requests, sort):
    listed = call_action("organization_list", all_fields=True, sort=sort)
    found = {one["name"]: one["package_count"] for one in listed}
    assert found.pop(bureau["name"]) == 2
    assert len(found) >= 2
    assert set(found.values()) == {0}
    assert len(requests) == (1 if sort.startswith("title") else 2)


def test_whole_topics_are_counted_in_one_request(bureau, requests):
    listed = call_action("group_list", all_fields=True)
    counted = {one["name"]: one["package_count"] for one in listed}
    topics = [one["name"] for one in call_action("package_search")["results"][0]["groups"]]
    assert topics == ["other"]
    assert counted == {"other": 2, "ocean": 0}
    assert len(requests) == 1


def test_one_department_is_counted_alone(bureau, requests):
    assert call_action("organization_show", id=bureau["id"])["package_count"] == 2
    assert len(requests) == 1
