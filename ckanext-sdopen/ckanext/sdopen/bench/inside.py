"""What a bench does inside the portal that it measures: departments, account, documents."""

import time
from collections.abc import Iterator
from pathlib import Path

import orjson
from ckan import model

from ckanext.sdopen.audit import chain
from ckanext.sdopen.ckan_seams import rows
from ckanext.sdopen.index.documents import builder
from ckanext.sdopen.portal import accounts
from ckanext.sdopen.sample import Province
from ckanext.sdopen.sample.loading import loading

BATCH = 500


def _no_progress(_: int) -> None:
    """Nobody is told how far it is."""


def furnish(catalogs: int, token_file: Path) -> None:
    """Topics and departments of a province of so many catalogs, and the harvest account."""
    loading.load_topics(_no_progress)
    loading.load_departments(Province(catalogs=catalogs), _no_progress)
    accounts.write_secret(token_file, accounts.harvest_token())


def documents(ids: list[str]) -> list[dict[str, object]]:
    """The documents of entries as the index gets them."""
    found = builder.documents(rows.load(ids).values())
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


def seal(path: Path) -> None:
    """Seal the audit log's rows; how many there were, and this process's seconds for them."""
    began = time.process_time()
    rows = chain.seal_all()
    path.write_bytes(orjson.dumps({"rows": rows, "seconds": time.process_time() - began}))
