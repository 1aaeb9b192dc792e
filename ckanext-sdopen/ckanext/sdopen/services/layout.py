"""Where a stack keeps its things: the portal's under var/, the tests' under var/test/."""

import os
from dataclasses import dataclass
from pathlib import Path

from ckanext.sdopen.paths import PACKAGE

ROOT = PACKAGE.parents[2]
# what the others use, and what uses it: the first begin first and end last
BACK = ("postgres", "redis", "solr", "tables")
FRONT = ("web", "nginx", "worker", "indexer", "jobs")
SERVICES = (*BACK, *FRONT)
# the umask under which everything is made: for its user alone
PRIVATE = 0o077


@dataclass(frozen=True)
class Layout:
    """The folders and files of one stack; all stacks of a checkout share `build` and `venv`."""

    var: Path
    root: Path = ROOT

    @property
    def config(self) -> Path:
        """The settings that the repository ships."""
        return self.root / "config"

    @property
    def venv(self) -> Path:
        """The Python environment."""
        return self.root / ".venv"

    @property
    def build(self) -> Path:
        """What is built once: Solr's jars and the installers' logs."""
        return self.root / "var" / "build"

    @property
    def solr_build(self) -> Path:
        """Solr's jars (lib/) and our launcher (classes/)."""
        return self.build / "solr"

    @property
    def logs(self) -> Path:
        """One file a service, and one a step."""
        return self.var / "logs"

    @property
    def run(self) -> Path:
        """The process ids of the running services."""
        return self.var / "run"

    @property
    def ini(self) -> Path:
        """CKAN's settings with addresses and secrets, written at each start."""
        return self.var / "portal.ini"

    @property
    def accounts(self) -> Path:
        """The demo accounts and their passwords, written by the loader of the sample province."""
        return self.var / "accounts.json"

    @property
    def token(self) -> Path:
        """The API token of the harvest scripts."""
        return self.var / "harvest.token"

    @property
    def storage(self) -> Path:
        """The uploaded files."""
        return self.var / "storage"

    @property
    def postgres(self) -> Path:
        """PostgreSQL's data directory."""
        return self.var / "postgres"

    @property
    def redis(self) -> Path:
        """Redis's data directory."""
        return self.var / "redis"

    @property
    def solr(self) -> Path:
        """Solr's home."""
        return self.var / "solr"

    @property
    def nginx(self) -> Path:
        """The front door's settings, kept pages and temporary files."""
        return self.var / "nginx"

    def log(self, name: str) -> Path:
        """The log file of a service or a step."""
        return self.logs / f"{name}.log"

    def make(self) -> None:
        """Create the folders that need no tool, each for its user alone."""
        for folder in (self.var, self.logs, self.run, self.storage, self.redis, self.build):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)

    def keepsakes(self) -> list[Path]:
        """Everything that `reset` deletes: data, secrets, accounts, logs; not what was built."""
        files = [
            self.ini,
            self.accounts,
            self.token,
            *(self.var / f"{n}.json" for n in STATE_FILES),
        ]
        folders = [self.postgres, self.redis, self.solr, self.nginx, self.storage]
        return [*folders, self.logs, self.run, *files]


STATE_FILES = ("ports", "secrets", "state")
# SDOPEN_DATA puts a portal's data elsewhere, on a larger disk for instance
PORTAL = Layout(Path(os.environ.get("SDOPEN_DATA") or ROOT / "var").resolve())
TEST = Layout(ROOT / "var" / "test")
