"""Books handed in, checked and imported as their users do it, the jobs done at once."""

import io
from pathlib import Path
from typing import Any

from ckan.tests.helpers import call_action
from werkzeug.datastructures import FileStorage

from ckanext.sdopen.jobs.kinds import Queue
from ckanext.sdopen.tests.corpus import workers


def upload(path: Path, name: str = "目录.xlsx") -> FileStorage:
    """A file as a form hands it in."""
    return FileStorage(io.BytesIO(path.read_bytes()), filename=name)


def checked(app: Any, context: dict[str, Any], path: Path) -> dict[str, Any]:
    """A book as it is shown once it was handed in and checked."""
    asked = {"upload": upload(path), "wait": 0}
    book = call_action("sdopen_workbook_check", dict(context), **asked)
    workers.work_off(app, Queue.CHECKS)
    return call_action("sdopen_workbook_show", dict(context), id=book["id"])


def imported(app: Any, context: dict[str, Any], book_id: str) -> dict[str, Any]:
    """What is told of the import of a book once it has ended."""
    call_action("sdopen_workbook_import", dict(context), id=book_id)
    workers.work_off(app, Queue.IMPORTS)
    return call_action("sdopen_workbook_show", dict(context), id=book_id)["import"]
