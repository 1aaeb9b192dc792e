"""Topics as groups of the portal; addresses of topics of other sets lead to those of the active."""

from collections.abc import Iterator
from typing import cast

import ckan.plugins.toolkit as tk
import flask
import flask.typing
from ckan import model
from ckan.types import Context

from ckanext.sdopen import codes
from ckanext.sdopen.bulk.batch import SILENT
from ckanext.sdopen.departments.batch import batch
from ckanext.sdopen.departments.batch.group_types import TOPIC

blueprint = flask.Blueprint("sdopen_topics", __name__)


def make() -> Iterator[bool]:
    """Make the topics of the active set that the portal lacks; for each, whether it was made."""
    have = {
        row[0] for row in model.Session.query(model.Group.name).filter(model.Group.type == "topic")
    }
    site_user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    wanted = list(codes.load("topics"))
    new = [{"name": one.value, "title": one.zh} for one in wanted if one.value not in have]
    if new:
        # nobody did this work: it leaves no activities
        silent = {"user": site_user, "ignore_auth": True, SILENT: True}
        batch.upsert(cast(Context, silent), TOPIC, new, run="", key="")
    for one in wanted:
        yield one.value not in have


@blueprint.before_app_request
def lead_on() -> flask.typing.ResponseReturnValue | None:
    """Answer 301 at the page of a topic of another set."""
    if tk.request.endpoint != "topic.read":
        return None
    asked = str((tk.request.view_args or {}).get("id") or "")
    topic = codes.load("topics").find(asked)
    if topic is None or topic == asked:
        return None
    return flask.redirect(tk.url_for("topic.read", id=topic), code=301)
