"""What the application answers where a request itself is out of order."""

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, jsonify, request

blueprint = Blueprint("sdopen_guard", __name__)


@blueprint.app_errorhandler(RecursionError)
def too_deep(error: RecursionError) -> tuple[Response | str, int]:
    """JSON nested beyond what the parser follows: the request is wrong, not the portal."""
    message = tk._("The request is nested too deeply; send it flat, as the documentation shows")
    if "/api/" in request.path:
        return jsonify(success=False, error={"__type": "Bad Request", "message": message}), 400
    return tk.render("error_document_template.html", {"code": 400, "content": message}), 400
