"""The package of nginx is installed; the system's server does not start, now or later."""

import os
import subprocess
from pathlib import Path

import pytest

from ckanext.sdopen.services.install import asleep

REAL = {
    "invoke-rc.d": "/usr/sbin/invoke-rc.d",
    "update-rc.d": "/usr/sbin/update-rc.d",
    "deb-systemd-helper": "/usr/bin/deb-systemd-helper",
}


@pytest.fixture
def folder(tmp_path) -> Path:
    """Our programs, with programs that note what they are asked in the place of the system's."""
    (option, path) = asleep.options(tmp_path / "asleep")
    assert option == "-o"
    assert path.startswith(f"DPkg::Path={tmp_path / 'asleep'}:")
    noting = tmp_path / "noting"
    noting.mkdir()
    for name in (*REAL, "systemctl"):
        program = noting / name
        program.write_text(f'#!/bin/sh\necho "{name} $*" >> "{tmp_path / "asked"}"\n')
        program.chmod(0o755)
    for name, real in REAL.items():
        ours = tmp_path / "asleep" / name
        assert os.access(ours, os.X_OK)
        ours.write_text(ours.read_text().replace(real, str(noting / name)))
    (tmp_path / "asked").touch()
    return tmp_path


def asked(folder: Path, command: str) -> list[str]:
    """What the system's programs are asked when a package's script runs this command."""
    env = {"PATH": f"{folder / 'asleep'}:{folder / 'noting'}:{os.defpath}"}
    subprocess.run(command.split(), env=env, check=True)
    said = (folder / "asked").read_text().splitlines()
    (folder / "asked").write_text("")
    return said


def test_nginx_of_the_system_is_not_started(folder):
    assert asked(folder, "invoke-rc.d nginx start") == []
    assert asked(folder, "invoke-rc.d --quiet nginx status") == ["invoke-rc.d --quiet nginx status"]
    assert asked(folder, "update-rc.d nginx defaults") == ["update-rc.d nginx defaults-disabled"]
    assert asked(folder, "deb-systemd-helper enable nginx.service") == [
        "deb-systemd-helper enable nginx.service",
        "systemctl disable nginx.service",
    ]


@pytest.mark.parametrize(
    "command",
    [
        "invoke-rc.d ssh start",
        "invoke-rc.d postgresql start",
        "update-rc.d redis-server defaults",
        "deb-systemd-helper enable ssh.service",
    ],
)
def test_servers_of_others_are_left_as_they_are(folder, command):
    assert asked(folder, command) == [command]
