"""Known weaknesses of the locked libraries, where the data about them can be reached.

What is found is told and fails nothing: it may have become known overnight, and CKAN sets the
versions of many libraries.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from ckanext.sdopen.services.layout import ROOT
from ckanext.sdopen.services.messages import text

# reported in one line, like a check that could not be made
REPORTED = os.EX_TEMPFAIL
PATIENCE = 60
# a server that says nothing for this long is not reached
SILENCE = 5
_UNREACHED = re.compile("Connection|Timeout|HTTPError|Temporary failure|resolve")
_OPTIONS = ("--vulnerability-service=osv", "--no-deps", "--disable-pip", "--format=json")


def main() -> int:
    """Print one line: what is known of the locked libraries, or that it could not be learnt."""
    program = str(Path(sys.executable).with_name("pip-audit"))
    found = weaknesses(program, ROOT / "requirements-test.lock")
    if found is None:
        print(text("audit_unreachable"))
        return REPORTED
    if found:
        print(text("audit_found", count=len(found), names=text("comma").join(found)))
        return REPORTED
    return 0


def weaknesses(program: str, lock: Path) -> list[str] | None:
    """Each library of the lock with what is known of it; None where the data are out of reach.

    Raises:
        subprocess.CalledProcessError: the program itself went wrong.
    """
    argv = [program, *_OPTIONS, f"--timeout={SILENCE}", "--progress-spinner=off", "-r", str(lock)]
    try:
        done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return None
    if not done.stdout:
        if _UNREACHED.search(done.stderr):
            return None
        print(done.stderr, file=sys.stderr)
        raise subprocess.CalledProcessError(done.returncode, program)
    libraries: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    return [
        f"{one['name']} {one['version']} ({', '.join(known['id'] for known in one['vulns'])})"
        for one in libraries
        if one.get("vulns")
    ]


if __name__ == "__main__":
    sys.exit(main())
