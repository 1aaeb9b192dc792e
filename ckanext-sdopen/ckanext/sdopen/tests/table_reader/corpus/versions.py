"""A folder with versions of tables as the portal keeps them: real Parquet, written by DuckDB."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ckanext.sdopen.tables.query.known import Column
from ckanext.sdopen.tables.reader_client import Readable

ROWS = 50_000
COLUMNS = (
    Column("统一社会信用代码", "text"),
    Column("企业名称", "text", "name"),
    Column("行政区划代码", "text"),
    Column("成立日期", "date"),
    Column("注册资本", "number", "capital"),
    Column("人数", "integer"),
    Column("更新时间", "datetime"),
    Column("存续", "boolean"),
    Column("经度", "number"),
    Column("纬度", "number"),
)
SECRET = Column("法定代表人", "text")
# of five pharmacies one is 便民, of a hundred one bears a Latin name, of seven one has no capital
_ROWS = """
SELECT printf('91%016d', i) AS "统一社会信用代码",
  CASE WHEN i % 100 = 0 THEN 'Bayer 拜耳' || i WHEN i % 5 = 0 THEN '便民药店' || i
       ELSE '大药店' || i END AS "企业名称",
  ['370100', '370200', '370300'][1 + i % 3] AS "行政区划代码",
  date '2015-01-01' + (i % 3650)::INT AS "成立日期",
  CASE WHEN i % 7 = 0 THEN NULL ELSE ((i * 7919) % 1000003)::DECIMAL(16, 2) / 4 END
    ::DECIMAL(16, 2) AS "注册资本",
  (i * 31) % 997 AS "人数",
  timestamp '2020-01-01' + to_seconds(i) AS "更新时间",
  i % 2 = 0 AS "存续",
  115 + (i % 1000) / 200.0 AS "经度", 34 + (i % 500) / 100.0 AS "纬度",
  '张' || i AS "法定代表人"
FROM range({rows}) AS t(i)"""
_LAYOUT = "FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd, ROW_GROUP_SIZE 20480"


@dataclass(frozen=True)
class Table:
    """A version, its file, and DuckDB's own look at it."""

    folder: Path
    hash: str

    @property
    def path(self) -> Path:
        return self.folder / self.hash[:2] / f"{self.hash}.parquet"

    @property
    def readable(self) -> Readable:
        return Readable(self.hash, COLUMNS)

    def rows(self, what: str) -> list[tuple]:
        """What plain SQL, `{table}` in it, says of the file."""
        with duckdb.connect() as database:
            return database.execute(what.format(table=f"read_parquet('{self.path}')")).fetchall()


def written(folder: Path, select: str) -> Table:
    """A version of the rows of a SELECT."""
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / "part"
    with duckdb.connect() as database:
        numbered = f"SELECT row_number() OVER () AS _id, * FROM ({select})"
        database.execute(f"COPY ({numbered}) TO '{part}' ({_LAYOUT})")
    table = Table(folder, hashlib.sha256(part.read_bytes()).hexdigest())
    table.path.parent.mkdir(exist_ok=True)
    part.replace(table.path)
    return table


def pharmacies(folder: Path, rows: int = ROWS) -> Table:
    """A version of so many pharmacies; the last column is withheld."""
    return written(folder, _ROWS.format(rows=rows))
