"""scripts/check: format, lint and types."""

import subprocess

from ckanext.sdopen.services import install
from ckanext.sdopen.services.addresses import Addresses
from ckanext.sdopen.services.layout import PORTAL
from ckanext.sdopen.services.messages import say

CHECKS = (
    ("ruff", "format", "--check"),
    ("ruff", "check"),
    ("mypy", "-p", "ckanext.sdopen"),
)


def check() -> int:
    """Run all checks, also after one failed; 0 when all pass."""
    PORTAL.make()
    install.prepare(PORTAL, Addresses({}, frozenset()))
    failures = 0
    for name, *arguments in CHECKS:
        argv = [str(PORTAL.venv / "bin" / name), *arguments]
        failures += subprocess.run(argv, cwd=PORTAL.root, check=False).returncode != 0
    say("checks_passed" if not failures else "checks_failed", count=failures)
    return min(failures, 1)
