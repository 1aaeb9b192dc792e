"""The provider: its code and region; the level of the data."""

from collections.abc import Iterator

from ckanext.sdopen import codes
from ckanext.sdopen.standard.findings import Finding
from ckanext.sdopen.standard.rules.base import Entry, RuleInput


def code_fits_region(entry: Entry, facts: RuleInput) -> Iterator[Finding]:
    """Digits 3 to 8 of the 统一社会信用代码 keep the region of registration (GB 32100-2015)."""
    code, region = entry.get("provider_code"), entry.get("region")
    if not code or not region or len(str(code)) != 18 or region not in codes.regions():
        return
    registered = str(code)[2:8]
    # a county's bureau may be registered with its city or province, and a functional zone too
    if registered not in codes.path(str(region)) and registered[:4] != str(region)[:4]:
        params = {"registered": _named(registered), "region": _named(str(region))}
        yield Finding("provider_region_differs", "provider_code", params)


def _named(region: str) -> str:
    known = codes.load("regions")
    return f"{region} {known.label(region)}" if region in known else region


def level_stated(entry: Entry, facts: RuleInput) -> Iterator[Finding]:
    """The directory says the level of its data (国令第809号)."""
    if not entry.get("data_level"):
        yield Finding("data_level_missing", "data_level")
