"""Pages of a table's history, and of what is different between two versions of it."""

from typing import Any

import ckan.plugins.toolkit as tk
import flask

from ckanext.sdopen.access import readable
from ckanext.sdopen.table_publishing import downloads, pages
from ckanext.sdopen.table_publishing.comparing import addresses, differences, pairs, sheet
from ckanext.sdopen.table_publishing.comparing.kept import Kept
from ckanext.sdopen.table_publishing.comparing.pairs import Pair
from ckanext.sdopen.table_publishing.giving import found as finding
from ckanext.sdopen.table_publishing.giving.found import Found
from ckanext.sdopen.tables import history
from ckanext.sdopen.tables.history import Published

blueprint = flask.Blueprint("sdopen_versions", __name__)

# rows of a difference that its page shows
_SHOWN = 100
_ADDRESS = "/dataset/<id>/<table>/versions"


@blueprint.get(_ADDRESS)
def versions(id: str, table: str) -> Any:
    """The versions of a table, the newest first."""
    table_found = finding.find(id, table)
    known = history.history(table_found.resource.id)
    readable_ones = [one for one in known if one.removed is None]
    # each with the one before it, of which the file is there
    before = dict(zip((one.number for one in readable_ones), readable_ones[1:], strict=False))
    told = [(one, _moment(one), before.get(one.number)) for one in known]
    return tk.render(
        "sdopen/table_publishing/versions.html",
        {"pkg_dict": _entry(table_found), "found": table_found, "versions": told},
    )


@blueprint.get(f"{_ADDRESS}/<old>-<new>")
def difference(id: str, table: str, old: str, new: str) -> Any:
    """What is different between two versions: how much, and the first rows."""
    table_found, pair = _pair(id, table, old, new)
    kept, standing = differences.find(pair)
    more = {
        "pair": pair,
        "standing": standing,
        "summary": kept.summary if kept else None,
        "rows": _first_rows(kept),
        "columns": sheet.columns(pair),
        "sides": [(one, _moment(one)) for one in (pair.old, pair.new)],
        "csv": addresses.csv(table_found.entry.name, pair),
    }
    return tk.render(
        "sdopen/table_publishing/difference.html",
        {"pkg_dict": _entry(table_found), "found": table_found, **more},
    )


def _first_rows(kept: Kept | None) -> list[dict[str, Any]]:
    if kept is None:
        return []
    with kept:
        return list(kept.rows(0, _SHOWN))


@blueprint.get(f"{_ADDRESS}/<old>-<new>.csv")
def file(id: str, table: str, old: str, new: str) -> Any:
    """The rows of a difference as CSV; while it is made, its page tells how far it is."""
    table_found, pair = _pair(id, table, old, new)
    kept, _ = differences.find(pair)
    if kept is None:
        return flask.redirect(addresses.page(table_found.entry.name, pair))
    answer = flask.Response(sheet.lines(pair, kept), content_type="text/csv; charset=utf-8")
    answer.call_on_close(kept.close)
    name = f"{table_found.title}-{old}-{new}.csv"
    answer.headers["Content-Disposition"] = pages.disposition(pages.download_name(name, ".csv"))
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _pair(entry: str, table: str, old: str, new: str) -> tuple[Found, Pair]:
    table_found = finding.find(entry, table)
    if not (old.isdecimal() and new.isdecimal()):
        raise readable.not_found()
    try:
        pair = pairs.numbered(table_found.resource.id, int(old), int(new))
    except tk.ValidationError as error:
        raise tk.ObjectNotFound(" ".join(*error.error_dict.values())) from None
    downloads.note(table_found.resource.id)
    return table_found, pair


def _moment(one: Published) -> str:
    """When a version was made, by the portal's clock."""
    made = one.version.created.astimezone(tk.h.get_display_timezone())
    return made.strftime("%Y-%m-%d %H:%M")


def _entry(table_found: Found) -> dict[str, Any]:
    entry: dict[str, Any] = tk.get_action("package_show")({}, {"id": table_found.entry.id})
    return entry
