"""The “6+N” libraries: base, theme and general ones, each with the entries in it."""

from typing import Any

import ckan.plugins.toolkit as tk
import flask
from ckan.lib.helpers import Page

from ckanext.sdopen import codes
from ckanext.sdopen.language import language

blueprint = flask.Blueprint("sdopen_libraries", __name__)
# 六大基础库、主题库、通用业务库
LIBRARY_KINDS = ("base", "theme", "general")


def _kind_titles() -> dict[str, str]:
    return {
        "base": tk._("Base libraries"),
        "theme": tk._("Theme libraries"),
        "general": tk._("General libraries"),
    }


def _counted() -> dict[str, int]:
    """{library: entries in it that the reader may read}; one search."""
    asked = {"rows": 0, "facet.field": ["library"], "facet.limit": -1, "include_private": True}
    found: dict[str, int] = tk.get_action("package_search")({}, asked)["facets"].get("library", {})
    return found


@blueprint.route("/library/")
def index() -> str:
    """All libraries by kind, with how much each holds."""
    counted, lang, titles = _counted(), language(), _kind_titles()
    groups = []
    for kind in LIBRARY_KINDS:
        libraries = [
            {"name": c.value, "title": c.label(lang), "count": counted.get(c.value, 0)}
            for c in codes.load("library")
            if c.more["kind"] == kind
        ]
        groups.append({"name": kind, "title": titles[kind], "libraries": libraries})
    return tk.render("sdopen/portal/libraries.html", {"groups": groups})


@blueprint.route("/library/<name>")
def read(name: str) -> str:
    """The entries of a library, found by words as everywhere."""
    known = codes.load("library")
    if name not in known:
        tk.abort(404, tk._("There is no such library"))
    query, page = tk.request.args.get("q", ""), tk.h.get_page_number(tk.request.args)
    rows = tk.config["ckan.datasets_per_page"]
    asked = {
        "q": query,
        "fq": f'library:"{name}"',
        "rows": rows,
        "start": (page - 1) * rows,
        "include_private": True,
        "facet": False,
    }
    # a plain query climbs the ladder with the reader's labels
    reader = {"user": tk.current_user.name, "auth_user_obj": tk.current_user}
    found: dict[str, Any] = tk.get_action("package_search")(reader, asked)

    def address(page: int) -> str:
        kept = {"q": query} if query else {}
        return str(tk.url_for("sdopen_libraries.read", name=name, page=page, **kept))

    pages = Page(
        collection=found["results"],
        page=page,
        url=address,
        item_count=found["count"],
        items_per_page=rows,
    )
    pages.items = found["results"]
    code = known[name]
    shown = {"name": name, "title": code.label(language()), "kind": code.more["kind"]}
    return tk.render(
        "sdopen/portal/library.html",
        {
            "library": shown,
            "kind": _kind_titles()[code.more["kind"]],
            "page": pages,
            "q": query,
            "count": found["count"],
        },
    )
