"""Pages of departments' workbooks: the form, an export, a check, its result."""

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, request, send_file

from ckanext.sdopen.jobs.states import OPEN, State
from ckanext.sdopen.workbook.child_process import ANNOTATED
from ckanext.sdopen.workbook.form import export, template
from ckanext.sdopen.workbook.uploads import store
from ckanext.sdopen.workbook.uploads.actions import TooManyBooks

blueprint = Blueprint("sdopen_workbook", __name__, url_prefix="/workbook")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_BATCH = 200
_PER_PAGE = 200


def _file(path: Path, name: str, mimetype: str = _XLSX) -> Response:
    """A file as a download, never shown or kept by a browser or a proxy."""
    response = send_file(
        path.open("rb"), mimetype=mimetype, as_attachment=True, download_name=name, max_age=0
    )
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@blueprint.get("/template.xlsx")
def blank_form() -> Response:
    """The blank form; everyone may have it."""
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        template.write(Path(file.name))
        return _file(Path(file.name), "信息资源目录表.xlsx")


def _entries(owner_org: str, most: int) -> Iterator[tuple[dict[str, Any], str]]:
    """(catalog, title of its provider) of a department, those that the caller may read."""
    asked: dict[str, Any] = {
        "fq": f'owner_org:"{owner_org}" dataset_type:"dataset"',
        "include_private": True,
        "include_drafts": True,
        "sort": "id asc",
        "rows": _BATCH,
    }
    for start in range(0, most, _BATCH):
        found = tk.get_action("package_search")({}, {**asked, "start": start})["results"]
        for entry in found:
            yield entry, (entry.get("organization") or {}).get("title", "")
        if len(found) < _BATCH:
            return


@blueprint.get("/export/<owner_org>.xlsx")
def exported(owner_org: str) -> Response:
    """The catalogs of a department that the caller may read, as a workbook of the form."""
    _cataloguer()
    try:
        department = tk.get_action("organization_show")({}, {"id": owner_org})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return tk.abort(404, tk._("There is no such department"))
    most = tk.config["ckanext.sdopen.workbook.export_limit"]
    if department["package_count"] > most:
        message = tk._(
            "The department has more than {most} entries; ask the operator for an export"
        )
        return tk.abort(413, message.format(most=most))
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        export.write(Path(file.name), _entries(department["id"], most), sourced=True)
        return _file(Path(file.name), f"{department['title']}.xlsx")


def _cataloguer() -> None:
    """The pages are for cataloguers; others are told so."""
    try:
        tk.check_access("sdopen_workbook_list", {}, {})
    except tk.NotAuthorized as error:
        tk.abort(403, str(error))


def _index(errors: list[str], status: int = 200) -> Response:
    permitted = {"permission": "create_dataset"}
    departments = tk.get_action("organization_list_for_user")({}, permitted)
    books = tk.get_action("sdopen_workbook_list")({}, {})
    limit = tk.config["ckanext.sdopen.workbook.megabytes"]
    days = tk.config["ckanext.sdopen.workbook.days"]
    page = tk.render(
        "sdopen/workbook/workbooks.html",
        {
            "books": books,
            "departments": departments,
            "errors": errors,
            "limit": limit,
            "days": days,
        },
    )
    return Response(page, status=status)


@blueprint.get("")
def index() -> Response:
    """The form, the export, and the books that the caller may see."""
    _cataloguer()
    return _index([])


@blueprint.post("")
def check() -> Response:
    """Queue the check of an uploaded book, then show how far it is."""
    _cataloguer()
    asked = {"upload": request.files.get("upload"), "wait": 0}
    try:
        book = tk.get_action("sdopen_workbook_check")({}, asked)
    except TooManyBooks as error:
        return _index(error.error_dict["upload"], 429)
    except tk.ValidationError as error:
        return _index(error.error_dict["upload"], 400)
    return tk.redirect_to("sdopen_workbook.checking", job_id=book["check"]["job"])


@blueprint.get("/check/<job_id>")
def checking(job_id: str) -> Response:
    """How far a check is; the page asks again by itself until it leads to the result."""
    _cataloguer()
    try:
        job = tk.get_action("sdopen_job_show")({}, {"id": job_id})
    except tk.ObjectNotFound as error:
        return tk.abort(404, str(error))
    if job["state"] == State.DONE:
        return tk.redirect_to("sdopen_workbook.result", book_id=job["subject"])
    if job["state"] in OPEN:
        response = Response(tk.render("sdopen/workbook/checking.html", {"job": job}))
        response.headers["Cache-Control"] = "private, no-store"
        return response
    return _index([job["error"] or tk._("The check was ended before its time.")], 400)


def _shown(book_id: str, **more: Any) -> dict[str, Any]:
    try:
        return tk.get_action("sdopen_workbook_show")({}, {"id": book_id, **more})
    except (tk.ObjectNotFound, tk.ValidationError) as error:
        return tk.abort(404, str(error))


@blueprint.get("/<book_id>")
def result(book_id: str) -> str | Response:
    """The result of a check: kinds of findings, then each at its cell."""
    asked = request.args.get("page", "1")
    page = int(asked) if re.fullmatch(r"[1-9]\d{0,5}", asked) else 1
    book = _shown(book_id, offset=(page - 1) * _PER_PAGE, limit=_PER_PAGE)
    summary = book["summary"]
    if not summary:
        job = book["check"].get("job")
        if job is None:
            return tk.abort(404, tk._("There is no such workbook, or its days are over"))
        return tk.redirect_to("sdopen_workbook.checking", job_id=job)
    pages = max(1, -(-(summary["errors"] + summary["warnings"]) // _PER_PAGE))
    return tk.render("sdopen/workbook/workbook.html", {"book": book, "page": page, "pages": pages})


@blueprint.get("/<book_id>/annotated.xlsx")
def annotated(book_id: str) -> Response:
    """The annotated copy."""
    book = _shown(book_id, limit=0)
    if not book["annotated"]:
        return tk.abort(404, tk._("There is no annotated copy"))
    stem = Path(book["name"]).stem
    return _file(store.folder_of(book_id) / ANNOTATED, f"{stem}-批注.xlsx")


@blueprint.get("/<book_id>/original")
def original(book_id: str) -> Response:
    """The book as it was handed in."""
    book = _shown(book_id, limit=0)
    if not book["summary"]:
        return tk.abort(404, tk._("The workbook is still being checked"))
    path = store.folder_of(book_id) / store.ORIGINAL
    return _file(path, book["name"], "application/octet-stream")


@blueprint.post("/<book_id>/delete")
def delete(book_id: str) -> Response:
    """Remove a book."""
    try:
        tk.get_action("sdopen_workbook_delete")({}, {"id": book_id})
    except tk.ObjectNotFound as error:
        return tk.abort(404, str(error))
    tk.h.flash_success(tk._("The workbook was removed."))
    return tk.redirect_to("sdopen_workbook.index")


@blueprint.post("/<book_id>/import")
def take_over(book_id: str) -> Response:
    """Import the sound entries in the background."""
    try:
        tk.get_action("sdopen_workbook_import")({}, {"id": book_id})
    except tk.ObjectNotFound as error:
        return tk.abort(404, str(error))
    except tk.ValidationError as error:
        tk.h.flash_error(error.error_dict["id"][0])
    else:
        tk.h.flash_success(tk._("The import has begun; this page shows how far it is."))
    return tk.redirect_to("sdopen_workbook.result", book_id=book_id)
