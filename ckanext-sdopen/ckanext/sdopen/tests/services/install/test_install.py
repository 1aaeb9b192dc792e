import ast
import re
import shutil
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

from ckanext.sdopen.paths import PACKAGE
from ckanext.sdopen.services import commands
from ckanext.sdopen.services.addresses import Addresses
from ckanext.sdopen.services.install import install, packages
from ckanext.sdopen.services.layout import ROOT, Layout
from ckanext.sdopen.services.messages import Trouble

EVERYTHING = Addresses(
    {},
    frozenset(("postgres", "redis", "solr", "tables", "web", "nginx", "worker", "indexer", "jobs")),
)
NOTHING = Addresses({}, frozenset())
LOCKS = ("requirements.lock", "requirements-test.lock")


@pytest.fixture
def checkout(tmp_path) -> Layout:
    for name in (*LOCKS, "pyproject.toml", "setup.py"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "config", tmp_path / "config")
    layout = Layout(tmp_path / "var", tmp_path)
    layout.make()
    return layout


def finish(layout: Layout, tools: bool = False) -> None:
    layout.venv.mkdir()
    for mark, wanted in install.venv_marks(layout, tools).items():
        mark.write_text(wanted)
    layout.solr_build.mkdir()
    mark = layout.solr_build / "complete"
    mark.write_text(install.fingerprint(install.solr_sources(layout)))


def test_a_half_made_environment_or_build_is_made_again(checkout):
    assert install.venv_is_due(checkout, tools=False)
    assert install.solr_is_due(checkout)
    finish(checkout)
    assert not install.venv_is_due(checkout, tools=False)
    assert not install.solr_is_due(checkout)
    (checkout.venv / "project").unlink()
    (checkout.solr_build / "complete").unlink()
    assert install.venv_is_due(checkout, tools=False)
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
    assert mine["packages_servers"] == ["postgres", "redis", "nginx"]
    tests = install.stages(checkout, NOTHING, browser=True)
    assert tests["packages_browser"] == ["nginx", "browser"], "the tests need nginx themselves"


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


def locked(name: str) -> dict[str, str]:
    """{package: its version} of a lock file."""
    found = re.findall(r"^([\w.-]+)==(\S+)", (ROOT / name).read_text(encoding="utf-8"), re.M)
    return dict(found)


def imported(node: ast.AST) -> list[str]:
    """The names of the modules that a statement imports."""
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""] if not node.level else []
    return [one.name for one in node.names] if isinstance(node, ast.Import) else []


def from_lock(layout: Layout, tools: bool) -> list[str]:
    """The lock files that pip would be given."""
    said = [argv for argv, _ in install.venv_commands(layout, tools)]
    return [Path(argv[argv.index("-r") + 1]).name for argv in said if "-r" in argv]


def test_what_serves_is_installed_without_the_tools_of_tests():
    served, tested = (locked(name) for name in LOCKS)
    assert served.items() < tested.items(), "the tests run on the versions that serve"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    tools = {
        re.match(r"[\w-]+", one)[0].lower() for one in project["optional-dependencies"]["test"]
    }
    assert tools <= tested.keys()
    assert tools & served.keys() == {"polib"}, "CKAN itself asks for this one, and for no other"


def test_nothing_that_serves_imports_a_tool():
    tools = locked(LOCKS[1]).keys() - locked(LOCKS[0]).keys()
    modules = {
        module
        for module, owners in metadata.packages_distributions().items()
        if all(re.sub(r"[-_.]+", "-", owner).lower() in tools for owner in owners)
    }
    assert {"pytest", "playwright", "factory", "PIL", "bs4"} <= modules
    asked = {
        (path.relative_to(PACKAGE).as_posix(), name.partition(".")[0])
        for path in PACKAGE.rglob("*.py")
        # the checks run where the tools are
        if not {"tests", "checking"} & set(path.relative_to(PACKAGE).parts)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in imported(node)
    }
    assert [one for one in sorted(asked) if one[1] in modules] == []


def test_the_portal_takes_the_first_lock_the_tests_take_both(checkout):
    assert from_lock(checkout, tools=False) == ["requirements.lock"]
    assert from_lock(checkout, tools=True) == ["requirements-test.lock"]
    finish(checkout)
    assert from_lock(checkout, tools=False) == []
    assert install.venv_is_due(checkout, tools=True)
    assert not install.packages_are_due(checkout)
    added = install.venv_commands(checkout, tools=True)
    assert from_lock(checkout, tools=True) == ["requirements-test.lock"]
    assert not any("--clear" in argv for argv, _ in added), "what serves stays beside the tools"


def test_the_portal_leaves_the_tools_alone_until_what_serves_changes(checkout):
    finish(checkout, tools=True)
    assert not install.venv_is_due(checkout, tools=False)
    assert not install.venv_is_due(checkout, tools=True)
    tools = checkout.root / LOCKS[1]
    tools.write_text(tools.read_text() + "\n")
    assert install.venv_is_due(checkout, tools=True)
    assert not install.venv_is_due(checkout, tools=False)
    served = checkout.root / LOCKS[0]
    served.write_text(served.read_text() + "\n")
    argv, earned = install.venv_commands(checkout, tools=False)[0]
    assert "--clear" in argv
    assert earned == []


def test_each_mark_is_written_after_the_command_that_earns_it(checkout, monkeypatch):
    ran = []
    checkout.venv.mkdir()

    def run(step, argv, log):
        ran.append("-r" in argv)
        assert not (checkout.venv / "project").exists()

    monkeypatch.setattr(commands, "run", run)
    install.make_venv(checkout, tools=True)
    assert ran == [False, True, False]
    assert not install.venv_is_due(checkout, tools=True)
