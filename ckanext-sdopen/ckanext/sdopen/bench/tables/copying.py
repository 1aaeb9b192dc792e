"""A bare COPY into a PostgreSQL of the bench's own: what it takes of processors and disk."""

import os
import resource
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ckanext.sdopen.bench.tables import corpus
from ckanext.sdopen.services import stack_state
from ckanext.sdopen.services.layout import Layout
from ckanext.sdopen.services.servers import child, postgres


def _spent() -> float:
    """CPU seconds of all children that have ended, with theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@contextmanager
def _server(layout: Layout) -> Iterator[int]:
    """PostgreSQL as the portal runs it; its port."""
    port = stack_state.free_port()
    program = shlex.split(postgres.environment(layout)["SDOPEN_POSTGRES"])
    argv = [*program, "-D", str(layout.postgres), "-p", str(port)]
    for setting in ("listen_addresses=127.0.0.1", "unix_socket_directories="):
        argv += ["-c", setting]
    ready = [str(postgres.binaries(layout) / "pg_isready"), "-h", "127.0.0.1", "-p", str(port)]

    def answers() -> bool:
        return subprocess.run(ready, capture_output=True, check=False).returncode == 0

    with child.running(
        "postgres",
        argv,
        layout.log("postgres"),
        dict(os.environ),
        answers,
        to_answer=60,
        to_stop=60,
        cwd=Path("/"),
    ):
        yield port


def measure(folder: Path, path: Path) -> tuple[float, int]:
    """(CPU seconds, bytes of the table) of a COPY of a normalised CSV into a typed table.

    Its rows are numbered, as the DataStore's are and a version's; no other column is indexed.
    What a server takes that starts and ends without it is subtracted; a checkpoint at the end is
    counted.
    """
    layout = Layout(folder)
    layout.make()
    postgres.create_cluster(layout)
    typed = ", ".join(f'"{made.column.name}" {made.postgres}' for made in corpus.MADE)
    table = f"CREATE TABLE t (_id serial PRIMARY KEY, _row bigint, {typed});\n"
    named = ", ".join(f'"{made.column.name}"' for made in corpus.MADE)
    size = folder / "size"
    idle = _spent()
    with _server(layout) as port:
        postgres.run_sql(layout, port, table)
    began = _spent()
    with _server(layout) as port:
        copy = f"\\copy t (_row, {named}) FROM '{path}' (FORMAT csv, HEADER)\n"
        postgres.run_sql(layout, port, copy)
    ended = _spent()
    with _server(layout) as port:
        postgres.run_sql(layout, port, f"\\o {size}\n\\t\nSELECT pg_total_relation_size('t');\n")
    return (ended - began) - (began - idle), int(size.read_text())
