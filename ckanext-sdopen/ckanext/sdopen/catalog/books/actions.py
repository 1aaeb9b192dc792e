"""Actions on departments' workbooks: hand one in, see the result, import what is sound."""

import datetime
from itertools import islice
from pathlib import Path
from typing import Any, NoReturn

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.sdopen import config
from ckanext.sdopen.catalog.books import access, importing, store
from ckanext.sdopen.catalog.books.store import DONE, WAITING, Uploaded
from ckanext.sdopen.catalog.fields import language
from ckanext.sdopen.catalog.workbook.confined import Bounds, Request, check_book
from ckanext.sdopen.catalog.workbook.messages import BookError
from ckanext.sdopen.catalog.workbook.package import MIB

__all__ = [
    "sdopen_workbook_check",
    "sdopen_workbook_delete",
    "sdopen_workbook_import",
    "sdopen_workbook_list",
    "sdopen_workbook_show",
]

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


def _request(path: Path) -> Request:
    bounds = Bounds(
        tk.config["ckanext.sdopen.workbook.memory_mb"], tk.config["ckanext.sdopen.workbook.seconds"]
    )
    today = datetime.datetime.now(tk.h.get_display_timezone()).date()
    return Request(path, config.profile(), today, language(), True, True, bounds)


def _shown(book: Uploaded) -> dict[str, Any]:
    return {
        "id": book.id,
        "name": book.name,
        "created": book.created,
        "expires": book.expires,
        "annotated": book.checked().annotated is not None,
        "summary": {k: v for k, v in book.summary.items() if k != "columns"},
        "import": book.progress,
    }


def _kept(context: Context, upload: Any) -> Uploaded:
    """Check an upload and keep it; of one that is refused nothing stays."""
    store.sweep()
    folder = store.new_folder()
    kept = False
    try:
        original = folder / store.ORIGINAL
        _received(upload, original)
        checked = check_book(_request(original), folder)
        secret = checked.confidential()
        if secret:
            _refuse(secret.sentence(language()))
        user = model.User.get(context["user"])
        name = Path(str(upload.filename).replace("\\", "/")).name[:200]
        book = store.keep(folder, user.id, name, access.regions_of(user), checked.summary)
        kept = True
    except BookError as error:
        _refuse(error.sentence(language()))
    finally:
        if not kept:
            store.discard(folder)
    return book


def sdopen_workbook_check(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Check a workbook and keep it, with its annotated copy, for its submitter and the authority.

    Args:
        data_dict: `upload`, the file (multipart): xlsx, xls or CSV.

    Returns:
        `{"id", "name", "created", "expires", "annotated": whether there is a copy, "summary":
        {"catalogs", "items", "faulty", "errors", "warnings", "kinds", "notes", …}, "import"}`.

    Raises:
        ValidationError: no file, or one that cannot be read; or it bears a mark of a state or work
            secret: then nothing of it is kept.
        NotAuthorized: the caller works in no department.

    `curl -H "Authorization: $TOKEN" -F upload=@a.xlsx $PORTAL/api/3/action/sdopen_workbook_check`
    """
    tk.check_access("sdopen_workbook_check", context, data_dict)
    upload = data_dict.get("upload")
    if upload is None or not getattr(upload, "filename", "") or not hasattr(upload, "stream"):
        _refuse(tk._("Choose a workbook: xlsx, xls or csv"))
    return _shown(_kept(context, upload))


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
    begin = _whole(data_dict, "offset", 0)
    count = min(_whole(data_dict, "limit", 200), _MOST_FINDINGS)
    found = list(islice(book.checked().findings(), begin, begin + count))
    return {**_shown(book), "findings": found}


def _whole(data_dict: dict[str, Any], name: str, default: int) -> int:
    value = str(data_dict.get(name, default))
    if not value.isascii() or not value.isdigit() or len(value) > 9:
        raise tk.ValidationError({name: [tk._("Give a whole number, 0 or more")]})
    return int(value)


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
    return [_shown(book) for book in store.all_books() if access.may_see(user, book)]


def sdopen_workbook_delete(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Remove a workbook and its annotated copy before their days are over.

    Args:
        data_dict: `id`.

    Raises:
        ObjectNotFound: no such workbook, or it is not the caller's to see.

    `curl -H "Authorization: $TOKEN" -d id=$ID $PORTAL/api/3/action/sdopen_workbook_delete`
    """
    book = _book(context, data_dict, "sdopen_workbook_delete")
    book.remove()
    return {"id": book.id}


def sdopen_workbook_import(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Create or update the sound entries of a workbook in the background, by the caller's rights.

    New entries are drafts; entries that say the same are left alone; those with errors are left
    out. `sdopen_workbook_show` tells how far it is.

    Args:
        data_dict: `id`.

    Returns:
        `{"id", "import": {"state": "waiting"}}`.

    Raises:
        ObjectNotFound: no such workbook, or it is not the caller's to see.
        ValidationError: it is being imported already.

    `curl -H "Authorization: $TOKEN" -d id=$ID $PORTAL/api/3/action/sdopen_workbook_import`
    """
    book = _book(context, data_dict, "sdopen_workbook_import")
    if book.progress.get("state", DONE) != DONE:
        raise tk.ValidationError({"id": [tk._("The workbook is being imported already")]})
    book.progress = {"state": WAITING}
    book.save()
    title = f"import of the workbook {book.id}"
    tk.enqueue_job(importing.import_book, [book.id, context["user"]], title=title)
    return {"id": book.id, "import": book.progress}
