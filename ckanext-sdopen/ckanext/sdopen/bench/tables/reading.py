"""Reading a table of many rows: each question to a real reader, in seconds of the processor."""

import hashlib
import os
import statistics
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import orjson
import urllib3

from ckanext.sdopen.services.servers import table_reader
from ckanext.sdopen.tables.query.known import Column
from ckanext.sdopen.tables.reader_client import Readable

_SECRET = "of a bench"  # noqa: S105  it reads made rows
_LAYOUT = "FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd, ROW_GROUP_SIZE 20480"
# of the processor's clock one tick is 10 ms: a question is asked until some hundred are measured
_RUNS = 10
# what the store promises, at a million rows
MOST_RSS_MB = 600
LEAST_CSV = 0.8
MOST_DEEP = 2.0
COLUMNS = (
    Column("统一社会信用代码", "text"),
    Column("企业名称", "text"),
    Column("行政区划代码", "text"),
    Column("成立日期", "date"),
    Column("注册资本", "number"),
    Column("从业人数", "integer"),
    Column("更新时间", "datetime"),
    Column("存续", "boolean"),
    Column("经度", "number"),
    Column("纬度", "number"),
    Column("住所", "text"),
)
# one name in about 20,000 has 便民 in it
_ROWS = """
SELECT row_number() OVER () AS _id, printf('91%016d', i) AS "统一社会信用代码",
  ['济南','青岛','淄博','枣庄','东营','烟台','潍坊'][1 + (hash(i) % 7)::INT] || '大药店' ||
    CASE WHEN hash(i * 11) % 20000 = 0 THEN '便民' ELSE '' END || hash(i * 5) % 100000
    AS "企业名称",
  ['370100','370200','370300','370400','370500'][1 + (hash(i * 7) % 5)::INT] AS "行政区划代码",
  date '2015-01-01' + (hash(i * 13) % 3650)::INT AS "成立日期",
  ((hash(i * 17) % 1000000000) / 100)::DECIMAL(16, 2) AS "注册资本",
  (hash(i * 19) % 1000)::BIGINT AS "从业人数",
  timestamp '2020-01-01' + to_seconds((hash(i * 23) % 100000000)::BIGINT) AS "更新时间",
  hash(i * 29) % 2 = 0 AS "存续",
  115 + (hash(i * 31) % 1000000) / 200000.0 AS "经度",
  34 + (hash(i * 37) % 1000000) / 250000.0 AS "纬度",
  CASE WHEN hash(i * 41) % 3 <> 0 THEN '解放路' || hash(i * 43) % 1000 || '号' END AS "住所"
FROM range({rows}) AS t(i)"""


