"""The wheel carries all that a portal needs, seen from a clean environment."""

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2]
CARRIED = ("schemas", "config_files", "templates", "assets", "i18n", "migration")
LEFT_OUT = {"__pycache__", "target", ".pytest_cache"}

LOADED_FROM_THE_WHEEL = """
import json, sys
from ckanext.sdopen import codes, paths
import yaml
assert "site-packages" in str(paths.PACKAGE), paths.PACKAGE
def read(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))
schemas = {path.stem: read(path) for path in paths.SCHEMAS.glob("*.yaml")}
lists = [p.stem for p in paths.CODES.glob("*.yaml")]
for name in lists:
    codes.load(name)
config = (paths.CONFIG / "portal.ini").exists()
print(json.dumps({"schemas": sorted(schemas), "lists": len(lists), "config": config}))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory, repository) -> Path:
    """The wheel of the checkout as committed and changed, built by the standard front end."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", folder, repository]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr[-2000:]
    return next(folder.glob("*.whl"))


@pytest.mark.slow
def test_the_wheel_carries_every_data_file_of_the_package(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = set()
    for folder in CARRIED:
        root = PACKAGE / folder
        for path in root.resolve().rglob("*") if root.exists() else ():
            inner = path.relative_to(root.resolve())
            if path.is_file() and not LEFT_OUT & set(inner.parts):
                wanted.add(f"ckanext/sdopen/{folder}/{inner}")
    assert len(wanted) > 50
    assert not wanted - names


@pytest.mark.slow
def test_a_clean_environment_loads_schemas_and_code_lists_from_the_wheel(wheel, tmp_path):
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env" / "bin" / "python"
    # the wheel itself, and of its dependencies only what loading schemas needs
    for arguments in (["--no-deps", str(wheel)], ["PyYAML"]):
        command = [python, "-m", "pip", "install", "-q", *arguments]
        installed = subprocess.run(command, capture_output=True, text=True, check=False)
        assert installed.returncode == 0, installed.stderr[-2000:]
    run = subprocess.run(
        [python, "-c", LOADED_FROM_THE_WHEEL],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    for name in ("catalog", "department", "interface", "presets", "profiles", "topic", "workbook"):
        assert f'"{name}"' in run.stdout
    assert '"config": true' in run.stdout
