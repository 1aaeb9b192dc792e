"""The style sheet that an administrator writes at /ckan-admin/config, as an address of its own.

CKAN writes it into each page, where a browser that keeps to the policy does not take it.
"""

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response

blueprint = Blueprint("sdopen_style", __name__)


@blueprint.get("/sdopen/custom.css")
def custom() -> Response:
    """The style sheet as it is now."""
    return Response(str(tk.g.site_custom_css or ""), mimetype="text/css")
