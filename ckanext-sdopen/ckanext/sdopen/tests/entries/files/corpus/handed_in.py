"""Files handed in by a cataloguer: through the API as a program does, and as stored rows."""

import io
import json
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from ckanext.sdopen.entries.files.model import files

CSV = "名称,地址\n水库,济南\n".encode()
Answer = tuple[int, Any]


def token_of(user: dict[str, Any]) -> str:
    """A token of an account."""
    return str(factories.APIToken(user=user["name"])["token"])


def api(app: Any, token: str, action: str, *file: Any, **asked: Any) -> Answer:
    """(status, result or error) of an action; with content and name, of a form with a file."""
    headers = {"Authorization": token}
    if file:
        data = {**asked, "upload": (io.BytesIO(file[0]), file[1])}
        answer = app.post(f"/api/3/action/{action}", data=data, headers=headers)
    else:
        answer = app.post(f"/api/3/action/{action}", json=asked, headers=headers)
    told = json.loads(answer.body)
    return answer.status_code, told["result"] if told["success"] else told["error"]


def bulk(app: Any, token: str, *records: dict[str, Any]) -> list[Any]:
    """What became of each record of a batch."""
    answer = app.post(
        "/api/3/bulk/sdopen_entry_bulk_upsert",
        data="\n".join(json.dumps(one) for one in records),
        headers={"Content-Type": "application/x-ndjson", "Authorization": token},
    )
    found: list[Any] = json.loads(answer.body)["result"]["records"]
    return found


def as_user(user: dict[str, Any]) -> dict[str, Any]:
    """A context in which the account's rights and the rules count."""
    return {"user": user["name"], "ignore_auth": False}


def given(
    user: dict[str, Any], entry_id: str, content: bytes = CSV, file_name: str = "a.csv", **more: Any
) -> dict[str, Any]:
    """A resource with a file, made by an account."""
    upload = FileStorage(io.BytesIO(content), file_name)
    more = {"name": file_name, "url": "", **more}
    return call_action("resource_create", as_user(user), package_id=entry_id, upload=upload, **more)


def rows_of(resource_id: str) -> list[Any]:
    """The stored files that a resource gives or gave, the oldest first."""
    model.Session.expire_all()
    found = select(files).where(files.c.resource_id == resource_id).order_by(files.c.created)
    return list(model.Session.execute(found))


def path_of(name: str) -> Path:
    """Where CKAN's storage on disk keeps a file of a name."""
    root = Path(tk.config["ckan.storage_path"]) / "resources"
    return root / name[:3] / name[3:6] / name[6:]


def on_disk() -> set[Path]:
    """All files of resources on disk."""
    root = Path(tk.config["ckan.storage_path"]) / "resources"
    return {path for path in root.rglob("*") if path.is_file()}
