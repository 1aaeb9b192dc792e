"""The command: it tells a healthy portal from a sick one, and answers with parts away."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from ckanext.sdopen.audit import chain
from ckanext.sdopen.bench.faults.fault import Mode
from ckanext.sdopen.bench.faults.proxy import standing_before
from ckanext.sdopen.jobs import schedule
from ckanext.sdopen.jobs.kinds import declared
from ckanext.sdopen.services.layout import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("clean_portal")]

SECRET = "q8Zr1tVw6xYb3nKc9pLd5sMf2hJg7uRa"
PASSWORD = "Lw4-marmot-9931-quince"
SETTINGS = f"""[app:main]
use = config:{{ini}}
SECRET_KEY = string:{SECRET}
solr_user = operator
solr_password = {PASSWORD}
ckan.site_url = https://data.example.cn
WTF_CSRF_ENABLED = true
solr_timeout = 5
ckanext.sdopen.breaker.connect_seconds = 5
ckanext.sdopen.breaker.solr_read_seconds = 5
ckanext.sdopen.breaker.redis_seconds = 5
ckanext.sdopen.doctor.statement_seconds = 120
ckanext.sdopen.doctor.clock_seconds = 600
ckanext.sdopen.doctor.free_megabytes = 0
ckanext.sdopen.guard.second_factor_required = true
ckanext.sdopen.doctor.backup_file = {{backup}}
{{more}}
"""
# of a busy machine; only what waits for ever would reach it
PATIENCE = 600


@pytest.fixture
def settings_file(tmp_path):
    """Writes a settings file of a safe portal, and more lines into it."""
    chain.seal_all()
    for task in declared.periodic.values():
        schedule.settle(task)
        lease = schedule.take(task, 600)
        if lease:
            schedule.end(lease, task, True, "done")

    def written(more: str = "") -> Path:
        backup = tmp_path / "complete"
        backup.touch()
        file = tmp_path / "portal.ini"
        shown = {"ini": ROOT / "test.ini", "backup": backup, "more": more}
        file.write_text(SETTINGS.format(**shown), encoding="utf-8")
        file.chmod(0o600)
        return file

    return written


def doctor(
    file: Path, *options: str, env: Mapping[str, str] = {}
) -> subprocess.CompletedProcess[str]:
    """Run the command as an operator does."""
    command = [str(Path(sys.executable).with_name("ckan")), "-c", str(file), "sdopen", "doctor"]
    return subprocess.run(
        [*command, *options],
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def told(answer: subprocess.CompletedProcess[str]) -> dict[str, str]:
    """{check: severity} of what is not in order."""
    findings = json.loads(answer.stdout)["findings"]
    return {one["check"]: one["severity"] for one in findings if one["severity"] != "ok"}


def test_a_portal_in_order_ends_with_status_0_and_an_unsafe_one_with_1(settings_file):
    fine = doctor(settings_file(), "--json")
    assert told(fine) == {}
    assert (fine.returncode, json.loads(fine.stdout)["status"]) == (0, "ok")
    unsafe = doctor(settings_file("ckan.datastore.sqlsearch.enabled = true"), "--json")
    assert told(unsafe) == {"sql": "error"}
    assert unsafe.returncode == 1


def test_a_warning_alone_is_no_error(settings_file):
    file = settings_file("ckan.hide_version = false")
    english = doctor(file, "--language", "en")
    assert english.returncode == 0
    assert "Pages tell visitors the release of CKAN." in english.stdout
    assert "Set ckan.hide_version to true" in english.stdout
    assert "0 error, 1 warning" in english.stdout
    assert "页面向访问者显示 CKAN 版本。" in doctor(file).stdout


def test_a_settings_file_that_others_read_is_an_error(settings_file):
    file = settings_file()
    file.chmod(0o644)
    assert told(doctor(file, "--json")) == {"open_files": "error"}


@pytest.mark.parametrize("mode", [Mode.REFUSE, Mode.BLACK_HOLE])
@pytest.mark.parametrize("part", ["solr", "redis"])
def test_it_answers_while_a_part_is_away_and_names_it(settings_file, part, mode):
    name = {"solr": "CKAN_SOLR_URL", "redis": "CKAN_REDIS_URL"}[part]
    with standing_before(os.environ[name]) as proxy, proxy.fault(mode):
        answer = doctor(settings_file(), "--json", env={name: proxy.url})
    assert told(answer) == {f"{part}_away": "error"}
    assert answer.returncode == 1
    said = answer.stdout + answer.stderr
    assert PASSWORD not in said
    assert SECRET not in said
