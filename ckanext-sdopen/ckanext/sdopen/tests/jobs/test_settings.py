"""What settings of background work mean."""

import ckan.plugins.toolkit as tk
import pytest

from ckanext.sdopen.errors import SdopenError
from ckanext.sdopen.jobs import settings


def test_checks_have_two_processes_and_the_others_one(ckan_config):
    assert settings.processes() == {"checks": 2}


@pytest.mark.parametrize("given", ["checks", "checks:", "checks:many", "cheks:2", ":2"])
def test_a_setting_that_names_no_queue_or_number_is_an_error(monkeypatch, given):
    monkeypatch.setitem(tk.config, "ckanext.sdopen.jobs.processes", ["imports:2", given])
    with pytest.raises(SdopenError, match="write queue:number"):
        settings.processes()


def test_each_pause_is_twice_the_one_before_and_an_hour_at_most():
    assert [settings.retry_seconds(tries) for tries in (1, 2, 3)] == [10, 20, 40]
    assert settings.retry_seconds(50) == 3_600
