"""The sample province as streams of records: the same seed gives the same province."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice

from ckanext.sdopen.sample import catalogs, departments, interfaces, tables, vocabulary
from ckanext.sdopen.sample.plan import PROVINCE, cities, editions
from ckanext.sdopen.sample.records import Department, Entry, Table

CATALOGS, OPEN_CATALOGS, INTERFACES = 2_220, 1_000, 1_460
RECORDS = 253_000_000
SEED = 20180118


@dataclass(frozen=True)
class Province:
    """A province of `catalogs` catalogs, of which 45 % are open; streams, nothing kept."""

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
    def _order(self) -> tuple[int, int]:
        """Ranks are spread over the numbers by a step that shares no factor with their count."""
        start = random.Random(self.seed).randrange(self.catalogs)  # noqa: S311 a sample
        step = next(s for s in range(7, self.catalogs + 8) if _coprime(s, self.catalogs))
        return step, start

    @cached_property
    def _exchanged(self) -> dict[int, int]:
        """Ranks that differ from the order's: catalogs with tables are open, whatever it says."""
        step, start = self._order
        back = pow(step, -1, self.catalogs)
        ranks: dict[int, int] = {}
        free = iter(range(self.open_catalogs))
        for number in self._tabled:
            if self._plain_rank(number) < self.open_catalogs:
                continue
            for rank in free:
                other = (rank - start) * back % self.catalogs
                if other not in self._tabled:
                    ranks[number], ranks[other] = rank, self._plain_rank(number)
                    break
        return ranks

    def _plain_rank(self, number: int) -> int:
        step, start = self._order
        return (number * step + start) % self.catalogs

    def rank(self, number: int) -> int:
        """The rank of a catalog, which gives its classes: below `open_catalogs` it is open."""
        return self._exchanged.get(number, self._plain_rank(number))

    def is_tabled(self, number: int) -> bool:
        """Whether the catalog of a number has a table."""
        return number in self._tabled

    @cached_property
    def _weights(self) -> tuple[float, int, int]:
        """(sum of the weights, records to share out, what rounding leaves to the first rank)."""
        tabled = {self.rank(number) for number in self._tabled}
        ranks = [rank for rank in range(self.open_catalogs) if rank not in tabled]
        total = sum(map(_weight, ranks))
        shared = RECORDS - sum(self._tabled.values())
        rest = shared - sum(int(shared * _weight(rank) / total) for rank in ranks)
        return total, shared, rest if ranks else 0

    def records(self, rank: int, number: int) -> int:
        """The declared records of an open catalog; over all of them they sum to RECORDS."""
        if number in self._tabled:
            return self._tabled[number]
        total, shared, rest = self._weights
        first = next(r for r in range(self.catalogs) if r not in self._tabled_ranks)
        return int(shared * _weight(rank) / total) + (rest if rank == first else 0)

    @cached_property
    def _tabled_ranks(self) -> frozenset[int]:
        return frozenset(self.rank(number) for number in self._tabled)

    def departments(self) -> Iterator[Department]:
        """Departments once each: data authorities, the province's, those that catalogs name."""
        named = (
            departments.department(edition.subject.department, edition.region)
            for edition in islice(editions(self.seed), self.catalogs)
        )
        provincial = (departments.department(key, PROVINCE) for key in vocabulary.departments())
        seen: set[str] = set()
        for found in chain(departments.authorities([PROVINCE, *cities()]), provincial, named):
            if found.id not in seen:
                seen.add(found.id)
                yield found

    def _numbered(self) -> Iterator[tuple[int, Entry, int]]:
        for number, edition in enumerate(islice(editions(self.seed), self.catalogs)):
            rank = self.rank(number)
            yield number, catalogs.catalog(self, number, edition, rank), rank

    def catalog_entries(self) -> Iterator[Entry]:
        """The catalogs, in constant memory."""
        for _, entry, _ in self._numbered():
            yield entry

    def interface_entries(self) -> Iterator[Entry]:
        """The interfaces of the open catalogs: one each, and a second one while they last."""
        second = self.interfaces - self.open_catalogs
        for _, entry, rank in self._numbered():
            if rank < self.open_catalogs:
                yield interfaces.interface(entry, 0)
            if rank < second:
                yield interfaces.interface(entry, 1)

    def tables(self) -> Iterator[Table]:
        """The tables that can be downloaded, in the order of their catalogs."""
        last = max(self._tabled, default=-1)
        for number, entry, _ in self._numbered():
            if number > last:
                return
            table = tables.table_of(entry, self.is_tabled(number))
            if table:
                yield table


def _weight(rank: int) -> float:
    """A skewed size, as real catalogs have: a few huge ones, many small ones."""
    return 1.0 / (1 + (rank * 7919 % 997)) ** 1.1 + 0.002


def _coprime(a: int, b: int) -> bool:
    while b:
        a, b = b, a % b
    return a == 1
