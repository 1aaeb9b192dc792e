"""The gate of the bulk path: which records it is asked about, and what it is not told."""

import pytest
from ckan import model

from ckanext.sdopen.entries import gate
from ckanext.sdopen.tests.bulk.corpus.sending import bulk, results
from ckanext.sdopen.tests.corpus.examples import catalog

pytestmark = pytest.mark.usefixtures("clean_portal")


class Reviewer:
    """A plugin that keeps every record for review."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def decide(self, asked, permissions):
        self.asked += [one.record["title"] for one in asked]
        return [gate.Verdict(gate.PENDING)] * len(asked)

    def keep_pending(self, asked, permissions):
        """Nothing: only what is asked counts here."""

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
    upload = {"id": "nope", "name": "名录", "url": "https://example.org/a", "url_type": "upload"}
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


class Decider(Reviewer):
    """A plugin that decides on what its verdicts name, by title."""

    def __init__(self, **verdicts: gate.Verdict) -> None:
        super().__init__()
        self.verdicts = verdicts
        self.kept: list[str] = []

    def decide(self, asked, permissions):
        self.asked += [one.record["title"] for one in asked]
        return [self.verdicts.get(one.record["title"]) for one in asked]

    def keep_pending(self, asked, permissions):
        self.kept += [one.record["title"] for one in asked]

    def after_bulk(self, entry_ids):
        """Nothing: only what is asked counts here."""


def deciders(monkeypatch, *listed):
    monkeypatch.setattr(gate, "PluginImplementations", lambda _: listed)
    return listed


def test_the_next_decider_is_asked_only_about_what_is_undecided(bureau, user, monkeypatch):
    refused, waits = gate.Verdict(gate.REJECT, "含个人信息"), gate.Verdict(gate.PENDING)
    first, second = deciders(
        monkeypatch,
        Decider(甲目录=refused, 乙目录=gate.Verdict()),
        Decider(甲目录=waits, 乙目录=waits, 丙目录=waits),
    )
    titles = ("甲目录", "乙目录", "丙目录", "丁目录")
    sent = [record(bureau, 10 + n, title=title) for n, title in enumerate(titles)]
    answer = bulk(user, sent)
    assert results(answer) == ["rejected", "created", "pending", "created"]
    assert answer["records"][0]["findings"][0]["message"] == "含个人信息"
    assert (first.asked, second.asked) == (list(titles), ["丙目录", "丁目录"])
    # each keeps what its own verdict has wait
    assert (first.kept, second.kept) == ([], ["丙目录"])


def test_nobody_is_asked_about_nothing(bureau, user, monkeypatch):
    first, second = deciders(monkeypatch, Decider(戊目录=gate.Verdict()), Decider())
    assert results(bulk(user, [record(bureau, 20, title="戊目录")])) == ["created"]
    assert (first.asked, second.asked) == (["戊目录"], [])


def test_a_decider_that_answers_too_few_lets_nothing_through(bureau, user, monkeypatch):
    class Short(Decider):
        def decide(self, asked, permissions):
            return []

    deciders(monkeypatch, Short())
    with pytest.raises(ValueError, match="shorter"):
        bulk(user, [record(bureau, 21)])
    assert model.Package.get("c-370000-307601-000021") is None
