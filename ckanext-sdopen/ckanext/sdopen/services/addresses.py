"""Where the parts answer: the environment's addresses first, else those of our own services."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

from ckanext.sdopen.services.messages import Trouble

DATABASES = ("CKAN_SQLALCHEMY_URL", "CKAN_DATASTORE_WRITE_URL", "CKAN_DATASTORE_READ_URL")
SOLR_USER = "sdopen"
SOLR_LOGIN = ("CKAN_SOLR_USER", "CKAN_SOLR_PASSWORD")
STANDARD_PORTS = {"postgresql": 5432, "redis": 6379, "rediss": 6379, "http": 80, "https": 443}
# CKAN's own table (ckan/config/environment.py) of settings that the environment overrides
SETTINGS = {
    "CKAN_SQLALCHEMY_URL": "sqlalchemy.url",
    "CKAN_DATASTORE_WRITE_URL": "ckan.datastore.write_url",
    "CKAN_DATASTORE_READ_URL": "ckan.datastore.read_url",
    "CKAN_REDIS_URL": "ckan.redis.url",
    "CKAN_SOLR_URL": "solr_url",
    "CKAN_SOLR_USER": "solr_user",
    "CKAN_SOLR_PASSWORD": "solr_password",
    "CKAN_SITE_ID": "ckan.site_id",
    "CKAN_SITE_URL": "ckan.site_url",
    "CKAN_STORAGE_PATH": "ckan.storage_path",
}
# where the table reader answers, and what is said to it
TABLES = {
    "SDOPEN_TABLES_URL": "ckanext.sdopen.tables.reader_url",
    "SDOPEN_TABLES_SECRET": "ckanext.sdopen.tables.reader_secret",
}
TABLES_URL, TABLES_SECRET = TABLES
_EVERY = {**SETTINGS, **TABLES}


@dataclass(frozen=True)
class Addresses:
    """The CKAN_* addresses of a stack and the names of the services it starts itself."""

    urls: Mapping[str, str]
    own: frozenset[str]

    def starts(self, service: str) -> bool:
        """Whether the service is started here."""
        return service in self.own

    def settings(self) -> dict[str, str]:
        """The addresses as CKAN settings."""
        return {_EVERY[name]: url for name, url in self.urls.items()}

    def outside(self) -> dict[str, str]:
        """The addresses of services given from outside: variable → URL."""
        groups = {
            "postgres": DATABASES,
            "redis": ("CKAN_REDIS_URL",),
            "solr": ("CKAN_SOLR_URL",),
            "tables": (TABLES_URL,),
        }
        given = [name for key, names in groups.items() if key not in self.own for name in names]
        return {name: self.urls[name] for name in given}


def own_urls(ports: Mapping[str, int], secrets: Mapping[str, str]) -> dict[str, str]:
    """The addresses of the services that we start."""
    database = f"127.0.0.1:{ports['postgres']}"
    return {
        "CKAN_SQLALCHEMY_URL": f"postgresql://sdopen:{secrets['database']}@{database}/sdopen",
        "CKAN_DATASTORE_WRITE_URL": (
            f"postgresql://sdopen:{secrets['database']}@{database}/sdopen_datastore"
        ),
        "CKAN_DATASTORE_READ_URL": (
            f"postgresql://sdopen_reader:{secrets['reader']}@{database}/sdopen_datastore"
        ),
        "CKAN_REDIS_URL": f"redis://:{quote(secrets['redis'])}@127.0.0.1:{ports['redis']}/0",
        "CKAN_SOLR_URL": f"http://127.0.0.1:{ports['solr']}/solr/ckan",
        "CKAN_SOLR_USER": SOLR_USER,
        "CKAN_SOLR_PASSWORD": secrets["solr"],
        TABLES_URL: f"http://127.0.0.1:{ports['tables']}",
        TABLES_SECRET: secrets["tables"],
    }


def resolve(
    environment: Mapping[str, str], defaults: Mapping[str, str], services: frozenset[str]
) -> Addresses:
    """Merge what the environment gives with our own services; the three databases go together."""
    given = {name: environment[name] for name in _EVERY if environment.get(name)}
    databases = [name for name in DATABASES if name in given]
    if databases and len(databases) < len(DATABASES):
        missing = ", ".join(name for name in DATABASES if name not in given)
        raise Trouble("databases_together", given=", ".join(databases), missing=missing)
    outside = {"postgres": bool(databases), "redis": "CKAN_REDIS_URL" in given}
    outside["solr"] = "CKAN_SOLR_URL" in given
    outside["tables"] = TABLES_URL in given
    own = frozenset(name for name in services if not outside.get(name, False))
    # the name and password of one Solr are no business of another; so is a reader's secret
    logins = {
        **dict.fromkeys(SOLR_LOGIN, given if outside["solr"] else defaults),
        TABLES_SECRET: given if outside["tables"] else defaults,
    }
    urls = {name: url for name, url in {**defaults, **given}.items() if name not in logins}
    known = {name: login[name] for name, login in logins.items() if name in login}
    return Addresses({**urls, **known}, own)


def host_and_port(url: str) -> tuple[str, int]:
    """Where to knock for a URL."""
    parts = urlsplit(url)
    scheme = parts.scheme.split("+")[0]
    return parts.hostname or "127.0.0.1", parts.port or STANDARD_PORTS.get(scheme, 80)


def without_password(url: str) -> str:
    """The URL as it may be shown and logged."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, "", ""))
