"""The portal's WSGI application; batches leave no audit rows while a file says so.

The bench of the audit log serves it on a portal of its own: no setting of a portal leads here. A
line of a second file tells what the rows of a batch took: seconds of this process and PostgreSQL's.
"""

import os
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from ckan import model
from sqlalchemy import event
from wsgi import application

from ckanext.sdopen.bulk.record import Candidate
from ckanext.sdopen.bulk.writing import audit_rows

__all__ = ["application"]

# the variable that names the file
_SWITCH = Path(os.environ["SDOPEN_BENCH_UNAUDITED"])
_TOLD = _SWITCH.with_suffix(".spent")
_TABLE = "INSERT INTO sdopen_audit "
_Write = Callable[[Sequence[Candidate], str], None]
_spent = threading.local()


def _unless_switched(write: _Write) -> _Write:
    def record(candidates: Sequence[Candidate], user: str) -> None:
        if not _SWITCH.exists():
            began = time.thread_time()
            write(candidates, user)
            _spent.recording = getattr(_spent, "recording", 0.0) + time.thread_time() - began

    return record


def _processor(connection: Any) -> float:
    """Seconds that the backend of a connection has used."""
    pid = connection.connection.dbapi_connection.info.backend_pid
    return int(Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[0]) / 1e9


def _begin(connection: Any, cursor: Any, statement: str, *more: Any) -> None:
    if _TABLE in statement:
        _spent.began = time.thread_time(), _processor(connection)


def _end(connection: Any, cursor: Any, statement: str, *more: Any) -> None:
    if _TABLE in statement:
        own, backend = _spent.began
        web = time.thread_time() - own + getattr(_spent, "recording", 0.0)
        _spent.recording = 0.0
        with _TOLD.open("a", encoding="ascii") as file:
            file.write(f"{web} {_processor(connection) - backend}\n")


for name in ("record_written", "record_refused"):
    setattr(audit_rows, name, _unless_switched(getattr(audit_rows, name)))
event.listen(model.meta.engine, "before_cursor_execute", _begin)
event.listen(model.meta.engine, "after_cursor_execute", _end)
