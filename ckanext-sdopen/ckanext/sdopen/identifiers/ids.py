"""Ids and names of entries, resources and departments: derived from what never changes."""

import hashlib
import re
import unicodedata
import uuid
from functools import lru_cache

# one namespace for every id of the portal; changing it would change every id
NAMESPACE = uuid.UUID("8f4b9c5e-6d0a-5f0e-9a54-3f1f6f0b7d21")

CATALOG, INTERFACE = KINDS = ("catalog", "interface")
_PREFIXES = {CATALOG: "c", INTERFACE: "i"}
_NAME_LIMIT = 100  # of CKAN's column `package.name`
_REGION = re.compile(r"\d{6}")
_NAMEABLE = re.compile(r"[a-z0-9_-]+")
_USCC = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")


def normal_code(code: str) -> str:
    """A 信息资源代码 as it is kept: half-width, without surrounding blanks."""
    return (code if code.isascii() else unicodedata.normalize("NFKC", code)).strip()


# a batch asks for the ids of its records several times
@lru_cache(maxsize=8_192)
def _uuid(*parts: str) -> str:
    # a line break cannot stand inside a part, so parts never run into one another
    return str(uuid.uuid5(NAMESPACE, "\n".join(parts)))


def _prefix(kind: str, region: str) -> str:
    if kind not in _PREFIXES:
        raise ValueError(f"unknown kind of entry: {kind!r}")
    if not _REGION.fullmatch(region):
        raise ValueError(f"a region is six digits, not {region!r}")
    return f"{_PREFIXES[kind]}-{region}"


def entry_id(kind: str, region: str, code: str) -> str:
    """The id of the entry with this 信息资源代码 in this region."""
    _prefix(kind, region)
    return _uuid(kind, region, normal_code(code).lower())


def entry_id_from_source(kind: str, source: str, key: str) -> str:
    """The id of an entry without a code: by its source and the source's own key."""
    return _uuid(kind, "source", source, key)


def entry_name(kind: str, region: str, code: str) -> str:
    """The address of an entry, `c-370000-307001-000123`; ValueError on a code unfit for one."""
    tail = normal_code(code).lower().replace("/", "-")
    name = f"{_prefix(kind, region)}-{tail}"
    if not _NAMEABLE.fullmatch(tail) or len(name) > _NAME_LIMIT:
        raise ValueError(f"no address can be made of the code {code!r}")
    return name


def entry_name_from_source(kind: str, region: str, source: str, key: str) -> str:
    """The address of an entry without a code: `c-<region>-s<12 hexadecimal digits of its id>`."""
    digits = entry_id_from_source(kind, source, key).replace("-", "")[:12]
    return f"{_prefix(kind, region)}-s{digits}"


def service_id(provider: str, key: str) -> str:
    """The id of a provider's interface that has no 信息资源代码; see `identifiers.service_key`."""
    return _uuid("service", provider.strip().upper(), key)


def service_name(region: str, entry_id: str) -> str:
    """The address of such an interface: `i-<region>-v<12 hexadecimal digits of its id>`."""
    return f"{_prefix(INTERFACE, region)}-v{entry_id.replace('-', '')[:12]}"


def resource_id(entry_id: str, key: str) -> str:
    """The id of a resource, from its source's file or service id, else from its address."""
    return _uuid("resource", entry_id, key)


def department_id(region: str, key: str) -> str:
    """The id of a department: by its 统一社会信用代码, or by its title in its region."""
    return _uuid("department", region, key.strip())


def department_name(region: str, key: str) -> str:
    """The address of a department, from its 统一社会信用代码, or from its title."""
    if not _REGION.fullmatch(region):
        raise ValueError(f"a region is six digits, not {region!r}")
    key = key.strip()
    if _USCC.fullmatch(key.upper()):
        return f"d-{region}-{key.lower()}"
    return f"d-{region}-{hashlib.sha256(key.encode()).hexdigest()[:10]}"
