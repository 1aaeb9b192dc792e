"""Departments of the sample: titles, codes and telephones that no real body bears."""

import hashlib
from collections.abc import Iterable, Iterator
from functools import cache

from ckanext.sdopen import codes
from ckanext.sdopen.identifiers import ids
from ckanext.sdopen.identifiers.provider_code import check_character
from ckanext.sdopen.sample.entries.places import place_name, telephone
from ckanext.sdopen.sample.entries.vocabulary import departments
from ckanext.sdopen.sample.records import Department

AUTHORITY = "dashuju"
_DEPARTMENT_KINDS = {
    "fayuan": "judicial",
    "canlian": "mass_organization",
    "kexie": "mass_organization",
    "fulian": "mass_organization",
    "gonghui": "mass_organization",
    "tuanwei": "mass_organization",
    "dianli": "public_service_enterprise",
    "shuiwu": "vertical",
    "qixiang": "vertical",
    "youzheng": "vertical",
    "xiaofang": "vertical",
    "tongguan": "vertical",
}
_INSTITUTIONS = ("jiaoyi", "jikong", "gongjijin", "dangan", "laogan")


def _number(text: str, digits: int) -> int:
    return int(hashlib.sha256(text.encode()).hexdigest(), 16) % int(10**digits)


def provider_code(title: str, region: str) -> str:
    """A code of the right shape and check digit; 11 + region + a number that no body bears."""
    stem = f"11{region}{_number(title, 8):08d}X"
    return stem + check_character(stem)


@cache
def department(key: str, region: str) -> Department:
    """The department of a kind in a region."""
    level = codes.region(region).level
    title = place_name(region) + departments()[key].called(level)
    code = provider_code(title, region)
    kind = (
        "public_institution" if key in _INSTITUTIONS else _DEPARTMENT_KINDS.get(key, "government")
    )
    return Department(
        id=ids.department_id(region, code),
        name=ids.department_name(region, code),
        title=title,
        region=region,
        level=level,
        provider_code=code,
        key=key,
        kind=kind,
        contact_phone=telephone(region, _number(title, 4)),
        is_authority=key == AUTHORITY,
    )


def authorities(regions: Iterable[str]) -> Iterator[Department]:
    """The data authority of each region, in the order of the regions."""
    for region in regions:
        yield department(AUTHORITY, region)
