import shutil

import pytest

from ckanext.sdopen.services import install, packages
from ckanext.sdopen.services.addresses import Addresses
from ckanext.sdopen.services.layout import ROOT, Layout
from ckanext.sdopen.services.messages import Trouble

EVERYTHING = Addresses({}, frozenset(("postgres", "redis", "solr", "web", "worker", "indexer")))
NOTHING = Addresses({}, frozenset())


@pytest.fixture
def checkout(tmp_path) -> Layout:
    for name in ("requirements.lock", "pyproject.toml", "setup.py"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "config", tmp_path / "config")
    layout = Layout(tmp_path / "var", tmp_path)
    layout.make()
    return layout


def finish(layout: Layout) -> None:
    layout.venv.mkdir()
    for mark, wanted in install.venv_marks(layout).items():
        mark.write_text(wanted)
    layout.solr_build.mkdir()
    mark = layout.solr_build / "complete"
    mark.write_text(install.fingerprint(install.solr_sources(layout)))


def test_a_half_made_environment_or_build_is_made_again(checkout):
    assert install.venv_is_due(checkout)
    assert install.solr_is_due(checkout)
    finish(checkout)
    assert not install.venv_is_due(checkout)
    assert not install.solr_is_due(checkout)
    (checkout.venv / "project").unlink()
    (checkout.solr_build / "complete").unlink()
    assert install.venv_is_due(checkout)
    assert not install.packages_are_due(checkout)
    assert install.solr_is_due(checkout)


@pytest.mark.parametrize("name", ["requirements.lock", "config/solr/pom.xml"])
def test_a_changed_source_is_installed_again(checkout, name):
    finish(checkout)
    path = checkout.root / name
    path.write_text(path.read_text() + "\n")
    changed = install.packages_are_due if "lock" in name else install.solr_is_due
    assert changed(checkout)


def test_nothing_is_asked_of_the_machine_for_services_given_from_outside(checkout):
    finish(checkout)
    assert install.stages(checkout, NOTHING, browser=False) == {
        "packages_python": ["magic"],
        "packages_java": [],
        "packages_servers": [],
        "packages_browser": [],
    }
    mine = install.stages(checkout, EVERYTHING, browser=False)
    assert mine["packages_java"] == ["java-run"], "Maven is not needed once Solr is built"
    assert mine["packages_servers"] == ["postgres", "redis"]


def test_one_message_lists_everything_that_is_missing(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))  # no javac, no mvn, and no apt-get either
    lacking = packages.missing(["java", "redis"])
    with pytest.raises(Trouble) as trouble:
        packages.refuse_if_impossible(lacking)
    for name in ("javac", "mvn", "maven", "redis-server", "openjdk-17-jdk-headless"):
        assert name in str(trouble.value)
    packages.refuse_if_impossible([])


def test_a_disk_that_is_too_small_is_refused_before_anything_is_written(checkout, monkeypatch):
    install.refuse_full_disk(checkout)
    monkeypatch.setattr(install, "FIRST_RUN_GIB", 1e9)
    with pytest.raises(Trouble) as trouble:
        install.refuse_full_disk(checkout)
    assert trouble.value.key == "disk_too_small"


def test_what_is_missing_is_found_by_command_file_and_module():
    assert packages.Need("x", "sh", "dash").is_there()
    assert packages.Need("x", "/no/such/*|/etc/passwd", "base-files").is_there()
    assert packages.Need("x", "python:json", "python3").is_there()
    assert not packages.Need("x", "no-such-command", "nothing").is_there()
    assert not packages.Need("x", "python:no_such_module", "nothing").is_there()
