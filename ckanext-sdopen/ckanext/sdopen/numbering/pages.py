"""Routes of the catalog: old addresses, and the page of the classification."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from flask import Blueprint, Response, redirect, request

from ckanext.sdopen.numbering import aliases
from ckanext.sdopen.sheets.charsets import Undecodable, decoded

blueprint = Blueprint("sdopen_catalog", __name__)
_FILE_LIMIT = 5 * 1024 * 1024
_ENTRY_PAGES = ("dataset.read", "interface.read")


@blueprint.before_app_request
def lead_from_aliases() -> Any:
    """301 from the address of another code to the entry's own, where the caller may read it."""
    name = str((request.view_args or {}).get("id") or "")
    if request.endpoint not in _ENTRY_PAGES or model.Package.get(name):
        return None
    target = aliases.entry_id(name)
    if target is None:
        return None
    try:
        entry = tk.get_action("package_show")({}, {"id": target})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return None  # answered like an address that leads nowhere
    return redirect(tk.h.url_for(f"{entry['type']}.read", id=entry["name"]), code=301)


def _region() -> str:
    return str(request.values.get("region") or tk.config["ckanext.sdopen.portal.region"])


def _page(table: str, errors: list[str], region: str, status: int = 200) -> Response:
    may_change = _may_change(region)
    page = tk.render(
        "sdopen/numbering/classification.html",
        {"table": table, "errors": errors, "region": region, "may_change": may_change},
    )
    return Response(page, status=status)


def _may_change(region: str) -> bool:
    try:
        tk.check_access("sdopen_classification_update", {}, {"region": region})
    except tk.NotAuthorized:
        return False
    return True


def _text(error: tk.ValidationError) -> list[str]:
    return [text for texts in error.error_dict.values() for text in texts]


@blueprint.get("/classification")
def classification() -> Response:
    """The tree 类, 项, 目, 细目 of a region; its data authority may change it here."""
    try:
        shown = tk.get_action("sdopen_classification_show")({}, {"region": _region()})
    except tk.ValidationError as error:
        return tk.abort(404, "；".join(_text(error)))
    return _page(shown["table"], [], shown["region"])


@blueprint.get("/classification.tsv")
def classification_file() -> Response:
    """The tree as a file that a spreadsheet opens and that can be sent back."""
    try:
        shown = tk.get_action("sdopen_classification_show")({}, {"region": _region()})
    except tk.ValidationError as error:
        return tk.abort(404, "；".join(_text(error)))
    headers = {
        "Content-Disposition": f'attachment; filename="classification-{shown["region"]}.tsv"'
    }
    text = "\ufeff" + shown["table"]
    return Response(text, mimetype="text/tab-separated-values", headers=headers)


@blueprint.post("/classification")
def change_classification() -> Response:
    """Replace the tree by the text of the page, or by a file."""
    region = _region()
    table = request.form.get("table", "")
    file = request.files.get("file")
    try:
        if file and file.filename:
            table = _decoded(file.stream.read(_FILE_LIMIT + 1))
        tk.get_action("sdopen_classification_update")({}, {"region": region, "table": table})
    except tk.NotAuthorized:
        return tk.abort(403, tk._("Only the data authority of the region may do this"))
    except tk.ValidationError as error:
        return _page(table, _text(error), region, 400)
    tk.h.flash_success(tk._("The classification was replaced."))
    return tk.redirect_to("sdopen_catalog.classification", region=region)


def _decoded(data: bytes) -> str:
    if len(data) > _FILE_LIMIT:
        message = tk._("The file is larger than {limit} MB")
        raise tk.ValidationError({"file": [message.format(limit=_FILE_LIMIT // 1024 // 1024)]})
    try:
        return decoded(data)
    except Undecodable:
        message = tk._("The file is neither UTF-8 nor GB18030 text")
        raise tk.ValidationError({"file": [message]}) from None
