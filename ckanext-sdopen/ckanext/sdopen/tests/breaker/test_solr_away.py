"""Solr stopped, hung, or answering 5xx: the portal answers from the database and says so."""

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests.helpers import call_action
from sqlalchemy import text

from ckanext.sdopen.access import visibility
from ckanext.sdopen.bench.faults.fault import Mode
from ckanext.sdopen.directory import outbox
from ckanext.sdopen.index import solr
from ckanext.sdopen.index.drain import drainer
from ckanext.sdopen.tests.corpus.examples import catalog

pytestmark = [pytest.mark.slow]

FAULTS = (Mode.REFUSE, Mode.BLACK_HOLE, Mode.STATUS)
NOTICE = "alert-warning"
# pages that ask Solr where it is well
LISTS = ("/", "/dataset/", "/dataset/?q=药店", "/interface/", "/library/", "/library/population")
OTHERS = (
    "/organization/",
    "/topic/",
    "/feeds/dataset.atom",
    "/feeds/sdopen/changes.atom",
    "/sitemap.xml",
    "/sitemap/entries.xml",
    "/catalog.ttl",
    "/user/login",
    "/about",
    "/robots.txt",
)


def opened(world):
    return next(
        e for e in world.catalogs if (e.class_name, e.state) == ("open", visibility.PUBLISHED)
    )


def pages_of(world) -> list[str]:
    """Pages of the entries, departments and people of a portal."""
    entry = opened(world)
    served = world.interfaces[0]
    return [
        f"/dataset/{entry.name}",
        f"/dataset/{entry.name}/resource/{entry.resource_id}",
        f"/interface/{served.name}",
        f"/dataset/{entry.name}.ttl",
        f"/organization/{world.bureau['name']}",
        *OTHERS,
        *LISTS,
    ]


def found(answer):
    return {entry["id"] for entry in answer.json["result"]["results"]}


def search_as(well, world, role: str, **more):
    token = world.tokens[role] if role else ""
    return well.action("package_search", token, rows=200, include_private=True, **more)


@pytest.mark.parametrize("mode", FAULTS)
def test_every_page_answers_and_lists_say_that_the_search_is_away(well, world, mode):
    pages = pages_of(world)
    healthy = {page: well.ask(page).status for page in pages}
    with well.solr.fault(mode):
        answers = {page: well.ask(page) for page in pages}
    assert healthy == dict.fromkeys(pages, 200)
    assert {page: answer.status for page, answer in answers.items()} == healthy
    assert [page for page in LISTS if NOTICE not in answers[page].text] == []
    assert "no-store" in answers["/dataset/"].headers["Cache-Control"] or (
        "private" in answers["/dataset/"].headers["Cache-Control"]
    )


@pytest.mark.parametrize("role", ["", *visibility.ROLES[1:]])
def test_each_reader_finds_the_published_entries_that_he_finds_by_the_index(well, world, role):
    indexed = found(search_as(well, world, role))
    with well.solr.fault(Mode.STATUS):
        degraded = search_as(well, world, role)
    assert degraded.status == 200
    assert degraded.json["result"]["sdopen_search"]["degraded"] is True
    assert indexed
    if role == visibility.CREATOR:
        # who made an entry stands in no narrow row: he may find fewer, never more
        assert found(degraded) <= indexed
    else:
        assert found(degraded) == indexed


def flat(shown):
    """A shown entry with the values of its files beside its own."""
    own = {name: value for name, value in shown.items() if name != "resources"}
    files = enumerate(shown["resources"])
    return own | {(n, name): value for n, file in files for name, value in file.items()}


def test_an_entry_found_by_rows_is_the_one_found_by_the_index(well, world):
    asked = {"fq": f'id:"{opened(world).id}"'}
    by_index = well.action("package_search", **asked).json["result"]["results"]
    with well.solr.fault(Mode.STATUS):
        by_rows = well.action("package_search", **asked).json["result"]["results"]
    (one,), (other,) = map(flat, by_index), map(flat, by_rows)
    # the document holds the address of the portal that made it
    own = other[0, "url"].replace(well.url, str(tk.config["ckan.site_url"]))
    assert {**other, (0, "url"): own} == one


def test_words_are_found_in_titles_and_filters_hold(well, world):
    entry = opened(world)
    title = next(word for word in entry.words if word.startswith("zqtitle"))
    with well.solr.fault(Mode.STATUS):
        by_title = well.action("package_search", q=title)
        of_region = well.action("package_search", fq='region:"370102" dataset_type:"dataset"')
        elsewhere = well.action("package_search", fq='region:"370200"')
        nowhere = well.action("package_search", q="没有这样的名称")
    assert found(by_title) == {entry.id}
    assert entry.id in found(of_region)
    assert found(elsewhere) == found(nowhere) == set()


def test_what_only_the_index_can_answer_is_503_for_a_program_and_empty_on_a_page(well):
    with well.solr.fault(Mode.STATUS):
        answer = well.action("package_search", fq='library:"population"')
        page = well.ask("/dataset/?library=population")
    assert (answer.status, page.status) == (503, 200)
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.json["success"] is False


def test_what_was_closed_after_it_was_counted_is_not_shown(well, world):
    entry = next(e for e in world.catalogs if e.class_name == "open" and e.state == "published")
    with well.solr.fault(Mode.STATUS):
        before = found(search_as(well, world, ""))
        model.Session.execute(
            text("UPDATE package SET state = 'draft' WHERE id = :id"), {"id": entry.id}
        )
        model.Session.commit()
        try:
            after = found(search_as(well, world, ""))
        finally:
            model.Session.execute(
                text("UPDATE package SET state = 'active' WHERE id = :id"), {"id": entry.id}
            )
            model.Session.commit()
    assert before - after == {entry.id}


@pytest.mark.parametrize("mode", FAULTS)
def test_a_write_is_saved_whole_and_its_index_work_waits(well, world, mode):
    token = world.tokens[visibility.SYSADMIN]
    number = 100 + FAULTS.index(mode)
    payload = catalog(world.bureau["id"], resource_code=f"307001/600{number}")
    with well.solr.fault(mode):
        made = well.action("package_create", token, **payload)
        changed = well.action(
            "package_patch", token, id=made.json["result"]["id"], notes="索引停时所改"
        )
    entry = made.json["result"]["id"]
    assert (made.status, changed.status) == (200, 200)
    assert entry in {row.entry_id for row in outbox.waiting(0, 1000)}
    model.Session.rollback()
    drainer.Drainer(lambda line: None).run(once=True)
    solr.soft_commit()
    asked = {"fq": f'id:"{entry}"', "include_private": True, "include_drafts": True}
    indexed = call_action("package_search", **asked)["results"]
    assert [one["notes"] for one in indexed] == ["索引停时所改"]


def test_a_change_that_narrows_is_refused_with_nothing_changed(well, world):
    entry = opened(world)
    token = world.tokens[visibility.SYSADMIN]
    with well.solr.fault(Mode.REFUSE):
        refused = well.action("sdopen_entry_withdraw", token, id=entry.id, reason="过期")
    assert refused.status == 503
    assert int(refused.headers["Retry-After"]) > 0
    shown = call_action("package_show", id=entry.id)
    assert shown["state"] == "active"
    assert not shown.get("withdrawn_on")
