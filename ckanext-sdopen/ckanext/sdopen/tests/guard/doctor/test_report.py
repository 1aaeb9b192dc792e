"""The state of a real portal: what is in order, and each disorder by its name."""

import datetime
from contextlib import contextmanager

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from sqlalchemy import text

from ckanext.sdopen.audit import chain, log
from ckanext.sdopen.audit.kinds import Kind
from ckanext.sdopen.audit.log import Event
from ckanext.sdopen.guard.audit_job import AUDIT_SEAL
from ckanext.sdopen.guard.doctor import audit_log, report, versions
from ckanext.sdopen.guard.doctor.rules.findings import Area, Severity
from ckanext.sdopen.jobs import schedule
from ckanext.sdopen.jobs.kinds import declared
from ckanext.sdopen.moments import now
from ckanext.sdopen.tests.corpus.counted import statements

pytestmark = pytest.mark.usefixtures("clean_portal", "tasks_ran")


@pytest.fixture
def tasks_ran(monkeypatch):
    """All periodic tasks have run a moment ago, on a machine that may be busy."""
    for name in ("breaker.solr_read_seconds", "breaker.redis_seconds", "doctor.statement_seconds"):
        monkeypatch.setitem(tk.config, f"ckanext.sdopen.{name}", 120)
    chain.seal_all()
    run("DELETE FROM sdopen_schedule")
    for task in declared.periodic.values():
        schedule.settle(task)
        schedule.end(schedule.take(task, 600), task, True, "done")
    yield
    run("DELETE FROM sdopen_schedule")


def run(statement, **values):
    with model.meta.engine.begin() as connection:
        connection.execute(text(statement), values)


@contextmanager
def changed(statement, back, **values):
    """The database after a statement, for so long."""
    run(statement, **values)
    try:
        yield
    finally:
        run(back)


@pytest.fixture
def found(portal_app):
    """{check: severity} of the report, without what is in order, settings and machine."""

    def looked(area=None):
        with portal_app.flask_app.test_request_context():
            findings = report.findings()
        return {
            one.check: one.severity.value
            for one in findings
            if one.severity is not Severity.OK
            and one.area not in (Area.SETTINGS, Area.MACHINE)
            and area in (None, one.area)
        }

    return looked


def test_a_portal_in_order_has_no_finding_but_of_settings_and_machine(found):
    assert found() == {}


def test_the_worst_comes_first(portal_app):
    with portal_app.flask_app.test_request_context():
        told = [one.severity for one in report.findings()]
    assert told == sorted(told, key=list(Severity).index)
    assert {"error", "ok"} <= set(told)


def test_tables_of_another_version_are_named(found):
    head = versions.head()
    before = "UPDATE sdopen_alembic_version SET version_num = '001_codes'"
    after = f"UPDATE sdopen_alembic_version SET version_num = '{head}'"
    with changed(before, after):
        assert found(Area.DATABASE) == {"not_migrated": "error"}


def test_a_table_that_is_missing_stops_no_other_check(found):
    away = "ALTER TABLE sdopen_mail RENAME TO sdopen_mail_away"
    back = "ALTER TABLE sdopen_mail_away RENAME TO sdopen_mail"
    with changed(away, back):
        assert found() == {"not_looked": "error"}


def test_a_narrow_row_too_many_is_an_error(found):
    row = """
        INSERT INTO sdopen_entry (id, kind, region, owner_org, title, title_key, state, private,
            topics, modified) VALUES ('lone', 'catalog', '370000', 'a', 'a', 'a', 'active', false,
            '{}', now())
    """
    with changed(row, "DELETE FROM sdopen_entry WHERE id = 'lone'"):
        assert found() == {"narrow_differs": "error"}


def test_an_entry_that_the_index_lacks_is_an_error_unless_it_waits(found):
    row = """
        INSERT INTO package (id, name, type, state, private)
        VALUES ('lone', 'lone', 'other', 'active', false)
    """
    waits = "INSERT INTO sdopen_outbox VALUES ('lone', 1, timezone('UTC', now()))"
    with changed(row, "DELETE FROM package WHERE id = 'lone'"):
        assert found() == {"index_differs": "error"}
        with changed(waits, "DELETE FROM sdopen_outbox"):
            assert found() == {}


