"""scripts/check: every check of the sources, several at once, one line for each."""

import os
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from ckanext.sdopen.services import commands
from ckanext.sdopen.services.addresses import Addresses
from ckanext.sdopen.services.install import install
from ckanext.sdopen.services.layout import PORTAL
from ckanext.sdopen.services.messages import say, text

# a check that could not be made ends with this; its last line says why
NOT_MADE = os.EX_TEMPFAIL


@dataclass(frozen=True)
class Check:
    """One check: its name in messages.tsv, and a command of the project's environment."""

    name: str
    argv: tuple[str, ...]


# the longest first: the others are made beside it
CHECKS = (
    Check("types", ("mypy", "-p", "ckanext.sdopen")),
    Check("languages", ("python", "-m", "ckanext.sdopen.services.checking.texts")),
    Check("audit", ("python", "-m", "ckanext.sdopen.services.checking.audit")),
    Check("licences", ("python", "-m", "ckanext.sdopen.services.checking.licences")),
    Check("templates", ("python", "-m", "ckanext.sdopen.services.checking.templates")),
    Check("markup", ("djlint", "ckanext-sdopen/ckanext/sdopen/templates", "--lint")),
    Check("format", ("ruff", "format", "--check")),
    Check("lint", ("ruff", "check", "--output-format=concise")),
    # what only a test uses is unused, too
    Check("unused", ("vulture", "--exclude", "*/tests/*")),
    Check("unused_in_tests", ("vulture",)),
)


def check() -> int:
    """Make all checks, also after one failed; 0 when all pass."""
    PORTAL.make()
    install.prepare(PORTAL, Addresses({}, frozenset()), tools=True)
    failures = len(failed(CHECKS, PORTAL.venv / "bin", PORTAL.root))
    say("checks_passed" if not failures else "checks_failed", count=failures)
    return min(failures, 1)


def failed(checks: Sequence[Check], programs: Path, root: Path) -> list[str]:
    """Make the checks side by side and print each one's line; gives the names of those failed."""

    def make(one: Check) -> str | None:
        return None if _passes(one, programs, root) else one.name

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        try:
            return [name for name in pool.map(make, checks) if name]
        except BaseException:
            commands.stop_all()
            raise


def _passes(one: Check, programs: Path, root: Path) -> bool:
    """Whether a check passes, or cannot be made here; its line is printed."""
    began = time.monotonic()
    name, *arguments = one.argv
    status, said = commands.captured([str(programs / name), *arguments], root)
    seconds = f"{time.monotonic() - began:.1f}"
    what = text(f"step_{one.name}")
    if status == NOT_MADE:
        say("check_not_made", what=what, why=said.strip().rpartition("\n")[2])
    elif status:
        say("check_failed", what=what, seconds=seconds, said=said.rstrip())
    else:
        say("end", what=what, seconds=seconds)
    return status in (0, NOT_MADE)
