"""Names of invented places and firms: as many different ones as there are numbers."""

from math import prod

from ckanext.sdopen.sample.entries.places import place, telephone
from ckanext.sdopen.sample.tables.generating import vocabulary
from ckanext.sdopen.sample.tables.generating.outline import Outline
from ckanext.sdopen.sample.tables.generating.words import at, below, one_of, padded, quoted, share

# a prime: numbers times it, modulo any product of short lists, come in a mixed order, each once
_MIXER = 60_013
_ROADS, _PARTS = vocabulary.words("roads"), vocabulary.words("parts")


def _mixed(number: str, count: int, salt: int) -> str:
    return f"((({number} % {count}) * {_MIXER} + {salt % count}) % {count})"


def _numbered(number: str, count: int) -> str:
    """Nothing for the first `count` numbers, 2 for the next, and so on."""
    return f"CASE WHEN {number} < {count} THEN '' ELSE ({number} // {count} + 1)::VARCHAR END"


def numbers(outline: Outline) -> dict[str, str]:
    """Of `u`: `w` gives the place of a thing, `block` tells places of one name apart."""
    count = len(outline.counties) * len(_ROADS) * len(_PARTS)
    return {"w": _mixed("u", count, outline.salt("place")), "block": _numbered("u", count)}


def shared(outline: Outline) -> dict[str, str]:
    """Where the thing of a row lies: expressions of `w` that all its values share."""
    counties, roads = len(outline.counties), len(_ROADS)
    return {
        "c": f"w % {counties}",
        "county": at(outline.counties, f"w % {counties}"),
        "road": at(outline.shuffled(_ROADS, "roads"), f"w // {counties} % {roads}"),
        "part": at(outline.shuffled(_PARTS, "parts"), f"w // {counties * roads}"),
    }


def named(kind: str) -> str:
    """The name of the place of a row, of a kind; no two places of a table have the same."""
    return f"(county || road || part || {quoted(kind)} || block)"


def other_place(outline: Outline, name: str, kind: str) -> str:
    """Another place of the region, drawn: where a line or river begins or ends."""
    salt = outline.salt(name)
    county = one_of(outline.counties, "u", salt)
    road = one_of(_ROADS, "u", salt + 1)
    return f"({county} || {road} || {quoted(kind)})"


def address(outline: Outline, name: str) -> str:
    """County, road and number; as the key of a table none comes twice."""
    if name == outline.unit:
        return (
            "(county || road || part || '路' || CASE block WHEN '' THEN '1' ELSE block END || '号')"
        )
    door = below(260, "u", outline.salt("door"))
    return f"(county || road || '路' || (1 + {door})::VARCHAR || '号')"


def firm(outline: Outline, name: str) -> str:
    """A firm that does not exist: place, three characters, trade; as the key none comes twice."""
    lists = [vocabulary.trades(outline.subject.name), *vocabulary.brands()]
    count = prod(map(len, lists))
    salt, branch = outline.salt(name), "''"
    if name == outline.unit:
        number = _mixed("u", count, salt)
        branch = (
            f"CASE WHEN u < {count} THEN '' ELSE '第' || (u // {count})::VARCHAR || '分公司' END"
        )
    else:
        number = below(count, "u", salt)
    trade, *brand = (
        at(words, f"{number} // {prod(map(len, lists[:place]))} % {len(words)}")
        for place, words in enumerate(lists)
    )
    return f"({quoted(outline.stem)} || {' || '.join(brand)} || {trade} || '有限公司' || {branch})"


def coordinate(outline: Outline, name: str) -> str:
    """Degrees: a county lies within 0.12 of the city's middle, its places within 0.02 of it."""
    middle = place(outline.region)
    centre, step = (middle.longitude, 7) if name == "经度" else (middle.latitude, 5)
    around = f"({share('u', outline.salt(name))} - 0.5) / 25"
    return f"{centre}::DOUBLE + (c * {step} % 25 - 12) / 100 + {around}"


def phone(outline: Outline, name: str) -> str:
    """A telephone that leads nowhere, or of small holders now and then a mobile one, masked."""
    salt = outline.salt(name)
    lead = telephone(outline.region, 0)[:-4]
    office = f"({quoted(lead)} || {padded(below(10_000, 'u', salt), 4)})"
    if outline.subject.department != "nongye":
        return office
    first = at(("138", "139", "150", "187", "199"), below(5, "u", salt + 1))
    mobile = f"({first} || '****' || {padded(below(10_000, 'u', salt + 2), 4)})"
    return f"CASE WHEN {below(2, 'u', salt + 3)} = 0 THEN {office} ELSE {mobile} END"
