"""Batches as the tests of bulk writes send them."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.tests.helpers import call_action

from ckanext.sdopen.directory import outbox
from ckanext.sdopen.index.drain import drainer


def bulk(user: dict[str, Any], records: list[Any], **more: Any) -> dict[str, Any]:
    """The answer to a batch that an account sends."""
    context = {"user": user["name"], "ignore_auth": False}
    return tk.get_action("sdopen_entry_bulk_upsert")(context, {"records": records, **more})


def withdraw(user: dict[str, Any], ids: list[str], reason: str = "数据源停用", **more: Any) -> Any:
    """The answer to a withdrawal."""
    context = {"user": user["name"], "ignore_auth": False}
    asked = {"entries": [{"id": one} for one in ids], "reason": reason, **more}
    return tk.get_action("sdopen_entry_bulk_withdraw")(context, asked)


def results(answer: dict[str, Any]) -> list[str]:
    """What became of each record."""
    return [record["result"] for record in answer["records"]]


def drained() -> None:
    """Index all that waits."""
    assert drainer.drain_until(outbox.highest(), 60) == 0


def found_by_anybody(text: str) -> list[str]:
    """The names of the entries that somebody without an account finds."""
    query = {"q": f'title:"{text}"', "rows": 100}
    context = {"user": "", "ignore_auth": False, "auth_user_obj": None}
    found = call_action("package_search", context, **query)
    return sorted(one["name"] for one in found["results"])
