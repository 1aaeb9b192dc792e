"""What a stack keeps: steps that end at the same moment are all remembered."""

from concurrent.futures import ThreadPoolExecutor

from ckanext.sdopen.services import stack_state
from ckanext.sdopen.services.layout import Layout


def test_steps_that_end_side_by_side_are_all_remembered(tmp_path):
    layout = Layout(tmp_path)
    layout.make()
    names = [f"step {number}" for number in range(200)]
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda name: stack_state.State(layout).done(name, "1"), names))
    assert all(stack_state.State(layout).was_done(name) for name in names)
    assert not list(tmp_path.glob("*.part"))
