"""Actions on published tables: load one, see how it is, its findings, its rows."""

from typing import Any

import ckan.plugins.toolkit as tk
import orjson
from ckan import model
from ckan.types import Context

from ckanext.sdopen.access import visibility
from ckanext.sdopen.parameters import whole_number
from ckanext.sdopen.table_publishing import downloads, reading
from ckanext.sdopen.table_publishing.loading import kept, queueing, source
from ckanext.sdopen.table_publishing.showing import asked, shown
from ckanext.sdopen.table_publishing.written import standing
from ckanext.sdopen.tables import history, settings

__all__ = [
    "sdopen_table_findings",
    "sdopen_table_load",
    "sdopen_table_query",
    "sdopen_table_show",
]

_MOST_FINDINGS = 1_000


def sdopen_table_load(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Load the file of a resource, uploaded or linked, as its table, in the background.

    The version before is read until the new one is whole. Asked again while it is loaded, the call
    gives the same job.

    Args:
        data_dict: `resource_id`.

    Returns:
        `{"resource_id", "job": its id, for sdopen_job_show and sdopen_job_cancel}`.

    Raises:
        ObjectNotFound: no such resource, or the caller may not read it.
        NotAuthorized: the caller may not change its entry.
        ValidationError: it has no file to load from.

    `curl -H "Authorization: $TOKEN" -d resource_id=$ID $PORTAL/api/3/action/sdopen_table_load`
    """
    resource = asked.resource(context, data_dict, "sdopen_table_load")
    file = source.of(resource)
    if file is None:
        message = tk._("It has neither an uploaded file nor an http(s) address to load from")
        raise tk.ValidationError({"resource_id": [message]})
    account = model.User.get(context["user"])
    if account is None:
        raise tk.NotAuthorized(tk._("Only an account loads a table"))
    job = queueing.queue(resource, file, account.id)
    model.Session.commit()
    return {"resource_id": resource.id, "job": job}


@tk.side_effect_free
def sdopen_table_show(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Show the table of a resource: its version, the versions before, for editors the last load.

    Args:
        data_dict: `resource_id`.

    Returns:
        `{"resource_id", "version": {"number", "hash", "rows", "bytes", "created", "name",
        "columns": [{"name", "kind", "length", "unit", …}]} or null, "history": [{"number", "hash",
        "rows", "bytes", "created", "columns": how many, "removed"}]}`; for who may change the entry
        also `"load": {"id", "state", "stage": fetching, reading, making, findings or publishing,
        "done", "total", "ahead", "error"} or null` of its present file or of the last publication
        of what clients wrote, `"written": whether clients write it`, and `"last": {"ended",
        "file", "source", "number", "rows", "refused": a sentence or null, "remarks", "summary":
        {"rows", "left_out", "bad_rows", "bad_cells", "counts", "columns"}, "files": addresses of
        files} or null`, the last load that ended.

    Raises:
        ObjectNotFound: no such resource, or the caller may not read it.
        NotAuthorized: its tables are given on application only.

    `curl "$PORTAL/api/3/action/sdopen_table_show?resource_id=$ID"`
    """
    part = visibility.TABLE
    resource = asked.resource(context, data_dict, "sdopen_table_show", part)
    found = history.current(resource.id)
    told = {
        "resource_id": resource.id,
        "version": shown.current(found),
        "history": shown.versions(resource.id),
    }
    try:
        tk.check_access("sdopen_table_findings", context, data_dict)
    except tk.NotAuthorized:
        return told
    written = standing.loaded(resource.id) is None and standing.has_copy(resource.id)
    load = shown.job(resource, written)
    return {**told, "written": written, "load": load, "last": shown.last(resource.id)}


@tk.side_effect_free
def sdopen_table_findings(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """List what is wrong in the cells of the file that was loaded last, published or not.

    Args:
        data_dict: `resource_id`; `offset` (up to `ckanext.sdopen.tables.marked_findings`; all stand
            in the CSV) and `limit` (at most 1000).

    Returns:
        `{"resource_id", "ended", "count", "findings": [{"row": as in the file, from 1, "column",
        "rule", "value", "message"}], "files": {"findings": address of all as CSV, "rows": of the
        wrong rows as CSV, "book": as a workbook with the wrong cells coloured, "marked": the
        department's own workbook so}}`, those that there are.

    Raises:
        ObjectNotFound: no such resource, the caller may not read it, or it was never loaded.
        NotAuthorized: the caller may not change its entry.

    `curl -H "Authorization: $TOKEN" "$PORTAL/api/3/action/sdopen_table_findings?resource_id=$ID"`
    """
    resource = asked.resource(context, data_dict, "sdopen_table_findings")
    begin = whole_number(data_dict, "offset", 0, most=settings.limits().marked, capped=True)
    count = whole_number(data_dict, "limit", 100, most=_MOST_FINDINGS, capped=True)
    load = kept.last(resource.id)
    if load is None:
        raise tk.ObjectNotFound(tk._("This table was never loaded"))
    found = [
        {
            "row": int(row),
            "column": column,
            "rule": rule,
            "value": value,
            "message": shown.said({"zh": zh, "en": en}),
        }
        for row, column, rule, value, zh, en in kept.findings(load, begin, count)
    ]
    return {
        "resource_id": resource.id,
        "ended": load.ended,
        "count": load.summary.get("bad_cells", 0),
        "findings": found,
        "files": shown.addresses(load),
    }


@tk.side_effect_free
def sdopen_table_query(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Ask a loaded table: rows, counts, values with counts, groups.

    Args:
        data_dict: `resource_id`; `query`, an object or its JSON text, as docs/tables.md describes:
            `{"ask": "rows", "filters": [{"column", "op", "value"}], "q", "sort", "fields",
            "limit", "offset", "after"}` and its kin.

    Returns:
        `{"resource_id", "version": hash of what answered, "columns", "rows": [[…]], "more",
        "after"}`.

    Raises:
        ObjectNotFound: no such resource, the caller may not read it, or it has no loaded table.
        NotAuthorized: its tables are given on application only.
        ValidationError: the question cannot be asked; the sentence says what, where, what to do.

    `curl -G $PORTAL/api/3/action/sdopen_table_query -d resource_id=$ID \
        --data-urlencode 'query={"ask": "count", "q": "药店"}'`
    """
    resource = asked.resource(context, data_dict, "sdopen_table_query", visibility.TABLE)
    question = _question(data_dict.get("query"))
    found = history.current(resource.id)
    if found is None:
        raise tk.ObjectNotFound(tk._("This resource has no loaded table"))
    answer = reading.ask(reading.given(found.entry, found.version), question)
    downloads.note(resource.id)
    return {"resource_id": resource.id, "version": found.version.hash, **answer}


def _question(given: Any) -> dict[str, Any]:
    try:
        question = orjson.loads(given) if isinstance(given, str) and given else given or {}
    except orjson.JSONDecodeError:
        question = None
    if not isinstance(question, dict):
        raise tk.ValidationError({"query": [tk._("Give the question as a JSON object")]})
    return question
