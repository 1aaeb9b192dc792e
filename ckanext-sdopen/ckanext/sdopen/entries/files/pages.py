"""What the application answers where a file cannot be kept, or is not there."""

import flask

blueprint = flask.Blueprint("sdopen_files", __name__)


@blueprint.after_app_request
def say_no_room(response: flask.Response) -> flask.Response:
    """A full storage is the portal's fault, and no mistake of who hands a file in."""
    if flask.g.get("sdopen_no_room"):
        response.status_code = 507
    return response
