"""Groups that a batch has looked up, so that its validators need not ask for each record."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from ckan import model
from ckan.types import Context

_LOOKED_UP = "sdopen_groups_looked_up"


@dataclass
class LookedUp:
    """The ids and names that were asked for, and the groups that bear them: found or made since."""

    asked: frozenset[str]
    ids: dict[str, model.Group] = field(default_factory=dict)
    names: dict[str, model.Group] = field(default_factory=dict)

    def add(self, group: model.Group) -> None:
        """Know this group from now on."""
        self.ids[group.id] = self.names[group.name] = group

    def first(self, references: Iterable[str]) -> model.Group | None:
        """The group that the first known of these ids and names means."""
        for one in references:
            found = self.ids.get(one) or self.names.get(one)
            if found is not None:
                return found
        return None

    def put_into(self, context: Context) -> None:
        """Let the validators of this context ask here."""
        context[_LOOKED_UP] = self  # type: ignore[literal-required]


def of(context: Context) -> LookedUp | None:
    """What the batch of a context has looked up; None outside a batch."""
    looked: LookedUp | None = context.get(_LOOKED_UP)
    return looked


def of_id(context: Context, reference: str) -> model.Group | None:
    """The group of an id, from the database where the batch has not asked for it."""
    looked = of(context)
    if looked is None or reference not in looked.asked:
        found: model.Group | None = model.Session.get(model.Group, reference)
        return found
    return looked.ids.get(reference)
