"""Which of the sample's catalogs are open, have a table, how many records and interfaces."""

import bisect
import math
import random
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice

from ckanext.sdopen.sample.entries import vocabulary
from ckanext.sdopen.sample.entries.places import PROVINCE
from ckanext.sdopen.sample.entries.plan import editions
from ckanext.sdopen.sample.tables import tables

CATALOGS, OPEN_CATALOGS, INTERFACES = 2_220, 1_000, 1_460
RECORDS = 253_000_000
SEED = 20180118


@dataclass(frozen=True)
class Shares:
    """The shares of a province of `catalogs` catalogs, of which 45 % are open."""

    seed: int = SEED
    catalogs: int = CATALOGS

    @property
    def open_catalogs(self) -> int:
        """How many catalogs everyone sees."""
        return round(self.catalogs * OPEN_CATALOGS / CATALOGS)

    @property
    def interfaces(self) -> int:
        """How many interfaces everyone sees."""
        return round(self.catalogs * INTERFACES / CATALOGS)

    @cached_property
    def _tabled(self) -> dict[int, int]:
        """{number of a catalog with a table: its rows}: the first city edition of its subject."""
        found: dict[int, int] = {}
        wanted = dict(tables.ROWS)
        for number, edition in enumerate(islice(editions(self.seed), self.catalogs)):
            if edition.region != PROVINCE and edition.subject.name in wanted:
                found[number] = wanted.pop(edition.subject.name)
            if not wanted:
                break
        return found

    @cached_property
    def _first(self) -> dict[int, int]:
        """{number: rank} of catalogs that are open whatever happens, so low ranks: those with
        tables, then of each subject the province's edition or the first city's."""
        count = len(vocabulary.subjects())
        one_each = (place if place % 2 == 0 else count + place for place in range(count))
        wanted = dict.fromkeys(chain(self._tabled, one_each))
        fitting = (number for number in wanted if number < self.catalogs)
        return {number: rank for rank, number in enumerate(islice(fitting, self.open_catalogs))}

    @cached_property
    def _order(self) -> tuple[tuple[int, ...], int, int, int]:
        """(the first numbers in order; how many others, and the step and start of their ranks)."""
        others = self.catalogs - len(self._first)
        start = random.Random(self.seed).randrange(others)  # noqa: S311 a sample, no secret
        # a step that shares no factor with their count gives each a rank of its own
        step = next(step for step in range(7, others + 8) if math.gcd(step, others) == 1)
        return tuple(sorted(self._first)), others, step, start

    def rank(self, number: int) -> int:
        """The rank of a catalog, which gives its classes: below `open_catalogs` it is open."""
        if number in self._first:
            return self._first[number]
        first, others, step, start = self._order
        place = number - bisect.bisect(first, number)
        return len(first) + (place * step + start) % others

    def is_tabled(self, number: int) -> bool:
        """Whether the catalog of a number has a table."""
        return number in self._tabled

    @cached_property
    def _weights(self) -> tuple[float, int, int]:
        """(sum of the weights, records to share out, what rounding leaves to the first of them)."""
        ranks = range(len(self._tabled), self.open_catalogs)
        total = sum(map(_weight, ranks))
        shared = RECORDS - sum(self._tabled.values())
        return total, shared, shared - sum(int(shared * _weight(rank) / total) for rank in ranks)

    def records(self, rank: int, number: int) -> int:
        """The declared records of an open catalog; over all of them they sum to RECORDS."""
        if number in self._tabled:
            return self._tabled[number]
        total, shared, rest = self._weights
        # catalogs with tables have the first ranks
        return int(shared * _weight(rank) / total) + (rest if rank == len(self._tabled) else 0)

    def interfaces_at(self, rank: int) -> int:
        """How many interfaces serve the catalog of a rank: one if it is open, two if early."""
        return (rank < self.open_catalogs) + (rank < self.interfaces - self.open_catalogs)


def _weight(rank: int) -> float:
    """A skewed size, as real catalogs have: a few huge ones, many small ones."""
    return 1.0 / math.pow(1 + (rank * 7919 % 997), 1.1) + 0.002
