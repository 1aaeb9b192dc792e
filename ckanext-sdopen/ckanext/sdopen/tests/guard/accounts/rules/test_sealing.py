"""Sealed secrets."""

import base64

import pytest

from ckanext.sdopen.guard.accounts.rules import sealing

KEY = sealing.key("a secret of the portal", "tests")


def test_what_is_sealed_is_opened_with_its_key_only():
    text = sealing.seal(KEY, b"12345678901234567890")
    assert b"1234567890" not in base64.b64decode(text)
    assert sealing.opened(KEY, text) == b"12345678901234567890"
    assert sealing.opened(sealing.key("another secret", "tests"), text) is None
    assert sealing.opened(sealing.key("a secret of the portal", "other"), text) is None


def test_the_same_secret_is_sealed_differently_each_time():
    assert len({sealing.seal(KEY, b"same") for _ in range(10)}) == 10


def test_every_change_is_seen():
    whole = base64.b64decode(sealing.seal(KEY, b"secret"))
    for place in range(len(whole)):
        changed = bytearray(whole)
        changed[place] ^= 1
        assert sealing.opened(KEY, base64.b64encode(bytes(changed)).decode()) is None


@pytest.mark.parametrize("text", ["", "not base64!", "QUJD", "密"])
def test_anything_else_is_not_opened(text):
    assert sealing.opened(KEY, text) is None


def test_what_is_too_long_is_not_sealed():
    with pytest.raises(ValueError, match="at most 32 bytes"):
        sealing.seal(KEY, b"x" * 33)
