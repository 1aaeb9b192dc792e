"""A portal of the fault tests' own: what they kill serves nobody else, and it ends with them."""

from collections.abc import Iterator

import pytest

from ckanext.sdopen.bench.faults import corpus as fault_corpus
from ckanext.sdopen.bench.faults import faults
from ckanext.sdopen.bench.faults.faults import Ended
from ckanext.sdopen.bench.stand import Stand, standing

ENTRIES = 450


@pytest.fixture(scope="package")
def stand(tmp_path_factory) -> Iterator[Stand]:
    folder = tmp_path_factory.mktemp("faults")
    with standing(folder / "stand", 2_220, settings=faults.QUICK_AGAIN) as found:
        yield found


@pytest.fixture(scope="package")
def corpus(stand) -> fault_corpus.Corpus:
    return fault_corpus.make(stand.stack.layout.run, ENTRIES)


@pytest.fixture(scope="package")
def undisturbed(stand, corpus) -> Ended:
    """What a run comes to that nobody disturbs."""
    found = faults.run(stand, corpus)
    assert not found.wrong(found)
    return found
