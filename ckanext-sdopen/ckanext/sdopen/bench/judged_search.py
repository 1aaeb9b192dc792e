"""The judged queries asked of the portal as an anonymous visitor asks them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, partial
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
from ckanext.sdopen.search.meaning import model as model_of_meaning
from ckanext.sdopen.search.meaning import store

REAL = ("foshan", "guizhou")
_INSIDE = "real_inside"
_REAL = ("real", _INSIDE)
SETS = paths.PACKAGE / "tests" / "search" / "judged"


def anonymous(query: str, only: str = "") -> judging.SearchAnswer:
    """What an anonymous visitor finds, of it what the filter `only` leaves."""
    context = {"user": "", "auth_user_obj": model.AnonymousUser(), "ignore_auth": False}
    asked = {"q": query, "rows": 50, "fl": ["id"], **({"fq": only} if only else {})}
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


def _asked(half: str, is_inside: bool) -> list[judging.Outcome]:
    queries = judging.load(SETS / f"{half}.tsv")
    resolve = resolver(paths.CONFIG.resolve() / "sources")
    if is_inside:
        # the filter leaves what is judged; which step answers was chosen without it
        ask = partial(anonymous, only=f"source_id:({' OR '.join(REAL)})")
        return judging.judge(queries, resolve, ask)
    with _alone(half, _ids(half)):
        return judging.judge(queries, resolve, anonymous)


def measure_half(
    half: str, show_failed: bool = False, is_inside: bool = False
) -> Mapping[str, float]:
    """The figures of one half.

    Args:
        half: `sample` or `real`.
        show_failed: also name the queries without an answer among the first ten.
        is_inside: ask it within all that the portal holds, not its entries alone in the index.
    """
    outcomes = _asked(half, is_inside)
    for outcome in outcomes:
        if show_failed and not outcome.place:
            precision = "" if outcome.precision is None else f", {outcome.precision:.2f} right"
            click.echo(f"  {outcome.judged.query} ({outcome.count}{precision})", err=True)
    return judging.figures(outcomes)


def know_meanings() -> None:
    """Make the vectors of subjects that the background work has not made yet."""
    if model_of_meaning.is_wanted():
        model_of_meaning.load()
        store.refresh()


def measure(show_failed: bool = False) -> dict[str, Mapping[str, float]]:
    """{half: figures} of the halves whose entries the portal holds.

    `real_inside` is the real half asked among the entries of the sample province.
    """
    know_meanings()
    measured: dict[str, Mapping[str, float]] = {}
    for name, half, needed in (("sample", "sample", ()), *((n, "real", REAL) for n in _REAL)):
        missing = [source_id for source_id in needed if not _holds(source_id)]
        if missing:
            click.echo(f"{name}: left out, not in the portal: {', '.join(missing)}", err=True)
            continue
        measured[name] = measure_half(half, show_failed, is_inside=name == _INSIDE)
    return measured
