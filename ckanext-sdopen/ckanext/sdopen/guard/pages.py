"""What the application answers where a request itself is out of order."""

import re
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.search import SearchError, SearchQueryError
from flask import Blueprint, request
from flask.sansio.blueprints import BlueprintSetupState

from ckanext.sdopen.guard.answers import Answer, answer, is_api
from ckanext.sdopen.guard.requests import bounds

blueprint = Blueprint("sdopen_guard", __name__)
# an error of Solr's that is not HTTP 400, its word for a query that it cannot read
_SOLR_FAILED = re.compile(r"SOLR returned an error running query(?!.*\(HTTP 400\))", re.DOTALL)


def bound() -> None:
    """Refuse what is too much before anything reads it."""
    bounds.refuse_long_head(request)
    bounds.bound_body(request, not tk.current_user.is_anonymous)


@blueprint.record
def bound_first(state: BlueprintSetupState) -> None:
    """Put the bounds behind CKAN's own first work, which says who asks, and before all else."""
    state.app.before_request_funcs.setdefault(None, []).insert(1, bound)


@blueprint.app_context_processor
def no_facets() -> dict[str, Any]:
    """What a list of entries shows beside itself where its query was wrong: CKAN sets nothing."""
    return {"search_facets": {}}


def _answer(code: int, kind: str, error: dict[str, Any], sentence: str) -> Answer:
    return answer(code, kind, sentence, error, name=tk._("The request is wrong"))


@blueprint.app_errorhandler(bounds.OutOfBounds)
def out_of_bounds(error: bounds.OutOfBounds) -> Answer:
    """More than a setting allows."""
    kind = "Too Large" if error.code in (413, 414, 431) else "Bad Request"
    return _answer(error.code or 400, kind, {"message": error.sentence}, error.sentence)


@blueprint.app_errorhandler(tk.ValidationError)
def odd_input(error: tk.ValidationError) -> Answer:
    """Input that a page handed to an action as it came, and that was refused there."""
    sentences = [
        f"{name}: {'; '.join(map(str, told)) if isinstance(told, list) else told}"
        for name, told in error.error_dict.items()
    ]
    code = 409 if is_api() else 400
    return _answer(code, "Validation Error", error.error_dict, " ".join(sentences))


@blueprint.app_errorhandler(SearchError)
def odd_search(error: SearchError) -> Answer:
    """A query that CKAN or Solr does not understand, of a page that does not say so itself."""
    if isinstance(error, SearchQueryError) or not _SOLR_FAILED.search(str(error)):
        message = tk._("The search does not understand this query; write plain words")
        return _answer(400, "Search Query Error", {"message": message}, message)
    message = tk._("The search does not answer at the moment; try again in a minute")
    return _answer(503, "Search Error", {"message": message}, message)


@blueprint.app_errorhandler(RecursionError)
def too_deep(error: RecursionError) -> Answer:
    """JSON nested beyond what the parser follows: the request is wrong, not the portal."""
    message = tk._("The request is nested too deeply; send it flat, as the documentation shows")
    return _answer(400, "Bad Request", {"message": message}, message)
