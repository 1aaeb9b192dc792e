"""The system's packages: what is missing, and how it is installed on Debian and its relatives."""

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from glob import glob
from importlib import invalidate_caches
from importlib.util import find_spec
from pathlib import Path

from ckanext.sdopen.services import commands
from ckanext.sdopen.services.install import asleep
from ckanext.sdopen.services.layout import Layout
from ckanext.sdopen.services.messages import Trouble

TABLE = Path(__file__).with_name("packages.tsv")
# systemctl starts nothing then: the packages' own servers are not wanted
QUIET = {"DEBIAN_FRONTEND": "noninteractive", "SYSTEMD_OFFLINE": "1", "LC_ALL": "C.UTF-8"}
APT = ("-o", "DPkg::Lock::Timeout=300", "-o", "APT::Update::Error-Mode=any", "-q", "-y")


@dataclass(frozen=True)
class Need:
    """One thing that must be on the machine, and the package that brings it."""

    stage: str
    probe: str
    package: str

    def is_there(self) -> bool:
        """Whether the command, file or module is on this machine."""
        for probe in self.probe.split("|"):
            if probe.startswith("python:"):
                found = find_spec(probe.removeprefix("python:")) is not None
            elif probe.startswith("/"):
                found = bool(glob(probe))
            else:
                found = shutil.which(probe) is not None
            if found:
                return True
        return False


def needs() -> list[Need]:
    """The whole table."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return [Need(*line.split("\t")) for line in lines if line and not line.startswith("#")]


def missing(stages: Iterable[str]) -> list[Need]:
    """What the given stages need and the machine lacks."""
    invalidate_caches()
    wanted = set(stages)
    return [need for need in needs() if need.stage in wanted and not need.is_there()]


def as_administrator() -> list[str] | None:
    """How to run a command as the administrator without a question, None when there is no way."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and os.system("sudo -n true 2>/dev/null") == 0:  # noqa: S605
        return ["sudo", "-n"]
    return None


def refuse_if_impossible(lacking: list[Need]) -> None:
    """End with one message that lists everything, when we may not install."""
    if not lacking:
        return
    names = " ".join(sorted({need.package for need in lacking}))
    if shutil.which("apt-get") is None:
        probes = ", ".join(sorted({need.probe.split("|")[0] for need in lacking}))
        raise Trouble("install_yourself", things=probes, packages=names)
    if as_administrator() is None:
        raise Trouble("install_as_root", packages=names)


def install(layout: Layout, stages: Iterable[str]) -> None:
    """Install what the stages lack."""
    lacking = missing(stages)
    names = sorted({need.package for need in lacking})
    if not names:
        return
    prefix = [*(as_administrator() or []), "env", *(f"{k}={v}" for k, v in QUIET.items())]
    # what packages bring is for everybody
    apt = partial(commands.run, "packages", log=layout.build / "apt.log", patient=True, umask=0o022)
    if not any(glob("/var/lib/apt/lists/*Packages*")):
        apt([*prefix, "apt-get", *APT, "update"])
    options = [*APT, *asleep.options(layout.build / "asleep")]
    argv = [*prefix, "apt-get", *options, "install", "--no-install-recommends", *names]
    try:
        apt(argv)
    except Trouble:
        # an earlier run was killed half-way, or old lists name versions that are gone
        apt([*prefix, "dpkg", "--configure", "-a"])
        apt([*prefix, "apt-get", *APT, "update"])
        apt(argv)
    left = missing(stages)
    if left:
        probes = ", ".join(need.probe.split("|")[0] for need in left)
        raise Trouble("install_yourself", things=probes, packages=" ".join(names))
