"""Codes of the standards' own examples, and codes that are not taken."""

import pytest

from ckanext.sdopen.guard.accounts.rules import totp

SECRET = b"12345678901234567890"


@pytest.mark.parametrize(
    ("counter", "code"),
    enumerate(
        [
            "755224",
            "287082",
            "359152",
            "969429",
            "338314",
            "254676",
            "287922",
            "162583",
            "399871",
            "520489",
        ]
    ),
)
def test_the_examples_of_rfc_4226(counter, code):
    assert totp.hotp(SECRET, counter) == code


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_the_examples_of_rfc_6238(seconds, code):
    assert totp.hotp(SECRET, totp.step(seconds), digits=8) == code


def test_a_code_is_taken_one_step_early_and_late_and_never_twice():
    now = 1_800_000_000
    step = totp.step(now)
    for near in (-1, 0, 1):
        assert totp.accepted(SECRET, totp.hotp(SECRET, step + near), now, 0) == step + near
    for far in (-2, 2):
        assert totp.accepted(SECRET, totp.hotp(SECRET, step + far), now, 0) is None
    code = totp.hotp(SECRET, step)
    assert totp.accepted(SECRET, f" {code[:3]} {code[3:]} ", now, step - 1) == step
    assert totp.accepted(SECRET, code, now, step) is None


@pytest.mark.parametrize("code", ["", "12345", "一二三四五六", "0000000", "abcdef"])
def test_what_is_no_code_is_not_taken(code):
    assert totp.accepted(SECRET, code, 59, 0) is None


def test_the_address_holds_secret_account_and_portal():
    found = totp.address(SECRET, "zhang", "山东平台")
    assert found.startswith("otpauth://totp/%E5%B1%B1%E4%B8%9C%E5%B9%B3%E5%8F%B0%3Azhang?")
    assert "secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" in found
    assert len(totp.new_secret()) == 20
