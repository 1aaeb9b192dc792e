"""What code, class and state decide of an entry that does not say it."""

from ckan import model

from ckanext.sdopen.entries.steps.answers import Answers
from ckanext.sdopen.entries.steps.arrival import Arrival
from ckanext.sdopen.standard import classes, elements, rules


def complete(arrival: Arrival, answers: Answers) -> None:
    """类, 项, 目, 细目 by the code; the level of conditional opening."""
    values, entry = arrival.values, arrival.entry
    known = elements.elements(arrival.kind)
    for name, value in rules.code_parts(arrival.code).items():
        if name in known and not entry.get(name):
            values[name] = entry[name] = value
    if entry.get("opening") != classes.CONDITIONAL:
        values.pop("opening_level", None)
    elif not entry.get("opening_level"):
        values["opening_level"] = "review"


def release(arrival: Arrival, answers: Answers) -> None:
    """A published entry of the portal's own has a day: the given, the stored, or today."""
    entry, stored = arrival.entry, arrival.stored
    if arrival.is_harvested or entry.get("released_on"):
        return
    state = entry.get("state") or (stored.state if stored else model.State.ACTIVE)
    if state == model.State.ACTIVE:
        known = stored.extras.get("released_on") if stored else None
        arrival.values["released_on"] = known or answers.today()
