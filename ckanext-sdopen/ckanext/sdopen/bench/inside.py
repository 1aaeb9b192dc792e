"""What a bench does inside the portal that it measures: departments, account, documents."""

from collections.abc import Iterator
from pathlib import Path

import orjson
from ckan import model

from ckanext.sdopen.catalog import stored
from ckanext.sdopen.portal import accounts
from ckanext.sdopen.sample import Province, loading
from ckanext.sdopen.search import documents as building

BATCH = 500


def _untold(_: int) -> None:
    """Nobody is told how far it is."""


def furnish(catalogs: int, token_file: Path) -> None:
    """Topics and departments of a province of so many catalogs, and the harvest account."""
    loading.load_topics(_untold)
    loading.load_departments(Province(catalogs=catalogs), _untold)
    accounts.write_secret(token_file, accounts.harvest_token())


def documents(ids: list[str]) -> list[dict[str, object]]:
    """The documents of entries as the index gets them."""
    found = building.documents(stored.load(ids).values())
    return [{str(k): v for k, v in doc.items() if v is not None and v != ""} for doc in found]


def _documents(limit: int) -> Iterator[list[dict[str, object]]]:
    ids = [row[0] for row in model.Session.query(model.Package.id).order_by("id").limit(limit)]
    for start in range(0, len(ids), BATCH):
        yield documents(ids[start : start + BATCH])
        model.Session.remove()


def write_documents(path: Path, limit: int) -> int:
    """The documents of the first entries as the index gets them, a JSON list of 500 a line."""
    count = 0
    with path.open("wb") as file:
        for found in _documents(limit):
            file.write(orjson.dumps(found) + b"\n")
            count += len(found)
    return count