def questions(rows: int) -> dict[str, dict[str, Any]]:
    """The questions that are measured, by name."""
    contains = [{"column": "企业名称", "op": "contains", "value": "便民"}]
    month = {"by": [{"column": "成立日期", "part": "month"}]}
    return {
        "first_page": {},
        "deep_page": {"offset": rows // 2},
        "key": {"filters": [{"column": "统一社会信用代码", "value": f"91{rows // 2:016d}"}]},
        "facet": {"ask": "values", "values": {"column": "行政区划代码"}},
        "month": {"ask": "groups", "groups": month},
        "sort": {"sort": [{"column": "注册资本", "descending": True}]},
        "pinyin": {"sort": [{"column": "企业名称", "pinyin": True}]},
        "substring": {"filters": contains, "limit": 1000},
    }


def make(folder: Path, rows: int) -> tuple[Readable, Path]:
    """A version of so many rows, in the store's layout."""
    part = folder / "part"
    with duckdb.connect() as database:
        database.execute("SET threads = 1")
        database.execute(f"COPY ({_ROWS.format(rows=rows)}) TO '{part}' ({_LAYOUT})")
    with part.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    path = folder / digest[:2] / f"{digest}.parquet"
    path.parent.mkdir(exist_ok=True)
    return Readable(digest, COLUMNS), part.replace(path)


def measure(folder: Path, rows: int) -> dict[str, Any]:
    """Milliseconds of processor and clock of each question, megabytes of the reader, the marks.

    Args:
        folder: an empty one; the version stays in it.
        rows: of the table.
    """
    readable, path = make(folder, rows)
    settings = {"SDOPEN_TABLE_READER_PROCESSES": "1", "SDOPEN_TABLE_READER_SECONDS": "60"}
    with table_reader.serve(folder, folder / "log", _SECRET, settings) as address:
        pid = _worker(address)
        figures = {
            name: _asked(address, {**readable.as_dict(), "query": question}, pid)
            for name, question in questions(rows).items()
        }
        csv = {"sent": _sent(address, readable, pid), "copied": _copied(path, folder / "copy.csv")}
        rss = _status(pid, "VmHWM") / 1024
    ratios = {
        "deep_to_first": figures["deep_page"]["cpu_ms"] / max(figures["first_page"]["cpu_ms"], 1),
        "csv_to_copy": csv["sent"] / csv["copied"],
    }
    missed = _missed(ratios, rss)
    return {"rows": rows, **figures, **csv, **ratios, "rss_mb": round(rss), "wrong": missed}


def _missed(ratios: Mapping[str, float], rss: float) -> list[str]:
    marks = {
        "rss_mb": rss <= MOST_RSS_MB,
        "csv_to_copy": ratios["csv_to_copy"] >= LEAST_CSV,
        "deep_to_first": ratios["deep_to_first"] <= MOST_DEEP,
    }
    return [name for name, holds in marks.items() if not holds]


def _asked(address: str, body: Mapping[str, Any], pid: int) -> dict[str, float]:
    walls = []
    _post(address, "/query", body).read()
    began = _cpu(pid)
    for _ in range(_RUNS):
        start = time.monotonic()
        _post(address, "/query", body).read()
        walls.append(time.monotonic() - start)
    used = (_cpu(pid) - began) / _RUNS
    return {"cpu_ms": round(used * 1000), "wall_ms": round(statistics.median(walls) * 1000)}


def _sent(address: str, readable: Readable, pid: int) -> float:
    """Megabytes of CSV that a reader sends in a second of its processor, as the values are."""
    began, size = _cpu(pid), 0
    answer = _post(address, "/export", {**readable.as_dict(), "query": {}, "safe": False})
    for block in answer.stream(1 << 18):
        size += len(block)
    return size / 1e6 / (_cpu(pid) - began)


def _copied(path: Path, target: Path) -> float:
    """The same of DuckDB's COPY into a file."""
    with duckdb.connect() as database:
        database.execute("SET threads = 1")
        began = time.process_time()
        database.execute(f"COPY (FROM read_parquet('{path}')) TO '{target}' (FORMAT csv)")
        used = time.process_time() - began
    size = target.stat().st_size
    target.unlink()
    return size / 1e6 / used


_POOL = urllib3.PoolManager()


def _post(address: str, path: str, body: Mapping[str, Any]) -> urllib3.BaseHTTPResponse:
    answer = _POOL.request(
        "POST",
        address + path,
        body=orjson.dumps(body),
        headers={"Authorization": f"Bearer {_SECRET}"},
        preload_content=False,
    )
    if answer.status != 200:
        raise RuntimeError(answer.read().decode())
    return answer


def _worker(address: str) -> int:
    """The process that answers: the newest that has the address's port in its environment."""
    port = f"SDOPEN_TABLE_READER_PORT={address.rsplit(':', 1)[1]}\0".encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if port in (entry / "environ").read_bytes():
                found.append(int(entry.name))
        except OSError:
            continue  # gone meanwhile, or another user's
    return max(found)


def _cpu(pid: int) -> float:
    stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    user, system = stat.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _status(pid: int, name: str) -> int:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))
