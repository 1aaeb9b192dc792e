"""Which portal and whose token the harvest scripts use when nobody says."""

import json

from ckanext.sdopen.harvest import account


def test_the_portal_is_the_one_that_this_checkout_started_last(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert account.portal_here() == "http://127.0.0.1:5000"
    address = tmp_path / "var" / "run" / "address.json"
    address.parent.mkdir(parents=True)
    address.write_text(json.dumps({"url": "http://127.0.0.1:5080", "own": ["web"]}))
    assert account.portal_here() == "http://127.0.0.1:5080"
    address.write_text("{")
    assert account.portal_here() == "http://127.0.0.1:5000"
