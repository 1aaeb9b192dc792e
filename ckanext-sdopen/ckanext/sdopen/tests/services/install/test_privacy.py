"""What a stack keeps is for its user alone."""

import os
import stat
from pathlib import Path

import pytest

from ckanext.sdopen.services.install import privacy
from ckanext.sdopen.services.layout import Layout


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


@pytest.fixture
def layout(tmp_path) -> Layout:
    """The folder of a start of long ago, open to everybody."""
    made = Layout(tmp_path / "var")
    for folder in (made.var, made.storage, made.storage / "resources", made.postgres):
        folder.mkdir()
        folder.chmod(0o755)
    files = (made.ini, made.storage / "resources" / "data.csv", made.postgres / "PG_VERSION")
    for file in files:
        file.write_text("x")
        file.chmod(0o644)
    (made.var / "run").symlink_to(tmp_path)
    tmp_path.chmod(0o755)
    return made


def test_a_start_closes_its_folders(layout):
    before = os.umask(0o022)
    try:
        (layout.var / "run").unlink()
        layout.make()
    finally:
        os.umask(before)
    folders = (layout.var, layout.logs, layout.run, layout.storage, layout.redis)
    assert {mode(folder) for folder in folders} == {0o700}


def test_what_an_older_start_left_open_is_closed_once(layout, tmp_path):
    privacy.tighten(layout)
    assert mode(layout.ini) == 0o600
    assert mode(layout.storage / "resources") == 0o700
    assert mode(layout.storage / "resources" / "data.csv") == 0o600
    # what a link leads to is not ours, and PostgreSQL minds its own modes
    assert mode(tmp_path) == 0o755
    assert mode(layout.postgres / "PG_VERSION") == 0o644
    layout.ini.chmod(0o640)
    privacy.tighten(layout)
    assert mode(layout.ini) == 0o640
