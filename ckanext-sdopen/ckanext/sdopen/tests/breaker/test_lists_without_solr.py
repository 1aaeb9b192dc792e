"""Tags and completion of names: what a reader is given by the index he is given by rows, too."""

from typing import Any

import pytest

from ckanext.sdopen.access import visibility
from ckanext.sdopen.bench.faults.fault import Mode

pytestmark = [pytest.mark.slow]

# every tag and title of the planted entries bears it
PART = "zq"
CALLS: dict[str, dict[str, Any]] = {
    "tag_list": {},
    "tag_search": {"query": PART},
    "tag_autocomplete": {"query": PART},
    "package_autocomplete": {"q": PART, "limit": 100},
    "format_autocomplete": {"q": "s", "limit": 100},
    "organization_autocomplete": {"q": "局"},
    "group_autocomplete": {"q": "a"},
}


def ordered(result):
    """A result without the order of what the index ranks."""
    listed = result["results"] if isinstance(result, dict) else result
    return sorted(map(str, listed))


def asked(well, world, role):
    token = world.tokens[role] if role else ""
    answers = {name: well.action(name, token, **given) for name, given in CALLS.items()}
    assert {name: answer.status for name, answer in answers.items()} == dict.fromkeys(CALLS, 200)
    return {name: ordered(answer.json["result"]) for name, answer in answers.items()}


@pytest.mark.parametrize("role", ["", *visibility.ROLES[1:]])
def test_each_reader_is_offered_the_same_while_solr_is_away(well, world, role):
    healthy = asked(well, world, role)
    with well.solr.fault(Mode.STATUS):
        degraded = asked(well, world, role)
    # the index knows formats that an entry declares beside those of its files
    listed, rows = healthy.pop("format_autocomplete"), degraded.pop("format_autocomplete")
    assert rows
    assert set(rows) <= set(listed)
    assert healthy["tag_list"]
    assert healthy["package_autocomplete"]
    if role == visibility.CREATOR:
        # who made an entry stands in no narrow row: he may be offered fewer, never more
        assert all(set(degraded[name]) <= set(healthy[name]) for name in healthy)
    else:
        assert degraded == healthy


def test_a_tag_shows_its_entries_while_solr_is_away(well, world):
    entry = next(
        e for e in world.catalogs if (e.class_name, e.state) == ("open", visibility.PUBLISHED)
    )
    hidden = next(
        e for e in world.catalogs if (e.class_name, e.state) == ("closed", visibility.PUBLISHED)
    )
    with well.solr.fault(Mode.STATUS):
        shown, unseen = (
            well.action("tag_show", id=f"zqtag{one.number:02d}cqz", include_datasets=True)
            for one in (entry, hidden)
        )
        page = well.ask(f"/dataset/?tags=zqtag{entry.number:02d}cqz")
    assert [one["id"] for one in shown.json["result"]["packages"]] == [entry.id]
    assert unseen.status == 404
    assert entry.name in page.text
