"""CKAN's own background jobs have the time that the settings give, none by accident."""


def test_they_have_an_hour_by_the_shipped_settings(ckan_config):
    assert int(ckan_config["ckan.jobs.timeout"]) == 3_600
