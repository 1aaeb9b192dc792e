"""Lives by chance, from a seed: each step changes up to three things of the record before it.

A step may be one that the rules refuse; both ways then refuse it, naming the same fields.
"""

import random
from collections.abc import Callable

from ckanext.sdopen.tests.bulk.corpus.cast import AUTHORITY, EDITOR, SITE, Cast
from ckanext.sdopen.tests.bulk.corpus.lives import Life, entry_id
from ckanext.sdopen.tests.bulk.corpus.plays import Record, Step
from ckanext.sdopen.tests.bulk.corpus.records import (
    CLASSES,
    items,
    resource,
    whole_catalog,
    whole_interface,
    with_class,
)

_TAGS = ("药店", "医保 定点", "Open_Data.1", "2024年", "长" * 40)
_TOPICS = ("medical", "health", "finance", "ecology", "transport", "credit")
_TEXTS = (
    "改过的值",
    "",
    None,
    " 两边有空白 ",
    "第一行\n第二行",
    "“引号”与'单引号'",
    "12.50",
    "x" * 300,
)
_TEXT_FIELDS = (
    "notes",
    "industry",
    "inner_department",
    "contact_name",
    "contact_phone",
    "update_cycle_note",
    "author",
    "maintainer",
    "license_id",
    "url",
    "version",
    "no_such_field",
)
_COUNTS = (0, 7, "12", " 8 ", "", None, 999_999_999_999, "3.5", True)
_DAYS = ("2024-02-29", "", None, "2020-01-01", "2999-01-01", "2024-2-9")
_CYCLES = ("realtime", "daily", "annual", "irregular", "other")

Edit = Callable[[random.Random, Record, Cast], Record]


def _title(rng: random.Random, record: Record, cast: Cast) -> Record:
    return {**record, "title": f"{record['resource_code']}第{rng.randrange(900)}版名录"}


def _text(rng: random.Random, record: Record, cast: Cast) -> Record:
    return {**record, rng.choice(_TEXT_FIELDS): rng.choice(_TEXTS)}


def _count(rng: random.Random, record: Record, cast: Cast) -> Record:
    return {**record, rng.choice(("record_count", "source_downloads")): rng.choice(_COUNTS)}


def _day(rng: random.Random, record: Record, cast: Cast) -> Record:
    return {**record, rng.choice(("released_on", "updated_on")): rng.choice(_DAYS)}


def _cycle(rng: random.Random, record: Record, cast: Cast) -> Record:
    return {**record, "update_cycle": rng.choice(_CYCLES)}


def _tags(rng: random.Random, record: Record, cast: Cast) -> Record:
    names = rng.sample(_TAGS, rng.randrange(len(_TAGS)))
    if rng.random() < 0.3:
        kept = {name: value for name, value in record.items() if name != "tags"}
        return {**kept, "tag_string": ",".join(names)}
    return {**record, "tags": [{"name": name} for name in names], "tag_string": ""}


def _topics(rng: random.Random, record: Record, cast: Cast) -> Record:
    names = rng.sample(_TOPICS, rng.randrange(1, 4))
    return {**record, "topics": ",".join(names) if rng.random() < 0.3 else names}


def _resources(rng: random.Random, record: Record, cast: Cast) -> Record:
    if record["type"] == "interface":
        return record
    numbers = rng.sample(range(1, 7), rng.randrange(5))
    made = [resource(number) for number in numbers]
    for one in made:
        if rng.random() < 0.3:
            one |= {"name": rng.choice(_TEXTS) or "", "record_count": rng.choice((5, "6", ""))}
        if rng.random() < 0.2:
            one["source_key"] = f"file-{rng.randrange(3)}"
        if rng.random() < 0.2:
            one["more"] = rng.choice(("a", "b", 1, None))
    return {**record, "resources": made}


def _items(rng: random.Random, record: Record, cast: Cast) -> Record:
    if record["type"] == "interface":
        rows = [*record["request_params"]]
        rng.shuffle(rows)
        return {**record, "request_params": rows}
    rows = items(rng.choice((1, 2, 5, 40)))
    rows[0] |= {"sharing": rng.choice(("", "none", record["sharing"])), "nullable": "true"}
    rng.shuffle(rows)
    return {**record, "info_items": rows}


def _owner(rng: random.Random, record: Record, cast: Cast) -> Record:
    return {**record, "owner_org": rng.choice((cast.bureau, cast.other))}


def _class(rng: random.Random, record: Record, cast: Cast) -> Record:
    return with_class(record, rng.choice(sorted(CLASSES)))


def _left_out(rng: random.Random, record: Record, cast: Cast) -> Record:
    fixed = (
        "type",
        "title",
        "resource_code",
        "owner_org",
        "sharing",
        "opening",
        "catalog",
        "topics",
    )
    names = [name for name in sorted(record) if name not in fixed]
    gone = rng.sample(names, min(3, len(names)))
    needed = ("notes", "info_items", "request_params", "resources")
    return {name: v for name, v in record.items() if name not in gone or name in needed}


def _state(rng: random.Random, record: Record, cast: Cast) -> Record:
    return {**record, "state": rng.choice(("active", "active", "draft", ""))}


EDITS: tuple[Edit, ...] = (
    _title,
    _text,
    _text,
    _count,
    _day,
    _cycle,
    _tags,
    _topics,
    _resources,
    _resources,
    _items,
    _owner,
    _class,
    _left_out,
    _state,
)


def _by(rng: random.Random) -> str:
    return rng.choices((AUTHORITY, EDITOR, SITE), (8, 2, 1))[0]


def _life(rng: random.Random, cast: Cast, first: Record, steps: int) -> Life:
    record, life = first, [Step(first, _by(rng))]
    for _ in range(steps):
        before = record
        while record == before:
            for edit in rng.sample(EDITS, rng.randrange(1, 4)):
                record = edit(rng, record, cast)
        life.append(Step(record, _by(rng)))
    return life


def by_chance(cast: Cast, seed: int, lives: int, steps: int) -> list[Life]:
    """Lives of catalogs; every third is followed by that of an interface that serves it."""
    rng = random.Random(seed)
    found: list[Life] = []
    for number in range(lives):
        code = f"307011/{number + 1:06d}"
        first = with_class(whole_catalog(cast, code), rng.choice(sorted(CLASSES)))
        found.append(_life(rng, cast, _resources(rng, first, cast), steps))
        if number % 3 == 0:
            service = whole_interface(cast, code, entry_id(code))
            found.append(_life(rng, cast, service, steps))
    return found
