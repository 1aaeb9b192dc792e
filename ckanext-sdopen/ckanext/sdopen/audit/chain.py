"""The chain over the audit log: rows are sealed in blocks, each bound to the one before it.

A row belongs into the chain once no transaction that began before it is under way: then no row can
come between. The sealer runs every few seconds; what it has not sealed yet `verify` counts.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ckan import model
from sqlalchemy import Connection, func, insert, select, text

from ckanext.sdopen.audit.model import blocks, purges

# rows of one block
MOST = 1_000
_DIGEST = 32
# one sealer at a time; the lock ends with its transaction
_LOCK = 0x5D0A
# a row as the digest takes it: every column, nothing that a setting of the session would change
_CONTENT = """
sha256(convert_to(jsonb_build_array(id, to_char(moment AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSUS'),
    tx, account_id, account, kind, result, object_type, object_id, address, request_id,
    details)::text, 'UTF8'))
"""
_AFTER = "id > :floor AND (tx, id) > (CAST(:tx AS bigint), CAST(:id AS bigint))"
_NEXT = text(
    f"""
    SELECT id, moment, tx, {_CONTENT} AS digest FROM sdopen_audit
    WHERE {_AFTER} AND tx < CAST(:below AS bigint) ORDER BY tx, id LIMIT {MOST}
    """  # noqa: S608  constants of this module
)
_WAITING = text(f"SELECT count(*) FROM sdopen_audit WHERE {_AFTER}")  # noqa: S608
_DIGESTS = text(
    f"SELECT id, tx, {_CONTENT} AS digest FROM sdopen_audit WHERE id = ANY(:ids)"  # noqa: S608
)
_BETWEEN = text(
    f"""
    SELECT id FROM sdopen_audit
    WHERE {_AFTER} AND (tx, id) <= (CAST(:last_tx AS bigint), CAST(:last_id AS bigint))
    """  # noqa: S608
)
_XMIN = text("SELECT CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS text) AS bigint)")
_SEALED = text("SELECT coalesce(sum(cardinality(ids)), 0) FROM sdopen_audit_block")
_HIGHEST = text("SELECT max(one) FROM sdopen_audit_block, unnest(ids) AS one")


@dataclass(frozen=True, slots=True)
class Finding:
    """What breaks the chain: `changed`, `missing`, `added` (a row), `block` (a block)."""

    what: str
    number: int


def _bound(before: bytes, ids: Sequence[int], digests: bytes) -> bytes:
    said = b",".join(str(one).encode() for one in ids)
    return hashlib.sha256(before + said + b";" + digests).digest()


def _last(connection: Connection) -> Any:
    return connection.execute(select(blocks).order_by(blocks.c.number.desc()).limit(1)).first()


def _place(last: Any) -> dict[str, int]:
    """After which row the next one stands, as the statements take it."""
    if last is None:
        return {"floor": 0, "tx": 0, "id": 0}
    return {"floor": last.floor, "tx": last.last_tx, "id": last.ids[-1]}


def seal() -> int:
    """Seal what is settled, one block; how many rows it holds, 0 where there was nothing to do."""
    with model.meta.engine.begin() as connection:
        if not connection.execute(select(func.pg_try_advisory_xact_lock(_LOCK))).scalar():
            return 0
        last = _last(connection)
        # asked before the rows: all transactions below it have ended
        below = connection.execute(_XMIN).scalar_one()
        place = _place(last)
        if place["tx"] >= below:
            # a database restored into another cluster counts its transactions from anew
            place = {"floor": connection.execute(_HIGHEST).scalar_one(), "tx": 0, "id": 0}
        found = connection.execute(_NEXT, {**place, "below": below}).all()
        if not found:
            return 0
        ids, digests = [row.id for row in found], b"".join(bytes(row.digest) for row in found)
        block = {
            "number": last.number + 1 if last else 1,
            "sealed": func.now(),
            "moment": max(row.moment for row in found),
            "floor": place["floor"],
            "last_tx": found[-1].tx,
            "settled_tx": below if len(found) < MOST else found[-1].tx,
            "ids": ids,
            "digests": digests,
            "hash": _bound(last.hash if last else b"", ids, digests),
        }
        connection.execute(insert(blocks).values(block))
        return len(found)


def seal_all() -> int:
    """Seal until nothing is settled any more; how many rows that were."""
    sealed = 0
    while more := seal():
        sealed += more
    return sealed


def unsealed() -> int:
    """How many rows wait for the sealer."""
    with model.meta.engine.connect() as connection:
        return int(connection.execute(_WAITING, _place(_last(connection))).scalar_one())


def sealed() -> int:
    """How many rows the chain holds."""
    with model.meta.engine.connect() as connection:
        return int(connection.execute(_SEALED).scalar_one())


def verify() -> Iterator[Finding]:
    """All that breaks the chain, block by block from the first, in constant memory."""
    before: Any = None
    with model.meta.engine.connect() as connection:
        months = {row.month for row in connection.execute(select(purges))}
        while block := _after(connection, before.number if before else 0):
            follows = block.number == (before.number + 1 if before else 1)
            bound = _bound(before.hash if before else b"", block.ids, block.digests)
            if not follows or bound != block.hash:
                yield Finding("block", block.number)
            place, settled = _place(before), before.settled_tx if before else 0
            if block.floor != place["floor"]:
                place, settled = {"floor": block.floor, "tx": 0, "id": 0}, 0
            yield from _rows(connection, block, months, settled)
            yield from _added(connection, block, place)
            before = block


def _after(connection: Connection, number: int) -> Any:
    wanted = select(blocks).where(blocks.c.number > number).order_by(blocks.c.number).limit(1)
    return connection.execute(wanted).first()


def _rows(connection: Connection, block: Any, months: set[Any], settled: int) -> Iterator[Finding]:
    """The rows of a block that are not as they were sealed."""
    digests = block.digests
    purged = block.moment.date().replace(day=1) in months
    answer = connection.execute(_DIGESTS, {"ids": list(block.ids)}).all()
    found = {row.id: bytes(row.digest) for row in answer}
    # of transactions that had ended before the block before this one was made
    yield from (Finding("added", row.id) for row in answer if row.tx < settled)
    for place, one in enumerate(block.ids):
        digest = digests[place * _DIGEST : (place + 1) * _DIGEST]
        if one in found and found[one] != digest:
            yield Finding("changed", one)
        elif one not in found and not purged:
            yield Finding("missing", one)


def _added(connection: Connection, block: Any, place: dict[str, int]) -> Iterator[Finding]:
    """The rows that stand between the rows of a block and are not in it."""
    up_to = {"last_tx": block.last_tx, "last_id": block.ids[-1]}
    sealed = set(block.ids)
    for row in connection.execute(_BETWEEN, {**place, **up_to}):
        if row.id not in sealed:
            yield Finding("added", row.id)
