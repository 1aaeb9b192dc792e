"""Solr behind its circuit: after three failures nobody connects any more."""

import ckan.plugins.toolkit as tk
import pytest

from ckanext.sdopen.bench.faults.fault import Mode
from ckanext.sdopen.bench.faults.proxy import standing_before
from ckanext.sdopen.breaker import index_guard, noted
from ckanext.sdopen.breaker.circuit import Circuit
from ckanext.sdopen.ckan_seams.repairs import solr_connection
from ckanext.sdopen.ckan_seams.repairs.solr_connection import IndexAway, connect


@pytest.fixture
def proxy(monkeypatch):
    with standing_before(tk.config["solr_url"]) as made:
        monkeypatch.setitem(tk.config, "solr_url", made.url)
        monkeypatch.setattr(index_guard, "circuit", Circuit(3, 3600))
        monkeypatch.setattr(solr_connection.manners, "around", index_guard.asking)
        yield made


def refusal():
    with pytest.raises(IndexAway) as refused:
        connect().search("*:*", rows=0)
    return str(refused.value)


def test_three_failures_are_asked_and_no_fourth(proxy):
    with proxy.fault(Mode.STATUS):
        said = {refusal() for _ in range(10)}
    assert said == {"The search does not answer at the moment"}
    assert proxy.accepted == 3
    assert index_guard.circuit.is_open


def test_an_answer_that_the_question_is_wrong_is_an_answer(proxy):
    for _ in range(4):
        with pytest.raises(Exception, match="HTTP 400"):
            connect().search("title:[")
    assert not index_guard.circuit.is_open


def test_a_request_of_the_portal_does_not_wait_for_it_twice(proxy, portal_app):
    with portal_app.flask_app.test_request_context("/"):
        with proxy.fault(Mode.STATUS):
            for _ in range(5):
                refusal()
        assert proxy.accepted == 1
        assert noted.away() == {noted.SOLR}


def test_the_password_stands_in_no_address(monkeypatch):
    monkeypatch.setitem(tk.config, "solr_user", "reader")
    monkeypatch.setitem(tk.config, "solr_password", "only-for-this-test")
    made = connect()
    assert made.auth == ("reader", "only-for-this-test")
    assert "only-for-this-test" not in made.url
