"""Solr: its home under var/, made from the config set of the repository."""

import shutil
from pathlib import Path

from ckanext.sdopen.services import kept
from ckanext.sdopen.services.install import fingerprint
from ckanext.sdopen.services.layout import Layout

CORE = "ckan"


def source(layout: Layout) -> Path:
    """The home as the repository ships it."""
    return layout.config / "solr" / "home"


def config_fingerprint(layout: Layout) -> str:
    """A hash over schema and configuration: the index is rebuilt when it changes."""
    folder = source(layout) / "configsets"
    return fingerprint(sorted(path for path in folder.rglob("*") if path.is_file()))


def make_home(layout: Layout) -> None:
    """Copy the configuration into Solr's home; the index in it stays, a new home forgets it."""
    if not (layout.solr / CORE / "data").exists():
        kept.State(layout).forget("index")
    (layout.solr / "logs").mkdir(parents=True, exist_ok=True)
    for name in ("solr.xml", "log4j2.xml"):
        shutil.copy(source(layout) / name, layout.solr)
    shutil.rmtree(layout.solr / "configsets", ignore_errors=True)
    shutil.copytree(source(layout) / "configsets", layout.solr / "configsets")
    (layout.solr / CORE).mkdir(exist_ok=True)
    shutil.copy(source(layout) / CORE / "core.properties", layout.solr / CORE)


def environment(layout: Layout, heap: str = "1g") -> dict[str, str]:
    """What the Procfile's line for Solr needs."""
    classes = f"{layout.solr_build / 'classes'}:{layout.solr_build / 'lib'}/*"
    return {
        "SDOPEN_SOLR_CLASSES": classes,
        "SDOPEN_SOLR_HOME": str(layout.solr),
        "SDOPEN_SOLR_HEAP": heap,
    }
