"""What a catalog's rows are like before any value is made: items, key, periods, things."""

import random
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil
from typing import Any, Self

from ckanext.sdopen import codes
from ckanext.sdopen.sample.entries.keys import key_of, period_of
from ckanext.sdopen.sample.entries.places import county_names
from ckanext.sdopen.sample.records import Entry, Subject
from ckanext.sdopen.sample.tables.generating import periods

# things of a county in series that have always the same ones
_THINGS_A_COUNTY = {
    "环境空气质量日报": 1,
    "自动气象站逐小时观测数据": 2,
    "农产品批发市场价格": 10,
    "城乡居民最低生活保障标准": 1,
}


@dataclass(frozen=True)
class Outline:
    """The rows of a table: how many, of what, where, and what makes their draws their own."""

    subject: Subject
    region: str
    department: str
    updated_on: str
    names: tuple[str, ...]
    rows: int
    seed: str

    @classmethod
    def of(cls, entry: Entry, rows: int) -> Self:
        """So many rows of the open items of a catalog; its id is the seed."""
        items = entry.payload["info_items"]
        return cls(
            entry.subject,
            entry.department.region,
            entry.department.title,
            entry.payload["updated_on"],
            tuple(item["name"] for item in items if item.get("opening") != "none"),
            rows,
            entry.id,
        )

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> Self:
        """The outline of what `dataclasses.asdict` made of one, by way of JSON."""
        subject = {**kept["subject"], "items": tuple(kept["subject"]["items"])}
        return cls(**{**kept, "subject": Subject(**subject), "names": tuple(kept["names"])})

    @property
    def key(self) -> tuple[str, ...]:
        """The items of the key; they are always open."""
        return key_of(self.subject)

    @property
    def period(self) -> str:
        """The item that says of when a row is, empty where the table is no series."""
        return period_of(self.subject)

    @property
    def counties(self) -> tuple[str, ...]:
        """The names of the counties in which the places lie."""
        return county_names(self.region)

    @property
    def stem(self) -> str:
        """The region's name without its level."""
        return codes.region(self.region).name.removesuffix("市").removesuffix("省")

    @cached_property
    def things(self) -> int:
        """Of how many things the rows tell; in a series each comes once in a period."""
        if not self.period or self.key == (self.period,):
            return self.rows
        each = _THINGS_A_COUNTY.get(self.subject.name)
        if each:
            return len(self.counties) * each
        fewest = min(len(self.counties), ceil(self.rows / 24))
        return max(fewest, ceil(self.rows / periods.most(self.period)))

    @property
    def unit(self) -> str:
        """The item of the key that is another one for each thing, empty where there is none."""
        return next((name for name in reversed(self.key) if name != self.period), "")

    def salt(self, name: str) -> int:
        """What makes the draws of an item its own."""
        return zlib.crc32(f"{self.seed}:{name}".encode())

    def shuffled(self, words: Sequence[str], name: str) -> list[str]:
        """The words in an order of the catalog's own."""
        mixed = list(words)
        random.Random(self.salt(name)).shuffle(mixed)  # noqa: S311 a sample, no secret
        return mixed
