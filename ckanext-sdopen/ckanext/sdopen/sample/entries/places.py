"""Places of the sample: how titles name a region, its telephone code, where it lies."""

import csv
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from ckanext.sdopen import codes

PROVINCE = "370000"
_CAPITAL = "370100"


@dataclass(frozen=True)
class Place:
    """A city's telephone code and a point well inside it, in degrees."""

    area_code: str
    longitude: float
    latitude: float


@lru_cache(maxsize=1)
def _places() -> dict[str, Place]:
    with Path(__file__).with_name("places.tsv").open(encoding="utf-8", newline="") as file:
        return {
            row["region"]: Place(row["area_code"], float(row["longitude"]), float(row["latitude"]))
            for row in csv.DictReader(file, delimiter="\t")
        }


def place(region: str) -> Place:
    """The place of a city, of a county's city, of the capital for the province."""
    found = next((code for code in codes.path(region) if code in _places()), _CAPITAL)
    return _places()[found]


@cache
def place_name(region: str) -> str:
    """The region as titles name it; districts with their city, for several share a name."""
    here = codes.region(region)
    if here.level == "county" and here.parent and here.name.endswith("区"):
        city = codes.region(here.parent).name
        return here.name if here.name.startswith(city[:2]) else city + here.name
    return here.name


@lru_cache(maxsize=1)
def cities() -> tuple[str, ...]:
    """The cities of the province that exist today."""
    return tuple(
        region.code
        for region in codes.regions().values()
        if region.parent == PROVINCE and not region.historical
    )


@cache
def counties_of(city: str) -> tuple[str, ...]:
    """The counties of a city that exist today."""
    return tuple(
        region.code
        for region in codes.regions().values()
        if region.parent == city and not region.historical
    )


@cache
def county_names(region: str) -> tuple[str, ...]:
    """The names of a city's counties; a county, and the province by its cities, likewise."""
    below = cities() if region == PROVINCE else counties_of(region)
    return tuple(codes.region(code).name for code in below) or (codes.region(region).name,)


def telephone(region: str, number: int) -> str:
    """A telephone of the region; 555 leads no exchange of the province."""
    area = place(region).area_code
    # Jinan and Qingdao have eight digits, the other cities seven
    lead = "5555" if area in ("0531", "0532") else "555"
    return f"{area}-{lead}{number % 10_000:04d}"
