"""Solr: its home under var/, made from the config set of the repository."""

import base64
import hashlib
import secrets
import shutil
from pathlib import Path
from typing import Any

from ckanext.sdopen.services import stack_state
from ckanext.sdopen.services.addresses import SOLR_USER
from ckanext.sdopen.services.install import privacy
from ckanext.sdopen.services.install.install import fingerprint
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
        stack_state.State(layout).forget("index")
    (layout.solr / "logs").mkdir(parents=True, exist_ok=True)
    for name in ("solr.xml", "log4j2.xml"):
        shutil.copyfile(source(layout) / name, layout.solr / name)
    shutil.rmtree(layout.solr / "configsets", ignore_errors=True)
    shutil.copytree(source(layout) / "configsets", layout.solr / "configsets")
    privacy.close(layout.solr / "configsets")
    (layout.solr / CORE).mkdir(exist_ok=True)
    password = stack_state.stack_secrets(layout)["solr"]
    stack_state.write(layout.solr / "security.json", security(password))
    core = Path(CORE, "core.properties")
    shutil.copyfile(source(layout) / core, layout.solr / core)


def security(password: str) -> dict[str, Any]:
    """What makes Solr ask for a name and a password, as its BasicAuthPlugin reads it.

    It keeps the SHA-256 of the SHA-256 of salt and password, and the salt.
    """
    salt = secrets.token_bytes(32)
    digest = hashlib.sha256(hashlib.sha256(salt + password.encode()).digest()).digest()
    kept = " ".join(base64.b64encode(part).decode() for part in (digest, salt))
    return {
        "authentication": {
            "class": "solr.BasicAuthPlugin",
            "blockUnknown": True,
            "credentials": {SOLR_USER: kept},
        },
        "authorization": {
            "class": "solr.RuleBasedAuthorizationPlugin",
            "permissions": [{"name": "all", "role": "portal"}],
            "user-role": {SOLR_USER: "portal"},
        },
    }


def environment(layout: Layout, heap: str = "1g") -> dict[str, str]:
    """What the Procfile's line for Solr needs."""
    classes = f"{layout.solr_build / 'classes'}:{layout.solr_build / 'lib'}/*"
    return {
        "SDOPEN_SOLR_CLASSES": classes,
        "SDOPEN_SOLR_HOME": str(layout.solr),
        "SDOPEN_SOLR_HEAP": heap,
    }
