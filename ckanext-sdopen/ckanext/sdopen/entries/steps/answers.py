"""What the steps ask of the portal: a single write at once, a batch for all its entries before."""

from datetime import date
from typing import Any, Protocol

from ckan import model

from ckanext.sdopen import config, moments
from ckanext.sdopen.directory import neighbours
from ckanext.sdopen.directory.neighbours import Neighbours
from ckanext.sdopen.entries.steps.arrival import Arrival
from ckanext.sdopen.entries.validation import served_catalog
from ckanext.sdopen.standard.profiles import Profile


class Answers(Protocol):
    """The answers for the entries of a write."""

    def profile(self, from_source: bool) -> Profile:
        """The legal profile of the portal's own entries, or of harvested ones."""

    def today(self) -> date:
        """The portal's day."""

    def department(self, reference: str) -> model.Group | None:
        """The department of an id or name, whatever its state."""

    def catalog(self, reference: Any) -> model.Package | None:
        """The catalog that an interface names by id, name or address."""

    def around(self, arrival: Arrival) -> Neighbours:
        """What the directory holds that concerns an entry."""


def department_of(reference: str) -> model.Group | None:
    """The department of an id or name, whatever its state."""
    if not reference:
        return None
    return model.Session.get(model.Group, reference) or model.Group.get(reference)


class AtOnce:
    """The answers for a single write, each asked when a step wants it."""

    def __init__(self) -> None:
        self._catalogs: dict[str, model.Package | None] = {}

    def profile(self, from_source: bool) -> Profile:
        """The legal profile of the portal's own entries, or of harvested ones."""
        return config.profile(from_source=from_source)

    def today(self) -> date:
        """The portal's day."""
        return moments.today()

    def department(self, reference: str) -> model.Group | None:
        """The department of an id or name, whatever its state."""
        return department_of(reference)

    def catalog(self, reference: Any) -> model.Package | None:
        """The catalog that an interface names by id, name or address."""
        named = str(reference or "")
        if named not in self._catalogs:
            self._catalogs[named] = served_catalog.catalog_of(named)
        return self._catalogs[named]

    def around(self, arrival: Arrival) -> Neighbours:
        """What the directory holds that concerns an entry."""
        settled = {**arrival.entry, "id": arrival.entry_id}
        return neighbours.look_around(settled, arrival.kind, arrival.region)
