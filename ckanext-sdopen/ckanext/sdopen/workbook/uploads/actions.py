"""Actions on departments' workbooks: hand one in, see the result, import what is sound."""

from itertools import islice
from pathlib import Path
from typing import Any, NoReturn

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.sdopen.jobs import leases, queues, waiting
from ckanext.sdopen.jobs.states import State
from ckanext.sdopen.language import language
from ckanext.sdopen.parameters import whole_number
from ckanext.sdopen.sheets.xlsx.zip_archive import MIB
from ckanext.sdopen.workbook.messages import BookError
from ckanext.sdopen.workbook.uploads import access, standing, store
from ckanext.sdopen.workbook.uploads.check_job import WORKBOOK_CHECK
from ckanext.sdopen.workbook.uploads.import_job import WORKBOOK_IMPORT
from ckanext.sdopen.workbook.uploads.store import Uploaded

__all__ = [
    "sdopen_workbook_check",
    "sdopen_workbook_delete",
    "sdopen_workbook_import",
    "sdopen_workbook_list",
    "sdopen_workbook_show",
]


class TooManyBooks(tk.ValidationError):
    """As many books of the account wait as may; it is worth coming again when one is done."""


_CHUNK = 1 << 20
_MOST_FINDINGS = 1_000


def _refuse(message: str) -> NoReturn:
    raise tk.ValidationError({"upload": [message]})


def _received(upload: Any, path: Path) -> None:
    """Write the upload to a file, no more of it than is allowed."""
    limit = tk.config["ckanext.sdopen.workbook.megabytes"]
    left = limit * MIB
    with path.open("wb") as file:
        while chunk := upload.stream.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                raise BookError("book_too_large", size=f"> {limit}", limit=limit)
            file.write(chunk)


def _queued_upload(user: model.User, upload: Any) -> tuple[Uploaded, str]:
    """(the upload, kept, and the id of the job that checks it); of a refused one nothing stays."""
    most = int(tk.config["ckanext.sdopen.workbook.checks_at_once"])
    folder = store.new_folder()
    kept = False
    try:
        queues.refuse_beyond(WORKBOOK_CHECK, user.id, most)
        _received(upload, folder / store.ORIGINAL)
        name = Path(str(upload.filename).replace("\\", "/")).name[:200]
        book = store.save_book(folder, user.id, name, access.regions_of(user))
        payload = {"book": book.id}
        job = queues.enqueue(WORKBOOK_CHECK, payload, subject=book.id, account=user.id)
        model.Session.commit()
        kept = True
    except BookError as error:
        _refuse(error.sentence(language()))
    except queues.TooMany:
        message = tk._(
            "{most} of your workbooks wait for their check; hand in the next one when one is done"
        )
        raise TooManyBooks({"upload": [message.format(most=most)]}) from None
    finally:
        if not kept:
            model.Session.rollback()
            store.discard(folder)
    return book, job


