"""The chain names what was changed, taken out or slipped in, and waits for nobody's gap."""

import datetime
import io
from typing import ClassVar

import pytest
from ckan import model
from sqlalchemy import text

from ckanext.sdopen.audit import chain, export, log, months
from ckanext.sdopen.audit.kinds import Kind
from ckanext.sdopen.audit.log import Event
from ckanext.sdopen.moments import now

pytestmark = pytest.mark.usefixtures("clean_portal")


def told(count):
    """Tell of so many events at once; their ids."""
    with model.meta.engine.connect() as connection:
        since = connection.execute(text("SELECT coalesce(max(id), 0) FROM sdopen_audit")).scalar()
        log.record_now([Event(Kind.LOCK, f"object {n}", "user") for n in range(count)])
        connection.rollback()
        found = text("SELECT id FROM sdopen_audit WHERE id > :since ORDER BY id")
        return list(connection.execute(found, {"since": since}).scalars())


class Tampering:
    """Statements that the triggers would refuse, undone at the end of the test."""

    known: ClassVar[list[tuple[str, int]]] = []

    def __init__(self):
        self._undo = []

    def __call__(self, statement, back, **values):
        self._undo.append((back, values))
        self._behind(statement, values)

    def _behind(self, statement, values):
        with model.meta.engine.begin() as connection:
            connection.execute(text("ALTER TABLE sdopen_audit DISABLE TRIGGER USER"))
            connection.execute(text(statement), values)
            connection.execute(text("ALTER TABLE sdopen_audit ENABLE TRIGGER USER"))

    def end(self):
        for back, values in reversed(self._undo):
            self._behind(back, values)


@pytest.fixture
def tampered():
    tampering = Tampering()
    yield tampering
    tampering.end()


def findings():
    """What is found now and was not before; no test mends the log behind the database's back."""
    found = [(one.what, one.number) for one in chain.verify()]
    return [one for one in found if one not in Tampering.known]


def test_rows_are_sealed_in_blocks_and_verified():
    told(3)
    chain.seal_all()
    assert (chain.unsealed(), findings()) == (0, [])
    told(chain.MOST + 5)
    assert chain.unsealed() == chain.MOST + 5
    assert [chain.seal(), chain.seal(), chain.seal()] == [chain.MOST, 5, 0]
    assert (chain.unsealed(), findings()) == (0, [])


def test_a_changed_row_is_named(tampered):
    one = told(3)[1]
    chain.seal_all()
    change = "UPDATE sdopen_audit SET account = :said WHERE id = :id"
    back = "UPDATE sdopen_audit SET account = '' WHERE id = :id"
    tampered(change, back, said="somebody else", id=one)
    assert findings() == [("changed", one)]


def test_a_row_that_is_gone_is_named(tampered):
    one = told(3)[1]
    chain.seal_all()
    keep = "CREATE TABLE kept_row AS SELECT * FROM sdopen_audit WHERE id = :id"
    back = "INSERT INTO sdopen_audit SELECT * FROM kept_row WHERE id = :id; DROP TABLE kept_row"
    tampered(f"{keep}; DELETE FROM sdopen_audit WHERE id = :id", back, id=one)
    assert findings() == [("missing", one)]


@pytest.mark.parametrize("at", [0, -1])
def test_a_row_slipped_in_is_named(tampered, at):
    ids = [*told(1), *told(1)]
    chain.seal_all()
    columns = "tx, account_id, account, kind, result, object_type, object_id, address, request_id"
    slip = (
        f"INSERT INTO sdopen_audit ({columns}, details)"
        f" SELECT {columns}, '{{}}' FROM sdopen_audit WHERE id = :id"
    )
    tampered(slip, "SELECT :id", id=ids[at])
    chain.seal_all()
    added = [("added", max(ids) + 1)]
    assert findings() == added
    # it stays, and with it what is found of it
    tampered.known += added


def test_a_transaction_under_way_holds_back_what_began_after_it():
    chain.seal_all()
    with model.meta.engine.connect() as connection:
        connection.execute(text("SELECT pg_current_xact_id()"))
        after = told(2)
        assert (chain.seal(), chain.unsealed()) == (0, 2)
        connection.rollback()
    assert chain.seal() == 2
    assert len(after) == 2
    assert findings() == []


def test_months_are_made_ahead_and_a_young_one_is_not_taken_out():
    # those of the database were made before: a month may have ended since
    months.make_ahead()
    known = months.there()
    assert now().date().replace(day=1) in known
    assert len([month for month in known if month > now().date()]) >= 11
    assert months.make_ahead() == 0
    half_a_year_ago = now().date() - datetime.timedelta(days=183)
    with pytest.raises(months.TooYoung):
        months.purge(half_a_year_ago.replace(day=1), "auditor")


def test_an_old_month_goes_whole_and_its_digests_stay(monkeypatch):
    told(2)
    chain.seal_all()
    later = now() + datetime.timedelta(days=months.keep_days() + 32)
    this_month = now().date().replace(day=1)
    monkeypatch.setattr(months, "now", lambda: later)
    months.purge(this_month, "auditor")
    try:
        assert findings() == []
        assert this_month not in months.there()
    finally:
        monkeypatch.undo()
        months.make_ahead()
    assert this_month in months.there()
    told(1)
    chain.seal_all()
    assert findings() == []


def test_an_auditor_gets_the_rows_as_lines_and_as_a_table():
    log.record_now([Event(Kind.LOCK, "=1+1", "user")])
    since = now() - datetime.timedelta(days=1)
    lines, table = io.StringIO(), io.StringIO()
    count = export.write(lines, "ndjson", since, None)
    assert count == export.write(table, "csv", since, None)
    assert len(lines.getvalue().splitlines()) == count
    assert table.getvalue().splitlines()[0].startswith("id,moment,account_id")
    assert ",'=1+1," in table.getvalue()
    assert export.write(io.StringIO(), "csv", since, since) == 0
