"""The sound entries of a book into the directory, in a background job, by its user's rights."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.sdopen.catalog import identifier
from ckanext.sdopen.catalog.books import store
from ckanext.sdopen.catalog.books.store import DONE, RUNNING, Uploaded
from ckanext.sdopen.catalog.workbook.changes import changed, taken_over

_EVERY = 20
# so many refusals are kept with their reasons
_TOLD = 200
Counts = dict[str, Any]


def import_book(book_id: str, user_name: str) -> None:
    """Create what is new as drafts, update what differs, leave what is the same."""
    book = store.find(book_id)
    if book is None:
        return
    departments = _departments(user_name)
    told: Counts = {"state": RUNNING, "done": 0, "total": book.summary["catalogs"]}
    told |= {"created": 0, "updated": 0, "unchanged": 0, "faulty": 0, "refused": []}
    for line in book.checked().entries():
        _import_line(line, departments, book, user_name, told)
        told["done"] += 1
        if told["done"] % _EVERY == 0:
            _tell(book, told)
    _tell(book, {**told, "state": DONE})


def _tell(book: Uploaded, told: Counts) -> None:
    # a book that was deleted meanwhile is not written anew
    if book.folder.is_dir():
        book.progress = told
        book.save()


def _departments(user_name: str) -> dict[str, model.Group]:
    """{title: department} of those in which the user may create entries."""
    shown = tk.get_action("organization_list_for_user")(
        {"user": user_name}, {"permission": "create_dataset"}
    )
    groups = (model.Group.get(one["id"]) for one in shown)
    return {group.title: group for group in groups if group}


def _import_line(
    line: dict[str, Any],
    departments: dict[str, model.Group],
    book: Uploaded,
    user_name: str,
    told: Counts,
) -> None:
    entry = line["entry"]
    if line["errors"]:
        told["faulty"] += 1
        return
    department = departments.get(str(entry.get("owner_org")))
    if department is None:
        title = str(entry.get("owner_org"))
        message = tk._("You may not write for the department {title}; is its name right?")
        _refuse(told, line, message.format(title=title))
        return
    context: Context = {"user": user_name, "ignore_auth": False, "allow_state_change": True}
    try:
        told[_imported(context, line, department, book)] += 1
    except tk.ValidationError as error:
        model.Session.rollback()
        _refuse(told, line, "；".join(f"{k}：{v}" for k, v in error.error_summary.items()))
    except tk.NotAuthorized:
        model.Session.rollback()
        _refuse(told, line, tk._("You may not change this entry"))


def _refuse(told: Counts, line: dict[str, Any], message: str) -> None:
    if len(told["refused"]) < _TOLD:
        told["refused"].append({"sheet": line["sheet"], "row": line["row"], "message": message})


def _imported(
    context: Context, line: dict[str, Any], department: model.Group, book: Uploaded
) -> str:
    """What became of an entry: created, updated or unchanged."""
    read = {**line["entry"], "owner_org": department.id}
    region = str(department.extras.get("region") or "")
    source = read.get("source_id"), read.get("source_key")
    if read.get("resource_code"):
        entry_id = identifier.entry_id("catalog", region, read["resource_code"])
    else:
        entry_id = identifier.entry_id_from_source("catalog", str(source[0]), str(source[1]))
    if model.Package.get(entry_id) is None:
        tk.get_action("package_create")(context, {**read, "state": "draft"})
        return "created"
    stored = tk.get_action("package_show")(context.copy(), {"id": entry_id})
    columns = book.summary["columns"][line["sheet"]]
    if not changed(stored, read, columns):
        return "unchanged"
    tk.get_action("package_update")(context, taken_over(stored, read, columns))
    return "updated"
