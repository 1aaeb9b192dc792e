import socket
import stat

import pytest

from ckanext.sdopen.services import kept
from ckanext.sdopen.services.layout import Layout


@pytest.fixture
def layout(tmp_path) -> Layout:
    made = Layout(tmp_path / "var")
    made.make()
    return made


def test_inner_ports_are_chosen_once(layout):
    first = kept.ports(layout)
    assert kept.ports(layout) == first
    assert len(set(first.values())) == len(kept.INNER)
    assert all(port in kept.PORTS for port in first.values())


def test_an_inner_port_that_somebody_took_is_replaced_and_the_others_stay(layout):
    first = kept.ports(layout)
    with socket.socket() as other:
        other.bind(("127.0.0.1", first["solr"]))
        other.listen()
        second = kept.ports(layout)
    assert second["solr"] != first["solr"]
    assert {**second, "solr": 0} == {**first, "solr": 0}
    assert kept.ports(layout) == second


def test_two_stacks_choose_different_secrets_of_32_bytes_that_only_the_owner_reads(tmp_path):
    stacks = [Layout(tmp_path / name) for name in ("one", "two")]
    for stack in stacks:
        stack.make()
    one, two = (kept.stack_secrets(stack) for stack in stacks)
    assert not set(one.values()) & set(two.values())
    assert all(len(bytes.fromhex(secret)) >= 32 for secret in one.values())
    assert kept.stack_secrets(stacks[0]) == one
    mode = stat.S_IMODE((stacks[0].var / "secrets.json").stat().st_mode)
    assert mode == 0o600


def test_a_step_is_done_for_one_fingerprint_only(layout):
    state = kept.State(layout)
    assert not state.is_done("database", "a")
    state.done("database", "a")
    assert state.is_done("database", "a")
    assert not state.is_done("database", "b")
    state.forget("database")
    assert not state.was_done("database")
