"""The pages of linked data: an entry, the whole directory page by page, topics, regions.

They stand before those of ckanext-dcat, which answer an unreadable entry by 403 and an unknown
format by 500 (blueprints.py, utils.py of 2.4.4).
"""

from typing import Any, NoReturn

import ckan.plugins.toolkit as tk
import flask

from ckanext.sdopen.linked_data import addresses, skos
from ckanext.sdopen.linked_data.formats import FORMATS, written
from ckanext.sdopen.numbering import aliases

blueprint = flask.Blueprint("sdopen_rdf", __name__)

_PARAMETERS = ("page", "q", "fq", "modified_since")


def _absent() -> NoReturn:
    tk.abort(404, tk._("Dataset not found"))
    raise AssertionError  # abort raises


def _wrong(error: tk.ValidationError) -> NoReturn:
    """Say which parameters are wrong, and how."""
    wrong = (f"{name}: {' '.join(texts)}" for name, texts in error.error_dict.items())
    tk.abort(409, "\n".join(wrong))
    raise AssertionError


def _answer(text: str, ending: str) -> flask.Response:
    media = f"{FORMATS[ending].media}; charset=utf-8"
    return flask.Response(text, content_type=media)


def _elsewhere(name: str, ending: str) -> flask.Response:
    """Lead from the address of another code to the entry's own, where the caller may read it."""
    target = aliases.entry_id(name)
    if target is None:
        _absent()
    try:
        shown = tk.get_action("package_show")({}, {"id": target})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        _absent()
    return flask.make_response(flask.redirect(f"{addresses.page(shown)}.{ending}", code=301))


def _profiles() -> list[str] | None:
    asked = tk.request.args.get("profiles")
    return asked.split(",") if asked else None


@blueprint.route("/dataset/<_id>.<_format>")
@blueprint.route("/interface/<_id>.<_format>", endpoint="interface")
def entry(_id: str, _format: str) -> flask.Response:
    """A catalog or an interface."""
    if _format not in FORMATS:
        _absent()
    asked: dict[str, Any] = {"id": _id, "format": _format, "profiles": _profiles()}
    try:
        return _answer(tk.get_action("dcat_dataset_show")({}, asked), _format)
    except tk.ObjectNotFound:
        return _elsewhere(_id, _format)
    except tk.ValidationError as error:
        _wrong(error)
    raise AssertionError


@blueprint.route("/catalog.<_format>")
def catalog(_format: str) -> flask.Response:
    """A page of the directory."""
    if _format not in FORMATS:
        _absent()
    asked: dict[str, Any] = {name: tk.request.args.get(name) for name in _PARAMETERS}
    asked |= {"format": _format, "profiles": _profiles()}
    try:
        return _answer(tk.get_action("dcat_catalog_show")({}, asked), _format)
    except tk.ObjectNotFound as error:
        tk.abort(404, str(error))
    except tk.ValidationError as error:
        _wrong(error)
    raise AssertionError


@blueprint.route("/<any(topic, region):kind>-scheme", defaults={"_format": "ttl"})
@blueprint.route("/<any(topic, region):kind>-scheme.<_format>")
def scheme(kind: str, _format: str) -> flask.Response:
    """The scheme of topics or of regions."""
    if _format not in FORMATS:
        _absent()
    return _answer(written(skos.of_kind(kind), _format), _format)
