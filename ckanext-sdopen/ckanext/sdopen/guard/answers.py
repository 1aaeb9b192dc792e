"""A refusal of a request, to programs as the action API tells it, to people as a page."""

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Response, jsonify, request

Answer = tuple[Response | str, int]


def is_api() -> bool:
    """Whether a program asks; a language in front of the path is gone by now."""
    return request.path.startswith("/api/")


def answer(
    code: int, kind: str, sentence: str, error: Mapping[str, Any] | None = None, **shown: Any
) -> Answer:
    """The answer and its status.

    Args:
        code: the status.
        kind: `__type` of CKAN's errors.
        sentence: what is wrong, and what to do.
        error: what programs are told in place of `{"message": sentence}`.
        shown: what else the page shows, as its template names it.
    """
    if is_api():
        return jsonify(
            success=False, error={"__type": kind, **(error or {"message": sentence})}
        ), code
    page = tk.render("error_document_template.html", {"code": code, "content": sentence, **shown})
    return page, code
