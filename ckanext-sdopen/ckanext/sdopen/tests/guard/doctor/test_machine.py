"""Disk, clocks and the last backup."""

import datetime
import os

import ckan.plugins.toolkit as tk
import pytest

from ckanext.sdopen.guard.doctor import machine
from ckanext.sdopen.moments import instant

MB = 1 << 20


def told(findings):
    return [(one.check, one.severity.value) for one in findings]


@pytest.mark.parametrize(
    ("free", "check", "severity"),
    [(3000, "disk", "ok"), (2048, "disk_full", "warning"), (200, "disk_full", "error")],
)
def test_a_disk_with_little_room_is_told_and_one_without_is_an_error(free, check, severity):
    found = machine.disk("/data", free * MB, 2048 * MB, 200 * MB)
    assert told([found]) == [(check, severity)]
    assert found.facts == {"folder": "/data", "free": free}


def test_the_disk_of_the_storage_is_looked_at(monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.sdopen.doctor.free_megabytes", 0)
    assert set(told(machine.disks())) == {("disk", "ok")}
    monkeypatch.setitem(tk.config, "ckanext.sdopen.doctor.free_megabytes", 1 << 40)
    assert set(told(machine.disks())) == {("disk_full", "warning")}


def test_a_storage_that_is_not_there_is_an_error(monkeypatch, tmp_path):
    monkeypatch.setitem(tk.config, "ckan.storage_path", str(tmp_path / "gone" / "deep"))
    assert ("folder_missing", "error") in told(machine.disks())


@pytest.mark.parametrize(
    ("seconds", "severity"),
    [(0, "ok"), (-4, "ok"), (5, "warning"), (-30, "warning"), (60, "error")],
)
def test_clocks_that_differ_are_told(seconds, severity):
    here = instant()
    found = machine.clock("solr", here + datetime.timedelta(seconds=seconds), here)
    assert found.severity == severity


def test_none_set_up_is_a_finding(monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.sdopen.doctor.backup_file", "")
    assert told(machine.backup()) == [("backup_none", "warning")]


@pytest.mark.parametrize(
    ("hours", "expected"),
    [(2, ("backup", "ok")), (30, ("backup_old", "warning")), (60, ("backup_old", "error"))],
)
def test_a_backup_is_as_old_as_the_file_that_it_touched(monkeypatch, tmp_path, hours, expected):
    mark = tmp_path / "complete"
    monkeypatch.setitem(tk.config, "ckanext.sdopen.doctor.backup_file", str(mark))
    assert told(machine.backup()) == [("backup_missing", "error")]
    mark.touch()
    then = instant().timestamp() - hours * 3600
    os.utime(mark, (then, then))
    assert told(machine.backup()) == [expected]
