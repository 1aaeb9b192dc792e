"""The sample province as streams of records: the same seed gives the same province."""

from collections.abc import Iterator
from itertools import chain, islice

from ckanext.sdopen.sample.entries import catalogs, departments, interfaces, unpublished, vocabulary
from ckanext.sdopen.sample.entries.places import PROVINCE, cities
from ckanext.sdopen.sample.entries.plan import editions
from ckanext.sdopen.sample.entries.shares import Shares
from ckanext.sdopen.sample.records import Department, Entry


class Province(Shares):
    """A province of `catalogs` catalogs, of which 45 % are open; streams, nothing kept."""

    def departments(self) -> Iterator[Department]:
        """Departments once each: data authorities, the province's, those that catalogs name."""
        named = (
            departments.department(edition.subject.department, edition.region)
            for edition in chain(
                islice(editions(self.seed), self.catalogs), unpublished.editions(self.catalogs)
            )
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

    def unpublished_entries(self) -> Iterator[Entry]:
        """Drafts and withdrawn catalogs, beyond the published ones."""
        yield from unpublished.entries(self)

    @property
    def unpublished(self) -> int:
        """How many drafts and withdrawn catalogs there are."""
        return sum(unpublished.counts(self.catalogs))

    def interface_entries(self) -> Iterator[Entry]:
        """The interfaces of the open catalogs: one each, and a second one while they last."""
        for _, entry, rank in self._numbered():
            for variant in range(self.interfaces_at(rank)):
                yield interfaces.interface(entry, variant)
