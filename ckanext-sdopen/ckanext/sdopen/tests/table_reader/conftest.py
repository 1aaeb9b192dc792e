"""A real reader on real versions, and the portal's client that knows it."""

import pytest

from ckanext.sdopen.breaker.table_reader import circuit
from ckanext.sdopen.services.servers import table_reader
from ckanext.sdopen.tests.table_reader.corpus.versions import pharmacies

# what hangs is seen soon, what is slow may be so; one process, so that it is known which
SETTINGS = {
    "SDOPEN_TABLE_READER_PROCESSES": "1",
    "SDOPEN_TABLE_READER_SECONDS": "60",
    "SDOPEN_TABLE_READER_MEMORY": "200000000",
    "SDOPEN_TABLE_READER_SILENT_SECONDS": "6",
}
SAID = "a secret of 32 bytes that is none"


@pytest.fixture(scope="session")
def table(tmp_path_factory):
    """A version of fifty thousand pharmacies."""
    folder = tmp_path_factory.mktemp("versions")
    # as the portal keeps them: for its own user alone
    found = pharmacies(folder)
    folder.chmod(0o700)
    found.path.chmod(0o600)
    return found


@pytest.fixture(scope="session")
def reader(table, tmp_path_factory):
    """The address of a reader of that folder."""
    log = tmp_path_factory.mktemp("reader") / "log"
    with table_reader.serve(table.folder, log, SAID, SETTINGS) as address:
        yield address


@pytest.fixture
def asked(reader, monkeypatch):
    """The portal's client asks that reader."""
    monkeypatch.setenv("SDOPEN_TABLES_URL", reader)
    monkeypatch.setenv("SDOPEN_TABLES_SECRET", SAID)
    circuit.succeeded()
    yield
    circuit.succeeded()
