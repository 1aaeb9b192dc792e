"""Local functional zones: a file completes the regions; a wrong one is refused by its entry."""

import pytest

from ckanext.sdopen import codes
from ckanext.sdopen.errors import SdopenError

ZONE = {"value": '"370674"', "zh": "烟台保税港区", "parent": '"370600"'}


@pytest.fixture
def use(tmp_path):
    """Use a file of zones with these entries; the regions are as before afterwards."""

    def write(*zones, text=None):
        lines = ["  - {" + ", ".join(f"{k}: {v}" for k, v in z.items()) + "}" for z in zones]
        file = tmp_path / "zones.yaml"
        file.write_text(
            text if text is not None else "source: 市政府文件\nentries:\n" + "\n".join(lines),
            encoding="utf-8",
        )
        codes.use_zones(str(file))

    yield write
    codes.use_zones("")


def test_a_zone_of_the_file_is_a_region_at_county_level(use):
    use({**ZONE, "aliases": "[保税港]"})
    zone = codes.region("370674")
    assert (zone.name, zone.level, zone.kind) == ("烟台保税港区", "county", "functional_zone")
    assert codes.path("370674") == ("370674", "370600", "370000")
    assert codes.load("regions").find("保税港") == "370674"
    assert codes.load("regions").label("370674", "en") == "烟台保税港区"


def test_without_a_file_the_regions_are_those_of_the_list(use):
    use(ZONE)
    codes.use_zones("")
    assert "370674" not in codes.regions()


def test_the_zones_of_the_list_bear_their_kind():
    zones = [r.name for r in codes.regions().values() if r.kind == "functional_zone"]
    assert len(zones) == 15
    assert "济南高新技术产业开发区" in zones
    assert codes.region("370102").kind == ""


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"value": '"37067"'}, "six digits"),
        ({"value": "370674"}, "six digits"),
        ({"value": '"370602"'}, "芝罘区 already"),
        ({"value": '"371674"'}, "begin like its parent"),
        ({"parent": '"370602"'}, "no province or city"),
        ({"parent": '"999900"'}, "no province or city"),
        ({"zh": '""'}, "name, is missing"),
        ({"zh": "芝罘区"}, "has a 芝罘区 already, 370602"),
        ({"level": "city"}, "level can only be county"),
        ({"name": "x"}, r"unknown keys \['name'\]"),
    ],
)
def test_a_wrong_zone_is_refused_by_its_number(use, change, said):
    other = {"value": '"370675"', "zh": "烟台空港区", "parent": '"370600"'}
    with pytest.raises(SdopenError, match=rf"zones.yaml, entry 2: .*{said}"):
        use(other, {**ZONE, **change})


@pytest.mark.parametrize("text", ["", "entries: []", "source: a\nentries: {}", "a: [", "- 1"])
def test_a_file_that_is_no_list_of_zones_is_refused(use, text):
    with pytest.raises(SdopenError, match=r"zones\.yaml"):
        use(text=text)


def test_a_file_that_is_not_there_is_named():
    with pytest.raises(SdopenError, match="/nowhere/zones"):
        codes.use_zones("/nowhere/zones.yaml")
    codes.use_zones("")
