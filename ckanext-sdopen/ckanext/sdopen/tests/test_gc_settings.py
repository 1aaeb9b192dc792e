"""The processes that stay set apart what they have loaded."""

import os
import subprocess
import sys

from click.testing import CliRunner

from ckanext.sdopen import config, gc_settings
from ckanext.sdopen.index.cli import drain_command
from ckanext.sdopen.index.drain import drainer

_PRINT_SETTINGS = (
    "import gc, sys; print(gc.get_freeze_count(), gc.get_threshold()[0], sys.getswitchinterval())"
)


def _settings_after(command, **more):
    """(objects set apart, objects made before the young are looked through, seconds of a turn)."""
    done = subprocess.run(
        [sys.executable, "-c", f"{command}\n{_PRINT_SETTINGS}"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **more},
    )
    frozen, young, turn = done.stdout.split()[-3:]
    return int(frozen), int(young), float(turn)


def test_the_web_process_sets_apart_the_portal_that_it_has_loaded(repository, clean_db):
    frozen, young, turn = _settings_after(
        f"import sys; sys.path.insert(0, {str(repository / 'config')!r}); import wsgi",
        CKAN_INI=str(repository / "test.ini"),
    )
    # a loaded CKAN; a bare Python holds some ten thousand
    assert frozen > 200_000
    assert young > 10_000
    assert turn < 0.005


def test_the_indexer_does_so_before_it_begins(monkeypatch):
    done = []
    monkeypatch.setattr(gc_settings, "apply", lambda *settings: done.append(settings))
    monkeypatch.setattr(drainer.Drainer, "run", lambda self, once: done.append("drained") or 0)
    assert CliRunner().invoke(drain_command, ["--once"]).exit_code == 0
    assert done == [(True, 1), "drained"]


def test_the_settings_leave_a_process_as_python_has_it(monkeypatch, ckan_config):
    done = []
    monkeypatch.setattr(gc_settings, "apply", lambda *settings: done.append(settings))
    monkeypatch.setitem(ckan_config, "ckanext.sdopen.process.set_apart", False)
    monkeypatch.setitem(ckan_config, "ckanext.sdopen.process.turn_milliseconds", 5)
    config.set_up_process()
    assert done == [(False, 5)]
    frozen, young, turn = _settings_after(
        "from ckanext.sdopen import gc_settings; gc_settings.apply(False, 5)"
    )
    assert (frozen, young, turn) == (*_settings_after("pass")[:2], 0.005)


def test_a_harvest_command_begins_without_the_writer_of_sheets():
    asked = "import sys, ckanext.sdopen.harvest.cli; print('xlsxwriter' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
