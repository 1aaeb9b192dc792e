"""The processes that stay set apart what they have loaded."""

import os
import subprocess
import sys

from click.testing import CliRunner

from ckanext.sdopen import heap
from ckanext.sdopen.search import drain
from ckanext.sdopen.search.cli import drain_command

_SETTLED = (
    "import gc, sys; print(gc.get_freeze_count(), gc.get_threshold()[0], sys.getswitchinterval())"
)


def _settled(command, **more):
    """(objects set apart, objects made before the young are looked through, seconds of a turn)."""
    done = subprocess.run(
        [sys.executable, "-c", f"{command}\n{_SETTLED}"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **more},
    )
    frozen, young, turn = done.stdout.split()[-3:]
    return int(frozen), int(young), float(turn)


def test_the_web_process_sets_apart_the_portal_that_it_has_loaded(repository, clean_db):
    frozen, young, turn = _settled(
        f"import sys; sys.path.insert(0, {str(repository / 'config')!r}); import wsgi",
        CKAN_INI=str(repository / "test.ini"),
    )
    # a loaded CKAN; a bare Python holds some ten thousand
    assert frozen > 200_000
    assert young > 10_000
    assert turn < 0.005


def test_the_indexer_does_so_before_it_begins(monkeypatch):
    done = []
    monkeypatch.setattr(heap, "settle", lambda: done.append("settled"))
    monkeypatch.setattr(drain.Drainer, "run", lambda self, once: done.append("drained") or 0)
    assert CliRunner().invoke(drain_command, ["--once"]).exit_code == 0
    assert done == ["settled", "drained"]


def test_a_harvest_command_begins_without_the_writer_of_sheets():
    asked = "import sys, ckanext.sdopen.harvest.cli; print('xlsxwriter' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
