"""Where the parts answer: the environment's addresses first, else those of our own services."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote, urlsplit, urlunsplit

from ckanext.sdopen.services.messages import Trouble

DATABASES = ("CKAN_SQLALCHEMY_URL", "CKAN_DATASTORE_WRITE_URL", "CKAN_DATASTORE_READ_URL")
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
        return {SETTINGS[name]: url for name, url in self.urls.items()}

    def outside(self) -> dict[str, str]:
        """The addresses of services given from outside: variable → URL."""
        groups = {"postgres": DATABASES, "redis": ("CKAN_REDIS_URL",), "solr": ("CKAN_SOLR_URL",)}
        given = [name for key, names in groups.items() if key not in self.own for name in names]
        return {name: self.urls[name] for name in given}

    def with_site_url(self, url: str) -> "Addresses":
        """The same addresses under another public address."""
        return replace(self, urls={**self.urls, "CKAN_SITE_URL": url})


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
    }


def resolve(
    environment: Mapping[str, str], defaults: Mapping[str, str], services: frozenset[str]
) -> Addresses:
    """Merge what the environment gives with our own services; the three databases go together."""
    given = {name: environment[name] for name in SETTINGS if environment.get(name)}
    databases = [name for name in DATABASES if name in given]
    if databases and len(databases) < len(DATABASES):
        missing = ", ".join(name for name in DATABASES if name not in given)
        raise Trouble("databases_together", given=", ".join(databases), missing=missing)
    outside = {"postgres": bool(databases), "redis": "CKAN_REDIS_URL" in given}
    outside["solr"] = "CKAN_SOLR_URL" in given
    own = frozenset(name for name in services if not outside.get(name, False))
    return Addresses({**defaults, **given}, own)


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
