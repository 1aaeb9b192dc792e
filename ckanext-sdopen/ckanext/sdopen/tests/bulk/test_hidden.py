"""Bulk writes tell nothing of entries that the account may not read."""

import pytest

from ckanext.sdopen.tests.bulk.corpus.sending import bulk
from ckanext.sdopen.tests.corpus.examples import (
    authority,
    catalog,
    department,
    editor_of,
    interface,
)

pytestmark = pytest.mark.usefixtures("clean_portal")


@pytest.fixture(scope="module")
def hidden(clean_portal):
    """The draft of another department, and an interface that serves it."""
    other = department("山东省统计局")
    draft = catalog(other["id"], resource_code="307701/000001", title="别局的草稿")
    served = "c-370000-307701-000001"
    service = interface(other["id"], resource_code="307701/000002", catalog=served)
    answer = bulk(editor_of(other), [draft, service])
    assert answer["counts"]["created"] == 2, answer
    first, second = answer["records"]
    return [(draft, first["id"]), (service, second["id"])]


def results_of(answer) -> list[tuple]:
    return [
        (one["name"], one["result"], [f["code"] for f in one["findings"]])
        for one in answer["records"]
    ]


def test_the_id_of_a_hidden_entry_is_answered_like_that_of_none(hidden):
    editor = editor_of(department("山东省医疗保障局"))
    for record, entry_id in hidden:
        kinds = [{"type": kind, "id": entry_id} for kind in ("dataset", "interface")]
        answer = bulk(editor, [record, *kinds])
        assert results_of(answer) == [
            ("", "rejected", ["not_authorized"]),
            ("", "rejected", ["not_found"]),
            ("", "rejected", ["not_found"]),
        ]
        assert "别局" not in str(answer)


def test_who_reads_an_entry_learns_why_he_does_not_change_it(hidden):
    other = department("山东省统计局")
    for record, _ in hidden:
        assert bulk(authority(), [{**record, "state": "active"}])["counts"]["updated"] == 1
    for record, entry_id in hidden:
        answer = bulk(editor_of(other), [record, {**record, "type": "blog", "id": entry_id}])
        assert answer["records"][0]["findings"][0]["code"] == "not_authorized"
        assert answer["records"][0]["name"]
