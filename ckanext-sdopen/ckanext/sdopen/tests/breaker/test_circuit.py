"""The circuit: who is asked, who is not, and who may try."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from ckanext.sdopen.breaker.circuit import Circuit


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def circuit(clock):
    return Circuit(failures=3, pause=2.0, clock=clock)


def fail(circuit, times):
    for _ in range(times):
        assert circuit.allows()
        circuit.failed()


def test_it_opens_after_three_failures_in_a_row(circuit):
    fail(circuit, 2)
    circuit.succeeded()
    fail(circuit, 2)
    assert not circuit.is_open
    fail(circuit, 1)
    assert circuit.is_open
    assert not circuit.allows()


def test_after_a_pause_one_caller_tries_and_his_success_closes_it(circuit, clock):
    fail(circuit, 3)
    clock.now += 2.0
    with ThreadPoolExecutor(8) as threads:
        allowed = list(threads.map(lambda _: circuit.allows(), range(64)))
    assert allowed.count(True) == 1
    circuit.succeeded()
    assert all(circuit.allows() for _ in range(3))


def test_a_failed_trial_begins_the_pause_anew(circuit, clock):
    fail(circuit, 3)
    clock.now += 2.0
    assert circuit.allows()
    circuit.failed()
    clock.now += 1.9
    assert not circuit.allows()
    clock.now += 0.1
    assert circuit.allows()


def test_a_trial_that_never_ends_lets_another_try_after_a_pause(circuit, clock):
    fail(circuit, 3)
    clock.now += 2.0
    assert circuit.allows()
    clock.now += 2.0
    assert circuit.allows()


def test_what_is_known_to_be_away_opens_it_at_once(circuit):
    circuit.trip()
    assert not circuit.allows()
    circuit.succeeded()
    assert circuit.allows()


def test_nobody_has_to_try_while_somebody_looks_at_the_part(circuit, clock):
    circuit.watched = True
    fail(circuit, 3)
    clock.now += 60.0
    assert not circuit.allows()
    circuit.watched = False
    assert circuit.allows()
