"""What a killed rebuild left to be done, and whether another rebuild may go on with it.

It may while the index holds the mark of that rebuild, which a new or an emptied index does not,
and while documents are made as they were then.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from uuid import uuid4

import ckan.plugins.toolkit as tk

from ckanext.sdopen import paths
from ckanext.sdopen.ckan_seams.index_key import index_id
from ckanext.sdopen.index import solr
from ckanext.sdopen.index.rebuild.stripes import Stripe

_MARK = "sdopen-rebuild"
_SOLR = paths.CONFIG / "solr" / "home" / "configsets"
_FILES = ((paths.PACKAGE, "*.py"), (paths.SCHEMAS, "*.*"), (_SOLR, "*.*"))


def path() -> Path:
    """The file that keeps it."""
    return Path(tk.config["ckan.storage_path"] or ".") / "sdopen" / "rebuild.json"


# settings of how documents are sent and asked for, not of what is in them
_ABOUT_THE_WAY = (
    "ckanext.sdopen.search.",
    "ckanext.sdopen.process.",
    "ckanext.sdopen.directory.planner_hint",
)


def _settings() -> Iterator[str]:
    for name in sorted(tk.config):
        if name.startswith("ckanext.sdopen.") and not name.startswith(_ABOUT_THE_WAY):
            yield f"{name}={tk.config[name]}"


def _made_by() -> str:
    """A hash over what documents are made by: code, schemas, Solr's configuration, settings."""
    digest = hashlib.sha256("\n".join(_settings()).encode())
    for folder, pattern in _FILES:
        for file in sorted(folder.rglob(pattern)):
            digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def _is_marked(mark: str) -> bool:
    solr.soft_commit()
    doc = solr.stored_documents([_MARK], "id").get(_MARK)
    return doc is not None and doc["id"] == mark


class RebuildProgress:
    """The stripes of one rebuild, in a file beside the mark in the index."""

    def __init__(self) -> None:
        self._mark, self._made_by = uuid4().hex, _made_by()
        self._marked = False

    def left(self) -> list[Stripe]:
        """What an earlier rebuild left, none where this one may not go on with it.

        Raises:
            SolrSilent: it is unknown whether the index is the same.
        """
        try:
            kept = json.loads(path().read_text(encoding="utf-8"))
            stripes = [Stripe(**stripe) for stripe in kept["stripes"]]
            mark, made_by = kept["mark"], kept["made_by"]
        except (OSError, ValueError, TypeError, KeyError):
            return []
        if made_by != self._made_by or not _is_marked(mark):
            forget()
            return []
        self._mark, self._marked = mark, True
        return stripes

    def save(self, left: Sequence[Stripe]) -> None:
        """Keep what is left to be done, once Solr has written what is not."""
        if not self._marked:
            doc = {"id": self._mark, "index_id": index_id(_MARK), "entity_type": _MARK}
            solr.post([{**doc, "site_id": tk.config["ckan.site_id"]}])
            self._marked = True
        solr.hard_commit()
        kept = {"mark": self._mark, "made_by": self._made_by}
        part = path().with_suffix(".part")
        part.parent.mkdir(parents=True, exist_ok=True)
        stripes = [asdict(stripe) for stripe in left]
        part.write_text(json.dumps({**kept, "stripes": stripes}), encoding="utf-8")
        part.replace(path())

    def finish(self) -> None:
        """Nothing is left: wait until all can be found."""
        solr.remove([_MARK])
        solr.hard_commit(visible=True)
        forget()


def forget() -> None:
    """Begin the next rebuild from the beginning."""
    path().unlink(missing_ok=True)
