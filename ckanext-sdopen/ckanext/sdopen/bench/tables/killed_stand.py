"""The table that is loaded while things are killed, and a reader of the bench's own."""

import json
import os
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import flask
from ckan import model

from ckanext.sdopen.bench.stand import standing
from ckanext.sdopen.services.servers import table_reader
from ckanext.sdopen.tables import settings

_ENTRY = {
    "type": "dataset",
    "title": "药店名录",
    "resource_code": "307001/999999",
    "notes": "加载时被中断的表。",
    "topics": ["medical"],
    "format_category": "spreadsheet",
    "format_types": ["xlsx", "csv"],
    "sharing": "unconditional",
    "sharing_method": "platform",
    "sharing_method_types": ["file"],
    "opening": "unconditional",
    "update_cycle": "monthly",
    "info_items": [
        {"name": "编号", "data_type": "C", "data_length": "10", "primary_key": True},
        {"name": "名称", "data_type": "C", "data_length": "50"},
        {"name": "人数", "data_type": "I", "data_length": "5", "nullable": True},
    ],
}


@contextmanager
def table(app: flask.Flask) -> Iterator[tuple[str, str, Callable[[], list[int]]]]:
    """(account, id of a resource, its reader's processes) in the portal of this process."""
    site = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    resource = _resource(site)
    own = {"reader_url": "", "reader_secret": secrets.token_hex(), "load_uploads": True}
    names = {name: f"ckanext.sdopen.tables.{name}" for name in own}
    kept = {name: tk.config[name] for name in names.values()}
    with tempfile.TemporaryDirectory() as log:
        folder = settings.store().folder  # type: ignore[attr-defined]
        with table_reader.serve(folder, Path(log) / "log", str(own["reader_secret"])) as address:
            tk.config.update({names[name]: value for name, value in own.items()})
            tk.config[names["reader_url"]] = address
            try:
                yield site, resource, _readers
            finally:
                tk.config.update(kept)


def _resource(site: str) -> str:
    context = {"user": site, "ignore_auth": True}
    department = model.Session.query(model.Group).filter_by(type="organization").first()
    entry = {**_ENTRY, "owner_org": department.id}
    made = tk.get_action("package_create")(dict(context), entry)
    asked = {"package_id": made["id"], "name": "名录", "url": "https://data.example/1.pdf"}
    found: str = tk.get_action("resource_create")(dict(context), asked)["id"]
    return found


def _readers() -> list[int]:
    """The processes of the reader that answer; their keeper starts others."""
    mine = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    found = []
    for pid in mine:
        line = Path(f"/proc/{pid}/cmdline").read_bytes()
        if table_reader.MODULE.encode() in line:
            listed = Path(f"/proc/{pid}/task/{pid}/children").read_text()
            found += [int(one) for one in listed.split()]
    return found


def measure(count: int) -> dict[str, Any]:
    """The figures of so many kills in a portal of the bench's own."""
    with tempfile.TemporaryDirectory(prefix="sdopen-bench-") as name:
        folder = Path(name)
        # the servers' accounts read below it
        folder.chmod(0o755)
        with standing(folder / "stand", 1) as stand:
            out = folder / "figures.json"
            stand.within("table-kills", "--count", str(count), "--out", str(out))
            figures: dict[str, Any] = json.loads(out.read_text())
            return figures
