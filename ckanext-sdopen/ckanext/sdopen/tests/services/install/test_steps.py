import threading

import pytest

from ckanext.sdopen.services import commands
from ckanext.sdopen.services.install.steps import Step, perform
from ckanext.sdopen.services.messages import Trouble


@pytest.fixture(autouse=True)
def _go_on_afterwards():
    yield
    commands.resume()


def test_a_step_waits_for_those_before_it_and_for_no_other(capsys):
    order: list[str] = []
    meet = threading.Barrier(2, timeout=300)

    def together(name: str) -> None:
        meet.wait()  # passes only when both run at the same time
        order.append(name)

    perform(
        [
            Step("solr", lambda: together("solr")),
            Step("python", lambda: together("python")),
            Step("tables", lambda: order.append("tables"), ("solr", "python")),
            Step("sample", lambda: order.append("sample"), ("tables",), lambda: False),
        ]
    )
    assert set(order[:2]) == {"solr", "python"}
    assert order[2:] == ["tables"]
    said = capsys.readouterr().out.splitlines()
    assert len(said) == 6, "one line at the start and one at the end of each step that was due"


def test_a_failure_is_raised_and_what_follows_is_not_begun(tmp_path):
    begun: list[str] = []
    outcome: list[str] = []

    def fail() -> None:
        commands.run("solr", ["false"], tmp_path / "a.log")

    def long() -> None:
        try:
            commands.run("python", ["sleep", "600"], tmp_path / "b.log")
        except commands.Stopped:
            outcome.append("ended, not awaited")
            raise

    with pytest.raises(Trouble):
        perform(
            [
                Step("python", long),
                Step("solr", fail),
                Step("tables", lambda: begun.append("tables"), ("solr",)),
            ]
        )
    assert begun == []
    # where it had not begun yet, it never does
    assert outcome in ([], ["ended, not awaited"])


def test_a_step_after_one_that_nobody_takes_is_an_error():
    with pytest.raises(ValueError, match="nothing"):
        perform([Step("solr", lambda: None, ("nothing",))])