@pytest.mark.parametrize(
    ("minutes", "expected"), [(5, {}), (20, "warning"), (90, "error")], ids=["5", "20", "90"]
)
def test_what_waits_for_the_index_is_told_by_its_age(found, minutes, expected):
    row = """
        INSERT INTO sdopen_outbox
        VALUES ('old', 1, timezone('UTC', now()) - make_interval(mins => :minutes))
    """
    with changed(row, "DELETE FROM sdopen_outbox", minutes=minutes):
        assert found() == (expected and {"outbox_late": expected})


def test_an_entry_that_solr_refuses_is_told(found):
    row = "INSERT INTO sdopen_outbox VALUES ('odd', 1, timezone('UTC', now()), 2, 'refused')"
    with changed(row, "DELETE FROM sdopen_outbox"):
        assert found() == {"outbox_refused": "warning"}


def test_mail_that_waits_and_fails_is_told(found):
    row = """
        INSERT INTO sdopen_mail (recipient, queued, due, tries)
        VALUES ('a@example.cn', timezone('UTC', now()) - interval '3 hours', now(), 4)
    """
    with changed(row, "DELETE FROM sdopen_mail"):
        assert found() == {"mail_late": "error", "mail_refused": "warning"}


def job(state, due):
    return f"""
        INSERT INTO sdopen_job (id, queue, kind, payload, language, state, due, made)
        VALUES ('a', 'checks', 'a', '{{}}', 'en', '{state}', {due}, now())
    """


def test_a_job_that_waits_long_or_lost_its_process_is_told(found):
    with changed(job("waiting", "now() - interval '20 minutes'"), "DELETE FROM sdopen_job"):
        assert found() == {"queue_late": "warning"}
    with changed(job("running", "now() - interval '1 minute'"), "DELETE FROM sdopen_job"):
        assert found() == {"queue_lost": "warning"}


def test_tasks_that_nobody_does_or_that_fail_are_told(found):
    name = AUDIT_SEAL.name
    run("UPDATE sdopen_schedule SET failures = 1 WHERE name = :name", name=name)
    assert found() == {"task_fails": "warning"}
    run("UPDATE sdopen_schedule SET failures = 3 WHERE name = :name", name=name)
    assert found() == {"task_fails": "error"}
    late = "failures = 0, due = now() - interval '20 minutes'"
    run(f"UPDATE sdopen_schedule SET {late} WHERE name = :name", name=name)
    assert found() == {"task_late": "warning"}
    run("DELETE FROM sdopen_schedule WHERE name = :name", name=name)
    assert found() == {"tasks_never": "error"}


@pytest.mark.parametrize("table", ["sdopen_audit", "sdopen_audit_block", "sdopen_audit_purge"])
def test_an_audit_table_that_can_be_changed_is_an_error(found, table):
    opened = f"ALTER TABLE {table} DISABLE TRIGGER {table}_stays"
    with changed(opened, f"ALTER TABLE {table} ENABLE TRIGGER {table}_stays"):
        assert found() == {"audit_open": "error"}


def test_audit_rows_without_a_sealer_and_months_that_end_are_told(found, monkeypatch):
    log.record_now([Event(Kind.LOCK, "object", "user")])
    monkeypatch.setattr(audit_log, "_SOME", 1)
    assert found() == {"audit_unsealed": "warning"}
    monkeypatch.undo()
    years = datetime.timedelta(days=365 * 3)
    monkeypatch.setattr(audit_log, "now", lambda: now() + years)
    assert found() == {"audit_months_end": "error"}


def test_the_report_asks_the_database_equally_often_however_much_there_is(portal_app):
    def asked():
        with portal_app.flask_app.test_request_context():
            return statements(report.findings)

    # what is looked at once in each process
    asked()
    before = asked()
    many = """
        INSERT INTO sdopen_outbox SELECT 'e' || n, n, timezone('UTC', now())
        FROM generate_series(1, 500) AS n
    """
    with changed(many, "DELETE FROM sdopen_outbox"):
        assert asked() == before
    assert before <= 40


def test_no_secret_of_the_settings_is_told(portal_app, monkeypatch):
    secret = "Zx81-turnip-lantern-4471-okapi"
    monkeypatch.setitem(tk.config, "SECRET_KEY", secret)
    monkeypatch.setitem(tk.config, "solr_password", secret)
    with portal_app.flask_app.test_request_context():
        assert secret not in str(report.findings())
