"""The page of the synonym table: everyone reads it, data authorities change it."""

import ckan.plugins.toolkit as tk
import flask

from ckanext.sdopen.sheets.charsets import Undecodable, decoded

blueprint = flask.Blueprint("sdopen_synonyms", __name__)
_SHOWN = 200


def _rows(table: str, wanted: str) -> list[list[str]]:
    """The table's rows that hold the wanted word; all where none is wanted."""
    rows = [line.split("\t") for line in table.splitlines()[1:] if line.strip()]
    word = wanted.strip().lower()
    return [row for row in rows if not word or any(word in cell.lower() for cell in row)]


@blueprint.route("/search/synonyms", methods=["GET"])
def synonyms() -> str:
    """Show the table, filtered by a word."""
    shown = tk.get_action("sdopen_synonyms_show")({}, {})
    wanted = tk.request.args.get("q", "")
    rows = _rows(shown["table"], wanted)
    return tk.render(
        "sdopen/search/synonyms.html",
        {"q": wanted, "rows": rows[:_SHOWN], "count": len(rows), "total": shown["groups"]},
    )


@blueprint.route("/search/synonyms.tsv", methods=["GET"])
def synonyms_file() -> flask.Response:
    """The table as a file that a spreadsheet opens."""
    shown = tk.get_action("sdopen_synonyms_show")({}, {})
    response = flask.Response("\ufeff" + shown["table"], mimetype="text/tab-separated-values")
    response.headers["Content-Disposition"] = "attachment; filename=synonyms.tsv"
    return response


@blueprint.route("/search/synonyms", methods=["POST"])
def replace_synonyms() -> flask.Response | str:
    """Take a changed table; one that is wrong changes nothing and says where."""
    sent = tk.request.files.get("table")
    try:
        table = decoded(sent.read()) if sent else ""
        groups = tk.get_action("sdopen_synonyms_update")({}, {"table": table})["groups"]
        tk.h.flash_success(tk._("The table was saved: {count} groups.").format(count=groups))
    except Undecodable:
        tk.h.flash_error(tk._("The file is neither UTF-8 nor GB18030 text"))
    except tk.ValidationError as error:
        tk.h.flash_error(
            tk._("Nothing was changed. {reason}").format(reason=error.error_dict["table"][0])
        )
    except tk.NotAuthorized as error:
        tk.abort(403, str(error))
    return tk.redirect_to("sdopen_synonyms.synonyms")
