"""The steps that an entry takes on its way in, in their order, whichever way it comes."""

from collections.abc import Callable

from ckanext.sdopen.entries.steps.answers import Answers
from ckanext.sdopen.entries.steps.arrival import Arrival
from ckanext.sdopen.entries.steps.cleaning import clean, keep_unsent, make_plain
from ckanext.sdopen.entries.steps.completing import complete, release
from ckanext.sdopen.entries.steps.identifying import identify
from ckanext.sdopen.entries.steps.judging import check_among_others, check_itself, close

Step = Callable[[Arrival, Answers], None]
BY_ITSELF: tuple[Step, ...] = (
    clean,
    keep_unsent,
    identify,
    make_plain,
    complete,
    release,
    check_itself,
)
# a batch asks the directory about all entries that are sound by themselves before these
AMONG_OTHERS: tuple[Step, ...] = (check_among_others, close)
STEPS: tuple[Step, ...] = (*BY_ITSELF, *AMONG_OTHERS)


def take(arrival: Arrival, answers: Answers, steps: tuple[Step, ...] = STEPS) -> Arrival:
    """Let an entry take the steps, one after the other."""
    for step in steps:
        step(arrival, answers)
    return arrival
