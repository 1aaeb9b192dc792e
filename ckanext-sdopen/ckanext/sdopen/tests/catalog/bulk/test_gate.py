"""The gate of the bulk path: which records it is asked about, and what it is not told."""

import pytest

from ckanext.sdopen.catalog.bulk import gate
from ckanext.sdopen.tests.catalog.bulk.sending import bulk, results
from ckanext.sdopen.tests.catalog.examples import catalog

pytestmark = pytest.mark.usefixtures("clean_portal")


class Reviewer:
    """A plugin that keeps every record for review."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def decide(self, asked, permissions):
        self.asked += [one.record["title"] for one in asked]
        return [gate.Verdict(gate.PENDING)] * len(asked)

    def after_bulk(self, entry_ids):
        assert entry_ids == []


@pytest.fixture
def reviewer(monkeypatch):
    plugin = Reviewer()
    monkeypatch.setattr(gate, "PluginImplementations", lambda _: [plugin])
    return plugin


def record(bureau, number: int, **more):
    return catalog(bureau["id"], resource_code=f"307601/{number:06d}", **more)


def test_only_sound_records_come_to_the_gate(bureau, user, reviewer):
    upload = {"id": "nope", "name": "名录", "url": "a.csv", "url_type": "upload"}
    sent = [
        record(bureau, 1, title="完好的目录"),
        record(bureau, 2, title="标签不对的目录", tags=[{"name": "x"}]),
        record(bureau, 3, title="文件不对的目录", resources=[upload]),
    ]
    answer = bulk(user, sent)
    assert results(answer) == ["pending", "rejected", "rejected"], answer
    assert reviewer.asked == ["完好的目录"]


def test_what_changes_nothing_does_not_come_to_the_gate(bureau, user, monkeypatch):
    sent = [record(bureau, 4)]
    assert results(bulk(user, sent)) == ["created"]
    plugin = Reviewer()
    monkeypatch.setattr(gate, "PluginImplementations", lambda _: [plugin])
    # by the hash, and by the comparison of all its elements
    for again in (sent, [{**sent[0], "tags": []}]):
        assert results(bulk(user, again)) == ["unchanged"]
    assert plugin.asked == []