def sdopen_workbook_check(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Check a workbook and keep it, with its annotated copy, for its submitter and the authority.

    It is checked in the background. The call waits for the result so long as it may; a longer
    check is asked for by `sdopen_workbook_show`, or by `sdopen_job_show` with the id of its job.

    Args:
        data_dict: `upload`, the file (multipart): xlsx, xls or CSV; `wait`, how many seconds the
            call may wait, at most `ckanext.sdopen.workbook.wait_seconds`, which also counts where
            it is missing.

    Returns:
        `{"id", "name", "created", "expires", "annotated": whether there is a copy, "check":
        {"state": done, or waiting or running with "job" and "ahead"}, "summary": {"catalogs",
        "items", "faulty", "errors", "warnings", "kinds", "notes", …}, empty before the check is
        done, "import"}`.

    Raises:
        ValidationError: no file, or one that cannot be read; or it bears a mark of a state or work
            secret: then nothing of it is kept; or as many of the account's wait as may.
        NotAuthorized: the caller works in no department.

    `curl -H "Authorization: $TOKEN" -F upload=@a.xlsx $PORTAL/api/3/action/sdopen_workbook_check`
    """
    tk.check_access("sdopen_workbook_check", context, data_dict)
    upload = data_dict.get("upload")
    if upload is None or not getattr(upload, "filename", "") or not hasattr(upload, "stream"):
        _refuse(tk._("Choose a workbook: xlsx, xls or csv"))
    most = int(tk.config["ckanext.sdopen.workbook.wait_seconds"])
    seconds = whole_number(data_dict, "wait", most, most=most, capped=True)
    book, job = _queued_upload(model.User.get(context["user"]), upload)
    ended = waiting.until_ended(job, seconds)
    if ended is not None and ended.state == State.FAILED:
        _refuse(ended.error)
    return standing.shown([store.find(book.id) or book])[0]


def _book(context: Context, data_dict: dict[str, Any], action: str) -> Uploaded:
    """The book of a call; one of others and one that is not there are the same."""
    try:
        tk.check_access(action, context, data_dict)
    except tk.NotAuthorized:
        raise tk.ObjectNotFound(tk._("There is no such workbook, or its days are over")) from None
    book = store.find(str(data_dict.get("id") or ""))
    if book is None:
        raise tk.ObjectNotFound(tk._("There is no such workbook, or its days are over"))
    return book


@tk.side_effect_free
def sdopen_workbook_show(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Show the result of a workbook's check.

    Args:
        data_dict: `id`; `offset` and `limit` (at most 1000) of its findings.

    Returns:
        As `sdopen_workbook_check`, with `findings`: `[{"severity", "code", "sheet", "cell",
        "resource_code", "title", "item", "path", "message"}]` in the order of the cells.

    Raises:
        ObjectNotFound: no such workbook, or it is not the caller's to see.

    `curl -H "Authorization: $TOKEN" "$PORTAL/api/3/action/sdopen_workbook_show?id=$ID"`
    """
    book = _book(context, data_dict, "sdopen_workbook_show")
    begin = whole_number(data_dict, "offset", 0)
    count = whole_number(data_dict, "limit", 200, most=_MOST_FINDINGS, capped=True)
    findings = book.checked().findings() if book.is_checked else iter(())
    found = list(islice(findings, begin, begin + count))
    return {**standing.shown([book])[0], "findings": found}


@tk.side_effect_free
def sdopen_workbook_list(context: Context, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """List the workbooks that the caller handed in, and those of departments that it governs.

    Returns:
        As `sdopen_workbook_check`, the newest first.

    Raises:
        NotAuthorized: the caller works in no department.

    `curl -H "Authorization: $TOKEN" $PORTAL/api/3/action/sdopen_workbook_list`
    """
    tk.check_access("sdopen_workbook_list", context, data_dict)
    user = context["user"]
    return standing.shown([one for one in store.all_books() if access.may_see(user, one)])


def sdopen_workbook_delete(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Remove a workbook and its annotated copy before their days are over.

    Args:
        data_dict: `id`.

    Raises:
        ObjectNotFound: no such workbook, or it is not the caller's to see.

    `curl -H "Authorization: $TOKEN" -d id=$ID $PORTAL/api/3/action/sdopen_workbook_delete`
    """
    book = _book(context, data_dict, "sdopen_workbook_delete")
    for kind in standing.jobs_of([book]).values():
        for job in kind.values():
            leases.cancel(job.id)
    book.remove()
    return {"id": book.id}


def sdopen_workbook_import(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Create or update the sound entries of a workbook in the background, by the caller's rights.

    New entries are drafts; entries that say the same are left alone; those with errors are left
    out. `sdopen_workbook_show` tells how far it is.

    Args:
        data_dict: `id`.

    Returns:
        `{"id", "import": {"state": "waiting", "job", …}}`.

    Raises:
        ObjectNotFound: no such workbook, or it is not the caller's to see.
        ValidationError: it is being imported or checked; or as many imports of the account's wait
            or run as may.

    `curl -H "Authorization: $TOKEN" -d id=$ID $PORTAL/api/3/action/sdopen_workbook_import`
    """
    book = _book(context, data_dict, "sdopen_workbook_import")
    if not book.is_checked:
        raise tk.ValidationError({"id": [tk._("The workbook is still being checked")]})
    user = model.User.get(context["user"])
    most = int(tk.config["ckanext.sdopen.workbook.imports_at_once"])
    try:
        queues.refuse_beyond(WORKBOOK_IMPORT, user.id, most)
        payload = {"book": book.id}
        queues.enqueue(WORKBOOK_IMPORT, payload, subject=book.id, account=user.id)
    except queues.AlreadyQueued:
        model.Session.rollback()
        message = tk._("The workbook is being imported already")
        raise tk.ValidationError({"id": [message]}) from None
    except queues.TooMany:
        model.Session.rollback()
        message = tk._("{most} of your imports wait or run; begin the next one when one is done")
        raise tk.ValidationError({"id": [message.format(most=most)]}) from None
    model.Session.commit()
    return {"id": book.id, "import": standing.shown([book])[0]["import"]}
