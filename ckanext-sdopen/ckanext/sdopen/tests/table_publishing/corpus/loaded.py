"""Loaded tables of the tests: real versions in the portal's own store, read by its own reader."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ckan import model

from ckanext.sdopen.tables import history, settings
from ckanext.sdopen.tables.columns import Column, Kind
from ckanext.sdopen.tables.making.make import Asked, make
from ckanext.sdopen.tests.tables.corpus.normalised import write

PHARMACIES = (
    Column("编号", key=True, nullable=False, declared=True),
    Column("名称", title_en="name", description="招牌上的名称", declared=True),
    Column("人数", Kind.INTEGER, unit="人"),
    Column("注册资本", Kind.NUMBER, 16, 2),
    Column("成立日期", Kind.DATE),
    Column("更新时间", Kind.DATETIME),
    Column("医保", Kind.BOOLEAN),
)
ROWS = (
    ("003", "便民大药房", "7", "1200.50", "2021-03-04", "2026-01-02 08:00:00", "true"),
    ("001", "济南第一药店", "12", None, "2019-12-31", "2026-01-02 08:00:00", "false"),
    ("002", "Bayer 药店", None, "99.90", None, None, None),
    ("004", '惠民药店, "南"区', "3", "0.00", "2022-01-01", "2026-01-03 09:30:00", "true"),
)


def load(
    resource: dict[str, Any],
    folder: Path,
    columns: Sequence[Column] = PHARMACIES,
    rows: Sequence[Sequence[str | None]] = ROWS,
) -> history.Published:
    """Publish a version of these rows for a resource."""
    store, limits = settings.store(), settings.limits()
    path = write(folder / "rows.csv", [column.name for column in columns], rows)
    asked = Asked(resource["id"], {"file": "名录.csv"}, {one.name: one for one in columns})
    part = store.part()
    made = make(path, asked, part, folder / "found.csv", limits)
    assert made.version is not None, made.summary
    store.put(part, made.version.hash)
    history.publish(resource["package_id"], resource["name"], made.version, {}, store, 10)
    model.Session.commit()
    found = history.current(resource["id"])
    assert found is not None
    return found
