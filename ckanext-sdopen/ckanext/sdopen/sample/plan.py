"""Which subject, where: the editions of the sample's catalogs, one by one."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from ckanext.sdopen import codes
from ckanext.sdopen.sample.records import Subject
from ckanext.sdopen.sample.vocabulary import subjects

PROVINCE = "370000"
# subjects that only one level keeps; all others stand in the province and in its cities
_COASTAL = ("370200", "370300", "370500", "370600", "370700", "371000", "371100", "371600")
_YEARS = tuple(str(year) for year in range(2025, 2009, -1))


@dataclass(frozen=True)
class Edition:
    """A subject as one region keeps it; `year` marks yearly editions of a large directory."""

    subject: Subject
    region: str
    year: str = ""


@lru_cache(maxsize=1)
def cities() -> tuple[str, ...]:
    """The cities of the province that exist today."""
    return tuple(
        region.code
        for region in codes.regions().values()
        if region.parent == PROVINCE and not region.historical
    )


@lru_cache(maxsize=1)
def counties() -> tuple[str, ...]:
    """The counties of those cities."""
    return tuple(
        region.code
        for region in codes.regions().values()
        if region.parent in cities() and not region.historical
    )


def _city(subject_number: int, subject: Subject, round_number: int) -> str:
    # steps of 5 visit all 16 cities before one comes again; the sea is where the coast is
    places = _COASTAL if subject.topic == "ocean" else cities()
    return places[(subject_number * 3 + round_number * 5) % len(places)]


def editions(seed: int) -> Iterator[Edition]:
    """All editions, one by one: the province's, the cities', the counties', then those of years."""
    order = list(enumerate(subjects()))
    random.Random(seed).shuffle(order)  # noqa: S311 a sample, no secret
    for _, subject in order:
        yield Edition(subject, PROVINCE)
    for round_number in range(len(cities())):
        for number, subject in order:
            limit = len(_COASTAL) if subject.topic == "ocean" else len(cities())
            if round_number < limit:
                yield Edition(subject, _city(number, subject, round_number))
    for county in counties():
        for _, subject in order:
            yield Edition(subject, county)
    for year in _YEARS:
        for region in (*cities(), *counties()):
            for _, subject in order:
                yield Edition(subject, region, year)
