"""What CKAN needs before it serves: tables, permissions, texts, the index, the sample."""

from collections.abc import Mapping
from pathlib import Path

from ckanext.sdopen.paths import PACKAGE
from ckanext.sdopen.services import commands
from ckanext.sdopen.services.addresses import Addresses
from ckanext.sdopen.services.install.install import fingerprint
from ckanext.sdopen.services.install.steps import Step
from ckanext.sdopen.services.layout import Layout
from ckanext.sdopen.services.servers import postgres, solr
from ckanext.sdopen.services.stack_state import State


class Ckan:
    """The ckan command of the project's environment on one settings file."""

    def __init__(self, layout: Layout, ini: Path, env: Mapping[str, str]) -> None:
        self.layout = layout
        self.ini = ini
        self.env = env

    def __call__(
        self, step: str, *arguments: str, output: Path | None = None, shown: bool = False
    ) -> None:
        """Run one ckan command as a step."""
        program = str(self.layout.venv / "bin" / "ckan")
        argv = [program, "-c", str(self.ini), *arguments]
        log = self.layout.log(step)
        commands.run(
            step, argv, log, env=self.env, cwd=self.layout.root, output=output, shown=shown
        )


def tables_fingerprint(layout: Layout, addresses: Addresses) -> str:
    """What the tables depend on: versions, plugins, our migrations, the database itself."""
    migrations = sorted((PACKAGE / "migration").rglob("*.py"))
    url = addresses.urls["CKAN_SQLALCHEMY_URL"]
    shipped = [layout.root / "requirements.lock", layout.config / "portal.ini"]
    return fingerprint([*shipped, *migrations], url)


def texts_fingerprint(layout: Layout) -> str:
    """What the texts of the browser's scripts depend on."""
    return fingerprint([layout.root / "requirements.lock", *sorted(PACKAGE.glob("i18n/**/*.po"))])


def allow_datastore(ckan: Ckan, layout: Layout, port: int) -> None:
    """Give the DataStore's reader its permissions, by CKAN's own script."""
    script = layout.run / "datastore.sql"
    ckan("datastore", "datastore", "set-permissions", output=script)
    postgres.run_sql(layout, port, script.read_text(encoding="utf-8"))
    script.unlink()


def table_steps(ckan: Ckan, layout: Layout, addresses: Addresses, port: int) -> list[Step]:
    """The steps before the portal can be used; each is skipped while nothing changed."""
    state = State(layout)
    tables = tables_fingerprint(layout, addresses)
    texts = texts_fingerprint(layout)
    own = addresses.starts("postgres")

    def make_databases() -> None:
        postgres.create_databases(layout, port)

    def make_tables() -> None:
        ckan("tables", "db", "init")
        state.done("database", tables)

    def permit() -> None:
        allow_datastore(ckan, layout, port)
        state.done("datastore", tables)

    def compile_texts() -> None:
        ckan("texts", "translation", "js")
        state.done("texts", texts)

    return [
        Step("database", make_databases, (), lambda: own and not state.is_done("database", tables)),
        Step("tables", make_tables, ("database",), lambda: not state.is_done("database", tables)),
        Step(
            "datastore",
            permit,
            ("database",),
            lambda: own and not state.is_done("datastore", tables),
        ),
        Step("texts", compile_texts, ("database",), lambda: not state.is_done("texts", texts)),
    ]


def index_step(ckan: Ckan, layout: Layout, addresses: Addresses) -> Step:
    """Rebuild the index of our own Solr when its configuration changed or its home is new.

    What a slow Solr does not take is left to the indexer, which comes up with the web server.
    """
    state = State(layout)
    current = solr.config_fingerprint(layout)

    def rebuild() -> None:
        ckan("index", "sdopen", "search", "rebuild", "--or-queue")
        state.done("index", current)

    def due() -> bool:
        if not addresses.starts("solr") or state.is_done("index", current):
            return False
        if state.was_done("sample") or state.was_done("served"):
            return True
        state.done("index", current)  # an empty portal has nothing to index
        return False

    return Step("index", rebuild, (), due)


def sample_step(ckan: Ckan, layout: Layout, wanted: bool) -> Step:
    """Load the sample province once; an interrupted load goes on at the next run."""
    state = State(layout)

    def load() -> None:
        arguments = ["sdopen", "sample", "load", "--accounts", str(layout.accounts)]
        ckan("sample", *arguments, shown=True)
        state.done("sample", "loaded")

    due = wanted and not state.was_done("sample")
    return Step("sample", load, (), lambda: due, speaks=True)


def harvest_step(ckan: Ckan, layout: Layout) -> Step:
    """Make the account of the harvest scripts once; its token stays in the data folder."""
    state = State(layout)

    def make() -> None:
        ckan("harvest", "sdopen", "portal", "harvest-account", "--token-file", str(layout.token))
        state.done("harvest", "made")

    return Step("harvest", make, ("sample",), lambda: not state.was_done("harvest"))
