"""One stack of services: its addresses, its environment, and how it is brought up."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ckanext.sdopen.services import ini, kept, postgres, processes, ready, redis, solr
from ckanext.sdopen.services.addresses import Addresses, own_urls, resolve
from ckanext.sdopen.services.layout import Layout
from ckanext.sdopen.services.messages import Trouble, say, text

if TYPE_CHECKING:
    from ckanext.sdopen.services.supervisor import Supervisor

SEARCHABLE = "/api/3/action/package_search?rows=0"
BACK = ("postgres", "redis", "solr")
# crash recovery of a large database takes its time
SECONDS_TO_ANSWER = {"postgres": 300.0, "redis": 120.0, "solr": 120.0, "web": 120.0}


@dataclass(frozen=True)
class Options:
    """How the portal's stack differs from the tests'."""

    heap: str = "1g"
    postgres: tuple[str, ...] = ("shared_buffers=256MB", "max_wal_size=2GB")
    services: frozenset[str] = frozenset((*BACK, "web", "worker", "indexer"))
    # tests empty their databases: an address from outside must never reach them
    outside: bool = True


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
            defaults.update(own_urls(ports, kept.stack_secrets(layout)))
        return resolve(self.surroundings(), defaults, self.options.services)

    def surroundings(self) -> dict[str, str]:
        """The environment as far as this stack may look at it."""
        outside = self.options.outside
        return {k: v for k, v in os.environ.items() if outside or not k.startswith("CKAN_")}

    @property
    def url(self) -> str:
        """Where the web server listens."""
        return f"http://127.0.0.1:{self.port}"

    def stop_left_behind(self) -> None:
        """Stop what a killed run of this stack left running."""
        left = processes.stop_left_behind(self.layout)
        if left:
            names = text("comma").join(text(f"service_{name}") for name in left)
            say("stopped_left", names=names)

    def settle(self) -> None:
        """Choose ports and write every settings file."""
        self.ports = kept.ports(self.layout)
        self.addresses = self.find_addresses(self.ports)
        if self.addresses.starts("postgres"):
            postgres.wait_for_orphans(self.layout)
        if self.addresses.starts("redis"):
            redis.write_settings(self.layout, self.ports["redis"])
        if self.addresses.starts("solr"):
            solr.make_home(self.layout)
        ini.write(self.layout, self.addresses)

    def environment(self) -> dict[str, str]:
        """The environment of the services: what the Procfile's lines name."""
        layout = self.layout
        path = f"{layout.venv / 'bin'}:{os.environ.get('PATH', os.defpath)}"
        env = {**self.surroundings(), "PATH": path, "CKAN_INI": str(layout.ini)}
        env.update(SDOPEN_VAR=str(layout.var), SDOPEN_ROOT=str(layout.root))
        env.update({f"SDOPEN_{name.upper()}_PORT": str(port) for name, port in self.ports.items()})
        env.update(SDOPEN_PORT=str(self.port), PYTHONUNBUFFERED="1")
        # half of CKAN's start would be compiling; images that forbid byte code mean their layers,
        # not our data
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        env.setdefault("PYTHONPYCACHEPREFIX", str(layout.build / "bytecode"))
        env["SDOPEN_POSTGRES_OPTIONS"] = " ".join(f"-c {o}" for o in self.options.postgres)
        if self.addresses.starts("postgres"):
            env.update(postgres.environment(layout))
        env.update(solr.environment(layout, self.options.heap))
        return env

    def names(self) -> list[str]:
        """The services that are started here, in this order."""
        order = (*BACK, "web", "worker", "indexer")
        return [name for name in order if self.addresses.starts(name)]

    def answers(self, name: str) -> bool:
        """Whether a service of ours can be used."""
        if name == "postgres":
            return ready.postgres_answers(self.layout, self.ports[name])
        if name == "redis":
            return ready.redis_answers(self.ports[name], kept.stack_secrets(self.layout)["redis"])
        if name == "solr":
            return ready.solr_status(self.addresses.urls) == 200
        return ready.http_status(self.url + SEARCHABLE) == 200

    def bring_up(self, supervisor: "Supervisor", *names: str) -> None:
        """Start services and wait until each answers."""
        mine = [name for name in names if self.addresses.starts(name)]
        for name in mine:
            supervisor.open(name)
        for name in mine:
            if not ready.until(
                lambda name=name: self.answers(name),  # type: ignore[misc]
                SECONDS_TO_ANSWER[name],
                lambda: not supervisor.stopping,
            ):
                raise Trouble(
                    "not_answering", what=text(f"service_{name}"), log=self.layout.log(name)
                )
