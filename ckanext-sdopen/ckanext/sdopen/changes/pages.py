"""The feed of changes: Atom with tombstones after RFC 6721, and the same as JSON."""

from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import ckan.plugins.toolkit as tk
import flask

from ckanext.sdopen.linked_data import addresses

blueprint = flask.Blueprint("sdopen_changes", __name__)

_ATOM = "http://www.w3.org/2005/Atom"
_TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
_PARAMETERS = ("since", "after", "limit")


def _address(**parameters: str | None) -> str:
    given = {name: value for name, value in parameters.items() if value}
    ending = tk.request.path.rsplit(".", 1)[-1]
    path = f"{addresses.portal()}/feeds/sdopen/changes.{'json' if ending == 'json' else 'atom'}"
    return f"{path}?{urlencode(given)}" if given else path


def _page(change: dict[str, Any]) -> str:
    return str(addresses.page(change))


def _asked() -> dict[str, Any]:
    """The list of changes for the request's parameters, with the addresses of its pages."""
    given = {name: tk.request.args.get(name) for name in _PARAMETERS}
    try:
        answer: dict[str, Any] = tk.get_action("sdopen_change_list")({}, given)
    except tk.ValidationError as error:
        tk.abort(409, str(error))
    limit = given["limit"]
    following = _address(after=answer["next"], limit=limit) if answer["next"] else None
    return {
        **answer,
        "changes": [{**change, "url": _page(change)} for change in answer["changes"]],
        "self": _address(**given),
        "next": following,
        "later": _address(since=answer["until"], limit=limit),
    }


def _child(parent: ElementTree.Element, name: str, text: str = "", **attributes: str) -> None:
    ElementTree.SubElement(parent, f"{{{_ATOM}}}{name}", attributes).text = text or None


def _entry(feed: ElementTree.Element, change: dict[str, Any]) -> None:
    if change["change"] == "withdrawn":
        attributes = {"ref": f"urn:uuid:{change['id']}", "when": change["when"]}
        stone = ElementTree.SubElement(feed, f"{{{_TOMBSTONES}}}deleted-entry", attributes)
        _child(stone, "link", href=change["url"])
        return
    entry = ElementTree.SubElement(feed, f"{{{_ATOM}}}entry")
    _child(entry, "id", f"urn:uuid:{change['id']}")
    _child(entry, "title", change["title"])
    _child(entry, "updated", change["when"])
    _child(entry, "link", rel="alternate", type="text/html", href=change["url"])
    _child(entry, "link", rel="alternate", type="text/turtle", href=change["url"] + ".ttl")
    author = ElementTree.SubElement(entry, f"{{{_ATOM}}}author")
    _child(author, "name", change["department"] or tk.config["ckan.site_title"])


@blueprint.route("/feeds/sdopen/changes")
@blueprint.route("/feeds/sdopen/changes.atom", endpoint="atom")
def changes() -> flask.Response:
    """A page of the changes as an Atom feed."""
    answer = _asked()
    ElementTree.register_namespace("", _ATOM)
    ElementTree.register_namespace("at", _TOMBSTONES)
    feed = ElementTree.Element(f"{{{_ATOM}}}feed")
    _child(feed, "id", f"{addresses.portal()}/feeds/sdopen/changes.atom")
    _child(feed, "title", tk.config["ckan.site_title"] or addresses.portal())
    _child(feed, "updated", answer["until"])
    _child(feed, "link", rel="self", type="application/atom+xml", href=answer["self"])
    if answer["next"]:
        _child(feed, "link", rel="next", type="application/atom+xml", href=answer["next"])
    for change in answer["changes"]:
        _entry(feed, change)
    text = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return flask.Response(text, content_type="application/atom+xml; charset=utf-8")


@blueprint.route("/feeds/sdopen/changes.json", endpoint="json")
def changes_as_json() -> flask.Response:
    """The same page as JSON; `later` is the address to ask again later."""
    return flask.jsonify(_asked())
