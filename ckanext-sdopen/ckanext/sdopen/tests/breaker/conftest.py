"""One server behind proxies for the tests of this folder, on entries of each class."""

from collections.abc import Iterator

import pytest

from ckanext.sdopen.tests.breaker.corpus.stand import Stand, standing
from ckanext.sdopen.tests.corpus.planted import plant
from ckanext.sdopen.tests.corpus.portal import empty_portal


@pytest.fixture(scope="package")
def world():
    """Entries of every class and state, readers of every role; the folder's files run together."""
    empty_portal()
    return plant(whole=False)


@pytest.fixture(scope="package")
def stand(world, tmp_path_factory) -> Iterator[Stand]:
    """A server on the entries of `world`."""
    with standing(tmp_path_factory.mktemp("stand")) as made:
        made.wait_until(known="up")
        yield made


@pytest.fixture
def well(stand) -> Iterator[Stand]:
    """The same, before and after a test with all parts well."""
    yield stand
    stand.wait_until(known="up")
