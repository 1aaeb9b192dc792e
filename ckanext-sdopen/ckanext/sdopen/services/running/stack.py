"""One stack of services: its addresses, its environment, and how it is brought up."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from ckanext.sdopen.services import stack_state
from ckanext.sdopen.services.addresses import Addresses, own_urls, resolve
from ckanext.sdopen.services.layout import SERVICES, Layout
from ckanext.sdopen.services.messages import Trouble, say, text
from ckanext.sdopen.services.running import ini, processes, ready
from ckanext.sdopen.services.servers import nginx, postgres, redis, solr, table_reader

if TYPE_CHECKING:
    from ckanext.sdopen.services.running.supervisor import Supervisor

SEARCHABLE = "/api/3/action/package_search?rows=0"
# without a sign of life; crash recovery of a large database takes its time
SECONDS_TO_ANSWER = {
    "postgres": 300.0,
    "redis": 120.0,
    "solr": 120.0,
    "tables": 120.0,
    "web": 120.0,
    "nginx": 60.0,
}


@dataclass(frozen=True)
class Options:
    """How the portal's stack differs from the tests'."""

    heap: str = "1g"
    postgres: tuple[str, ...] = ("shared_buffers=256MB", "max_wal_size=2GB")
    services: frozenset[str] = frozenset(SERVICES)
    # tests empty their databases: an address from outside must never reach them
    outside: bool = True
    # settings of the table reader
    reader: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Stack:
    """The parts of one portal, some of them perhaps given from outside."""

    layout: Layout
    port: int = 0
    options: Options = field(default_factory=Options)

    def __post_init__(self) -> None:
        self.layout.make()
        self.ports: Mapping[str, int] = {}
        self.addresses = self.find_addresses({})

    def find_addresses(self, ports: Mapping[str, int]) -> Addresses:
        """The addresses for the given inner ports; without ports only the outside ones count."""
        layout = self.layout
        defaults = {
            "CKAN_SITE_ID": "sdopen",
            "CKAN_SITE_URL": self.url,
            "CKAN_STORAGE_PATH": str(layout.storage),
        }
        if ports:
            defaults.update(own_urls(ports, stack_state.stack_secrets(layout)))
        return resolve(self.surroundings(), defaults, self.options.services)

    def surroundings(self) -> dict[str, str]:
        """The environment as far as this stack may look at it."""
        outside, foreign = self.options.outside, ("CKAN_", "SDOPEN_TABLE")
        return {k: v for k, v in os.environ.items() if outside or not k.startswith(foreign)}

    @property
    def url(self) -> str:
        """Where the portal is asked."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def web_port(self) -> int:
        """Where the web server listens: behind nginx, or at the portal's port where none is."""
        return self.ports["web"] if self.addresses.starts("nginx") else self.port

    def stop_left_behind(self) -> None:
        """Stop what a killed run of this stack left running."""
        left = processes.stop_left_behind(self.layout)
        nginx.end_orphans(self.layout.nginx)
        if left:
            names = text("comma").join(text(f"service_{name}") for name in left)
            say("stopped_left", names=names)

    def configure(self) -> None:
        """Choose ports and write every settings file."""
        self.ports = stack_state.ports(self.layout)
        self.addresses = self.find_addresses(self.ports)
        if self.addresses.starts("postgres"):
            postgres.wait_for_orphans(self.layout)
        if self.addresses.starts("redis"):
            redis.write_settings(self.layout, self.ports["redis"])
        if self.addresses.starts("solr"):
            solr.make_home(self.layout)
        if self.addresses.starts("nginx"):
            storage = self.addresses.urls["CKAN_STORAGE_PATH"]
            given = self.surroundings()
            values = nginx.portal_values(self.layout, self.port, self.web_port, storage, given)
            nginx.write_settings(self.layout, values)
        ini.write(self.layout, self.addresses)

    def environment(self) -> dict[str, str]:
        """The environment of the services: what the Procfile's lines name."""
        layout = self.layout
        path = f"{layout.venv / 'bin'}:{os.environ.get('PATH', os.defpath)}"
        env = {**self.surroundings(), "PATH": path, "CKAN_INI": str(layout.ini)}
        env.update(SDOPEN_VAR=str(layout.var), SDOPEN_ROOT=str(layout.root))
        env.update({f"SDOPEN_{name.upper()}_PORT": str(port) for name, port in self.ports.items()})
        env.update(SDOPEN_PORT=str(self.port), SDOPEN_WEB_PORT=str(self.web_port))
        env["PYTHONUNBUFFERED"] = "1"
        # half of CKAN's start would be compiling; images that forbid byte code mean their layers,
        # not our data
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        env.setdefault("PYTHONPYCACHEPREFIX", str(layout.build / "bytecode"))
        env["SDOPEN_POSTGRES_OPTIONS"] = " ".join(f"-c {o}" for o in self.options.postgres)
        if self.addresses.starts("postgres"):
            env.update(postgres.environment(layout))
        if self.addresses.starts("nginx"):
            env.update(nginx.environment(layout))
        env.update(solr.environment(layout, self.options.heap))
        if self.addresses.starts("tables"):
            env.update(self._table_reader(env))
        return env

    def _table_reader(self, given: Mapping[str, str]) -> dict[str, str]:
        storage = self.addresses.urls["CKAN_STORAGE_PATH"]
        secret = stack_state.stack_secrets(self.layout)["tables"]
        light = {f"SDOPEN_TABLE_READER_{k.upper()}": v for k, v in self.options.reader.items()}
        own = table_reader.environment(storage, self.ports["tables"], secret, given)
        return {**light, **own}

    def names(self) -> list[str]:
        """The services that are started here, in this order."""
        return [name for name in SERVICES if self.addresses.starts(name)]

    def heard(self, name: str) -> int:
        """What a service of ours says: 200 where it can be used, 0 where it is silent."""
        if name == "postgres":
            return 200 * ready.postgres_answers(self.layout, self.ports[name])
        if name == "redis":
            password = stack_state.stack_secrets(self.layout)["redis"]
            return 200 * ready.redis_answers(self.ports[name], password)
        if name == "solr":
            return ready.solr_status(self.addresses.urls)
        if name == "tables":
            return table_reader.answers(self.ports[name])
        port = self.port if name == "nginx" else self.web_port
        return ready.http_status(f"http://127.0.0.1:{port}{SEARCHABLE}")

    def wait_for(self, name: str, pid: Callable[[], int], goes_on: Callable[[], bool]) -> None:
        """Wait until a service can be used; while it is silent and works there is no hurry.

        Raises:
            Trouble: nothing moved for long, it answers with errors for long, or it is of no use.
        """
        log, said = self.layout.log(name), 0

        def answers() -> bool:
            nonlocal said
            said = self.heard(name)
            return said == 200

        def life() -> object:
            # its own answers, if only errors, fill its log and take their time
            return said or processes.life(log, pid())

        if not ready.until(answers, SECONDS_TO_ANSWER[name], goes_on, life):
            raise Trouble("not_answering", what=text(f"service_{name}"), log=log)

    def bring_up(self, supervisor: "Supervisor", *names: str) -> None:
        """Start services and wait until each answers."""
        mine = [name for name in names if self.addresses.starts(name)]
        for name in mine:
            supervisor.open(name)
        for name in mine:
            self.wait_for(name, partial(self._pid, name), lambda: not supervisor.stopping)

    def _pid(self, name: str) -> int:
        found = processes.recorded(self.layout, name)
        return found.pid if found else 0
