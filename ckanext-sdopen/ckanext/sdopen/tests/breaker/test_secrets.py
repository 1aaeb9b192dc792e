"""Secrets of the settings in logs and answers: none."""

import logging

import ckan.plugins.toolkit as tk
import pytest

from ckanext.sdopen.breaker import secrets

PASSWORD = "only-for/this+test"


@pytest.fixture
def known(monkeypatch):
    monkeypatch.setitem(tk.config, "solr_password", PASSWORD)
    monkeypatch.setitem(tk.config, "ckan.redis.url", "redis://:word-of-redis@127.0.0.1:1/0")
    secrets.install()
    yield
    monkeypatch.undo()
    secrets.install()


def test_a_password_is_removed_as_it_is_and_as_an_address_writes_it(known):
    text = "a only-for/this+test b only-for%2Fthis%2Btest c word-of-redis d"
    assert secrets.removed(text) == "a *** b *** c *** d"


def test_the_user_part_of_any_address_is_removed(known):
    text = "ask http://name:secret@solr.example/x or postgresql://a@b/c, not a@b.example"
    expected = "ask http://***@solr.example/x or postgresql://***@b/c, not a@b.example"
    assert secrets.removed(text) == expected


def test_a_log_says_no_secret_not_even_in_a_traceback(known, capsys):
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(message)s"))
    log = logging.getLogger("ckanext.sdopen.tests.secrets")
    log.addHandler(handler)
    secrets.install()
    try:
        try:
            raise ValueError(f"http://name:{PASSWORD}@solr.example")
        except ValueError:
            log.exception("it failed with %s", PASSWORD)
    finally:
        log.removeHandler(handler)
    said = capsys.readouterr().err
    assert "it failed with ***" in said
    assert "Traceback" in said
    assert "http://***@solr.example" in said
    assert PASSWORD not in said


def test_the_key_of_sessions_is_a_secret():
    assert tk.config["SECRET_KEY"] in secrets.configured()
