"""The judged queries asked of the portal as an anonymous visitor asks them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import ckan.plugins.toolkit as tk
import click
from ckan import model
from ckan.lib.search import clear_all

from ckanext.sdopen import paths
from ckanext.sdopen.harvest import run
from ckanext.sdopen.harvest.reading import source
from ckanext.sdopen.identifiers.ids import entry_id_from_source
from ckanext.sdopen.index.documents import send
from ckanext.sdopen.sample import Province
from ckanext.sdopen.search import judging

REAL = ("foshan", "guizhou")
SETS = paths.PACKAGE / "tests" / "search" / "judged"


def anonymous(query: str) -> judging.SearchAnswer:
    """What an anonymous visitor finds."""
    context = {"user": "", "auth_user_obj": model.AnonymousUser(), "ignore_auth": False}
    asked = {"q": query, "rows": 50, "fl": ["id"]}
    result = tk.get_action("package_search")(context, asked)
    return judging.SearchAnswer(tuple(entry["id"] for entry in result["results"]), result["count"])


@cache
def _open_by_subject() -> Mapping[str, tuple[str, ...]]:
    province = Province()
    found: dict[str, list[str]] = {}
    for entries in (province.catalog_entries(), province.interface_entries()):
        for entry in entries:
            if entry.payload["opening"] != "none":
                found.setdefault(entry.subject.name, []).append(entry.id)
    return {subject: tuple(ids) for subject, ids in found.items()}


@cache
def _rows(name: str, folder: Path) -> Mapping[str, str]:
    """{id or row of a real catalog: id of its entry}, as the harvest scripts derive it."""
    entries, _ = run.gather(source.load(folder / f"{name}.yaml"))
    keys = {}
    for entry in entries:
        identity = entry_id_from_source("catalog", name, entry.key)
        for row in (entry.row, *entry.merged_rows):
            keys[entry.key if name == "foshan" else str(row)] = identity
    return keys


def resolver(sources: Path) -> Callable[[str], Iterable[str]]:
    """From a token of the judged sets to ids: `subject:…`, `foshan:id`, `guizhou:row`."""

    def resolve(token: str) -> Iterable[str]:
        kind, _, value = token.partition(":")
        if kind == "subject":
            return _open_by_subject().get(value, ())
        identity = _rows(kind, sources).get(value)
        return [identity] if identity else []

    return resolve


@contextmanager
def _alone(half: str, ids: Sequence[str]) -> Iterator[None]:
    """The entries of one half alone in the index, under a site id of their own.

    A query is judged against the entries that its judge has read, and no others.
    """
    own = tk.config["ckan.site_id"]
    tk.config["ckan.site_id"] = f"{own}_bench_{half}"
    try:
        send.index_entries(ids)
        send.make_visible()
        yield
    finally:
        clear_all()
        tk.config["ckan.site_id"] = own


def _ids(half: str) -> list[str]:
    """The public entries of a half."""
    if half == "sample":
        return [identity for ids in _open_by_subject().values() for identity in ids]
    rows = model.Session.query(model.Package.id).filter(
        model.Package.extras["source_id"].astext.in_(REAL), model.Package.state == "active"
    )
    return [row[0] for row in rows]


def _holds(source_id: str) -> bool:
    rows = model.Session.query(model.Package.id).filter(
        model.Package.extras["source_id"].astext == source_id
    )
    return bool(model.Session.query(rows.exists()).scalar())


def measure_half(half: str, show_failed: bool = False) -> Mapping[str, float]:
    """The figures of one half, its entries alone in the index."""
    queries = judging.load(SETS / f"{half}.tsv")
    resolve = resolver(paths.CONFIG.resolve() / "sources")
    with _alone(half, _ids(half)):
        outcomes = judging.judge(queries, resolve, anonymous)
    # the held-out half is never listed: whoever tunes must not see it
    if show_failed and half == "sample":
        for outcome in outcomes:
            if not outcome.place:
                click.echo(f"  {outcome.judged.query} ({outcome.count})", err=True)
    return judging.figures(outcomes)


def measure(show_failed: bool = False) -> dict[str, Mapping[str, float]]:
    """{half: figures} of the halves whose entries the portal holds."""
    measured: dict[str, Mapping[str, float]] = {}
    for half, needed in (("sample", ()), ("real", REAL)):
        missing = [name for name in needed if not _holds(name)]
        if missing:
            click.echo(f"{half}: left out, not in the portal: {', '.join(missing)}", err=True)
            continue
        measured[half] = measure_half(half, show_failed)
    return measured
