"""Records of the sample province as files, one JSON object a line, for every client alike."""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from ckanext.sdopen.harvest.pushing.batches import encoded
from ckanext.sdopen.sample import Province


def records(province: Province, first: int, last: int) -> Iterator[dict[str, Any]]:
    """The payloads of catalogs `first` to `last` (not included), as the action API takes them."""
    for entry in islice(province.catalog_entries(), first, last):
        yield entry.payload


def write(path: Path, found: Iterable[dict[str, Any]]) -> int:
    """Write records to a file, in constant memory; how many they were."""
    count = 0
    with path.open("wb") as file:
        for record in found:
            file.write(encoded(record) + b"\n")
            count += 1
    return count
