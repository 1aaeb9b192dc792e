"""The bulk path leaves of every entry what package_create and package_update leave."""

from collections.abc import Callable
from functools import partial

import ckan.plugins.toolkit as tk
import pytest

from ckanext.sdopen.tests.bulk.corpus import lives, plays, snapshot
from ckanext.sdopen.tests.bulk.corpus.cast import Cast, assemble
from ckanext.sdopen.tests.bulk.corpus.differences import differences
from ckanext.sdopen.tests.bulk.corpus.edits import by_chance
from ckanext.sdopen.tests.corpus.portal import empty_portal


@pytest.fixture(autouse=True)
def rare_commits(monkeypatch):
    """The index is committed at the end of a play."""
    monkeypatch.setitem(tk.config, "ckan.search.solr_commit", False)


def played(apply: plays.Apply, lives_of: Callable[[Cast], list[lives.Life]]) -> dict:
    """An empty portal, the play, and all that it left."""
    empty_portal()
    cast = assemble()
    return snapshot.taken(plays.run(lives.rounds(lives_of(cast)), apply), cast)


def listed(found: list[str]) -> str:
    """The differences, the first of them only where they are many."""
    return "\n".join([f"{len(found)} differences", *found[:200]])


CORPORA: dict[str, Callable[[Cast], list[lives.Life]]] = {
    "named": lives.named,
    "by chance 1": partial(by_chance, seed=1, lives=12, steps=6),
    "by chance 2": partial(by_chance, seed=2, lives=12, steps=6),
}


@pytest.mark.parametrize("corpus", CORPORA)
def test_both_ways_leave_the_same_of_every_entry(corpus):
    by_actions = played(plays.by_actions, CORPORA[corpus])
    taken = [accepted for rnd in by_actions["of none"]["outcomes"] for accepted, _ in rnd]
    assert sum(taken) > len(taken) * 0.5, "most steps are ones that the rules take"
    found = list(differences(by_actions, played(plays.by_bulk, CORPORA[corpus])))
    assert not found, listed(found)
