"""What a request to Solr is told when Solr is slow, silent, or far from well; by the real one."""

import threading

import ckan.plugins.toolkit as tk
import pytest

from ckanext.sdopen.bench.faults.fault import Fault, Mode
from ckanext.sdopen.bench.faults.proxy import standing_before
from ckanext.sdopen.index import solr, solr_connection
from ckanext.sdopen.services.running import ready

# more than the buffers between two processes hold: who sends it waits for who reads it
LARGE = b"[" + b" " * (24 << 20) + b"]"
SECONDS = "ckanext.sdopen.search.solr_timeout"


@pytest.fixture
def proxy(monkeypatch):
    with standing_before(str(tk.config["solr_url"])) as made:
        monkeypatch.setitem(tk.config, "solr_url", made.url)
        yield made


def test_a_large_body_may_take_the_time_of_the_answer_not_that_of_connecting(proxy, monkeypatch):
    monkeypatch.setitem(tk.config, SECONDS, 600)
    answers = []
    proxy.become(Fault(Mode.BLACK_HOLE))
    sending = threading.Thread(target=lambda: answers.append(solr.asked("update", LARGE)))
    sending.start()
    assert ready.until(lambda: proxy.accepted == 1, 60, sending.is_alive)
    # longer than connecting may take
    sending.join(solr_connection._CONNECTED + 2)
    assert sending.is_alive()
    proxy.become(Fault())
    sending.join(600)
    assert answers[0]["responseHeader"]["status"] == 0


@pytest.mark.parametrize("body", [b"[]", LARGE], ids=["an answer", "a reader of the body"])
def test_a_solr_that_takes_a_request_and_no_more_is_slow(proxy, monkeypatch, body):
    monkeypatch.setitem(tk.config, SECONDS, 1)
    with proxy.fault(Mode.BLACK_HOLE), pytest.raises(solr.SolrSlow, match="within 1 s") as slow:
        solr.asked("update", body)
    assert "127.0.0.1" not in str(slow.value)


@pytest.mark.parametrize(
    ("mode", "how"),
    [
        (Mode.REFUSE, {}),
        (Mode.RESET, {}),
        (Mode.CUT, {"after": 20}),
        (Mode.SWALLOW, {}),
        (Mode.STATUS, {"status": 503}),
        (Mode.STATUS, {"status": 500}),
    ],
)
def test_a_solr_that_breaks_off_is_silent_not_slow(proxy, mode, how):
    with proxy.fault(mode, **how):
        with pytest.raises(solr.SolrSilent) as silent:
            solr.asked("update")
        assert not isinstance(silent.value, solr.SolrSlow)
        assert not solr.answers()
    assert solr.answers()


def test_a_delayed_answer_is_waited_for(proxy, monkeypatch):
    with proxy.fault(Mode.DELAY, seconds=0.5):
        assert solr.asked("update")["responseHeader"]["status"] == 0
    monkeypatch.setitem(tk.config, SECONDS, 1)
    with proxy.fault(Mode.DELAY, seconds=600.0), pytest.raises(solr.SolrSlow):
        solr.asked("update")
