"""Good and weak passwords."""

import random
import string

import pytest

from ckanext.sdopen.guard.accounts.rules import passwords
from ckanext.sdopen.guard.accounts.rules.passwords import Fault, Policy
from ckanext.sdopen.tests.guard.accounts.corpus.weak import WEAK

POLICY = Policy()


def faults(password, name="zhangwei", policy=POLICY):
    return passwords.faults(password, name, policy)


def test_two_hundred_weak_passwords_are_refused():
    assert len(set(WEAK)) >= 200
    assert [one for one in WEAK if not faults(one)] == []


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("Kx7-mPq2w", Fault.SHORT),
        ("kx7mpq2wzt", Fault.CLASSES),
        ("KX7MPQ2WZT", Fault.CLASSES),
        ("Zhangwei-kx7mp", Fault.NAME),
        ("iewgnahZ-kx7mp", Fault.NAME),
        ("Sd@2024Sd@", Fault.WEAK),
        ("Shandong@2024", Fault.WEAK),
        ("P@ssw0rd2024!", Fault.WEAK),
        ("1qaz@WSX3edc", Fault.WEAK),
        ("x" * 201, Fault.LONG),
    ],
)
def test_each_fault_is_named(password, fault):
    assert faults(password) == [fault]


def test_a_password_by_chance_is_good_whatever_its_classes():
    chance = random.Random(20180118)
    kinds = (string.ascii_lowercase, string.ascii_uppercase, string.digits, "!#%&()*+-_=?，。")
    for _ in range(2000):
        chosen = chance.sample(kinds, 3)
        signs = [chance.choice(kind) for kind in chosen for _ in range(5)]
        chance.shuffle(signs)
        password = "".join(signs)
        assert faults(password) == [], password


def test_the_bounds_are_those_of_the_policy():
    lax = Policy(length=8, classes=2)
    assert faults("kx7mpq2w", policy=lax) == []
    assert faults("kx7mpq2", policy=lax) == [Fault.SHORT]
    assert faults("kxmpqwzt", policy=lax) == [Fault.CLASSES]


def test_a_generated_password_is_good():
    made = {passwords.generated() for _ in range(500)}
    assert len(made) == 500
    assert not [one for one in made if faults(one)]


def test_chinese_passphrases_count_their_signs():
    assert faults("泰山在7月下了一场大雪a") == []
    assert passwords.pieces("哈哈哈哈哈哈哈哈哈哈") == 1
