"""What the check of the libraries makes of pip-audit's answers, played by a small program."""

import json
import subprocess
from pathlib import Path

import pytest

from ckanext.sdopen.services.checking import audit

SOUND = {"name": "click", "version": "8.3.0", "vulns": []}
WEAK = {"name": "jinja2", "version": "3.0.0", "vulns": [{"id": "PYSEC-1"}, {"id": "PYSEC-2"}]}


def program(folder: Path, answer: str = "", complaint: str = "", seconds: int = 0) -> str:
    """A program that answers as pip-audit would."""
    (folder / "answer").write_text(answer, encoding="utf-8")
    (folder / "complaint").write_text(complaint, encoding="utf-8")
    path = folder / "pip-audit"
    lines = [f"sleep {seconds}", f"cat {folder}/answer", f"cat {folder}/complaint >&2", "exit 1"]
    path.write_text("#!/bin/sh\n" + "\n".join(lines) + "\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def test_what_is_known_of_a_library_is_told_by_name(tmp_path):
    made = program(tmp_path, json.dumps({"dependencies": [SOUND, WEAK], "fixes": []}))
    assert audit.weaknesses(made, tmp_path / "lock") == ["jinja2 3.0.0 (PYSEC-1, PYSEC-2)"]


def test_data_out_of_reach_are_no_fault(tmp_path, monkeypatch):
    made = program(tmp_path, complaint="requests.exceptions.ConnectionError: Failed to resolve")
    assert audit.weaknesses(made, tmp_path / "lock") is None
    monkeypatch.setattr(audit, "PATIENCE", 0.2)
    assert audit.weaknesses(program(tmp_path, seconds=5), tmp_path / "lock") is None


def test_a_program_that_goes_wrong_is_a_fault(tmp_path):
    made = program(tmp_path, complaint="unrecognized arguments: --no-deps")
    with pytest.raises(subprocess.CalledProcessError):
        audit.weaknesses(made, tmp_path / "lock")
