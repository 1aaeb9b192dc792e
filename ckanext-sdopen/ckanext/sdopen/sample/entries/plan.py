"""Which subject, where: the editions of the sample's catalogs, one by one."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from ckanext.sdopen.sample.entries.places import PROVINCE, cities, counties_of
from ckanext.sdopen.sample.entries.vocabulary import departments, subjects
from ckanext.sdopen.sample.records import Subject

# the sea is where the coast is
_COASTAL = ("370200", "370300", "370500", "370600", "370700", "371000", "371100", "371600")
_YEARS = tuple(str(year) for year in range(2025, 2009, -1))
# of one county in each city this many subjects come early, so that small provinces have counties
_EARLY = 10
_Order = list[tuple[int, Subject]]


@dataclass(frozen=True)
class Edition:
    """A subject as one region keeps it; `year` marks yearly editions of a large directory."""

    subject: Subject
    region: str
    year: str = ""


def _places_of(subject: Subject) -> tuple[str, ...]:
    return _COASTAL if subject.topic == "ocean" else cities()


def _city_round(order: _Order, turn: int) -> Iterator[Edition]:
    """Each subject in one more city: steps of 5 visit all of them before one comes again."""
    for number, subject in order:
        places = _places_of(subject)
        if turn < len(places):
            yield Edition(subject, places[(number * 3 + turn * 5) % len(places)])


def _of_county(order: _Order, county: str) -> list[Subject]:
    """What a county keeps: subjects of the departments it has, the sea's only at the coast."""
    coastal = any(county in counties_of(city) for city in _COASTAL)
    return [
        subject
        for _, subject in order
        if departments()[subject.department].county and (coastal or subject.topic != "ocean")
    ]


def _early(order: _Order, place: int, city: str) -> tuple[str, list[Subject]]:
    """(the county of a city that comes early, its subjects)."""
    county = counties_of(city)[place % len(counties_of(city))]
    kept = _of_county(order, county)
    start = place * 31 % (len(kept) - _EARLY)
    return county, kept[start : start + _EARLY]


def _counties(order: _Order) -> Iterator[Edition]:
    for place, city in enumerate(cities()):
        early, done = _early(order, place, city)
        for county in counties_of(city):
            for subject in _of_county(order, county):
                if county != early or subject not in done:
                    yield Edition(subject, county)


def _yearly(order: _Order, year: str) -> Iterator[Edition]:
    for city in cities():
        for _, subject in order:
            if city in _places_of(subject):
                yield Edition(subject, city, year)
        for county in counties_of(city):
            for subject in _of_county(order, county):
                yield Edition(subject, county, year)


def editions(seed: int) -> Iterator[Edition]:
    """All editions, one by one: the province's, the cities', the counties', then those of years."""
    order = list(enumerate(subjects()))
    random.Random(seed).shuffle(order)  # noqa: S311 a sample, no secret
    yield from (Edition(subject, PROVINCE) for _, subject in order)
    yield from _city_round(order, 0)
    for place, city in enumerate(cities()):
        county, kept = _early(order, place, city)
        yield from (Edition(subject, county) for subject in kept)
    yield from chain.from_iterable(_city_round(order, turn) for turn in range(1, len(cities())))
    yield from _counties(order)
    yield from chain.from_iterable(_yearly(order, year) for year in _YEARS)
