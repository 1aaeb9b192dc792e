"""Errors of the API, with the fields of RFC 9457 beside CKAN's own."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Response, json


def explain(response: Response) -> None:
    """Make an error of the API one JSON object: CKAN's fields, and those of a problem.

    CKAN answers with a page or with a bare text where no action was reached.
    """
    if response.status_code < HTTPStatus.BAD_REQUEST or response.is_streamed:
        return
    if response.mimetype == "text/html":
        told: Any = _unreached(response.status_code)
    elif response.mimetype == "application/json":
        told = response.get_json(silent=True)
    else:
        return
    if isinstance(told, str):
        told = _as_ckan(response.status_code, told)
    if isinstance(told, dict) and isinstance(told.get("error"), Mapping):
        response.set_data(json.dumps({**problem(response.status_code, told["error"]), **told}))
        response.mimetype = "application/json"


def problem(status: int, error: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of RFC 9457, with `errors`, where an error names fields.

    Args:
        status: of the answer.
        error: as CKAN tells it: `__type`, and `message` or {field: what is wrong with it}.
    """
    listed = [{"field": field, "message": said} for field, said in findings(error)]
    message = error.get("message")
    detail = message if isinstance(message, str) else "; ".join(one["message"] for one in listed)
    found: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    return {**found, "errors": listed} if listed else found


def findings(error: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """(path of the field, sentence) of what CKAN tells in objects and lists within each other."""
    if isinstance(error, Mapping):
        for name, told in error.items():
            if name not in ("__type", "message") or place:
                yield from findings(told, f"{place}.{name}" if place else str(name))
    elif isinstance(error, list):
        for index, told in enumerate(error):
            inner = isinstance(told, Mapping | list)
            yield from findings(told, f"{place}[{index}]" if inner else place)
    elif error not in (None, ""):
        yield place, str(error)


def _unreached(status: int) -> dict[str, Any]:
    sentences = {
        HTTPStatus.NOT_FOUND: tk._("The API has no such address"),
        HTTPStatus.METHOD_NOT_ALLOWED: tk._("This address of the API is not asked in this way"),
    }
    known = sentences.get(HTTPStatus(status), "")
    return _as_ckan(status, known or HTTPStatus(status).phrase)


def _as_ckan(status: int, message: str) -> dict[str, Any]:
    return {"success": False, "error": {"__type": HTTPStatus(status).phrase, "message": message}}
