"""The gates of the search: judged queries over the whole sample province and two real catalogs."""

import subprocess
import sys

import pytest
from click.testing import CliRunner

from ckanext.sdopen.bench import judged_search
from ckanext.sdopen.harvest.cli import harvest
from ckanext.sdopen.portal.accounts import harvest_token
from ckanext.sdopen.search import judging, probe

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def province(clean_portal, repository, tmp_path_factory):
    """The sample province, loaded by the command that scripts/portal runs."""
    accounts = tmp_path_factory.mktemp("accounts") / "accounts.json"
    arguments = ["sdopen", "sample", "load", "--accounts", str(accounts)]
    program = [sys.executable, "-c", "from ckan.cli.cli import ckan; ckan()"]
    command = [*program, "-c", str(repository / "test.ini"), *arguments]
    run = subprocess.run(command, capture_output=True, text=True, check=False, cwd=repository)
    assert run.returncode == 0, run.stderr[-3000:]
    probe.forget()


@pytest.fixture(scope="module")
def real_catalogs(province, served, shared_data, repository, tmp_path_factory):
    """Both real catalogs, pushed into it by the harvest scripts."""
    reports = tmp_path_factory.mktemp("reports")
    for name in judged_search.REAL:
        source = repository / "config" / "sources" / f"{name}.yaml"
        arguments = ["run", str(source), "--portal", served, "--report", str(reports)]
        result = CliRunner().invoke(harvest, arguments, env={"SDOPEN_TOKEN": harvest_token()})
        assert result.exit_code == 0, result.output


def test_both_sets_are_large_and_written_for_how_people_ask():
    sets = {half: judging.load(judged_search.SETS / f"{half}.tsv") for half in ("sample", "real")}
    assert sum(map(len, sets.values())) >= 300
    for half, judged in sets.items():
        assert len(judged) >= 150, half
        assert len({query.query for query in judged}) == len(judged), half
        kinds = {query.kind for query in judged}
        assert {"short", "partial", "question", "pinyin", "typo", "place"} <= kinds, half
        assert {"sign", "phrase", "minus", "traditional", "english", "code"} <= kinds, half


def test_the_sample_half_is_found(province, portal_app):
    with portal_app.flask_app.test_request_context():
        judged_search.know_meanings()
        figures = judged_search.measure_half("sample")
    assert figures["success_at_10"] >= 0.95, figures
    assert figures["zero_hit"] <= 0.03, figures
    assert figures["precision"] >= 0.78, figures


@pytest.mark.parametrize(("is_inside", "success", "zero"), [(False, 0.93, 0.02), (True, 0.9, 0.05)])
def test_the_real_half_is_found(real_catalogs, portal_app, is_inside, success, zero):
    with portal_app.flask_app.test_request_context():
        judged_search.know_meanings()
        figures = judged_search.measure_half("real", is_inside=is_inside)
    assert figures["success_at_10"] >= success, figures
    assert figures["zero_hit"] <= zero, figures
    assert figures["precision"] >= 0.76, figures
