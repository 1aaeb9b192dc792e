"""The province as a whole: the same from the same seed, with the figures the portal shows."""

import hashlib
import json
import re
import tracemalloc
from collections import Counter
from itertools import chain, islice

import pytest

from ckanext.sdopen import codes
from ckanext.sdopen.access import visibility
from ckanext.sdopen.identifiers.provider_code import is_valid
from ckanext.sdopen.sample import Province
from ckanext.sdopen.sample.entries.places import PROVINCE, cities
from ckanext.sdopen.standard import profiles
from ckanext.sdopen.standard.check import check

# what CKAN accepts as a tag
TAG = re.compile(r"^[\w \-.]{2,100}$")
CODED = {
    "sharing": "sharing",
    "opening": "opening",
    "opening_level": "opening_level",
    "update_cycle": "update_cycle",
    "sharing_method": "sharing_method",
    "format_category": "format_category",
    "category": "category",
    "library": "library",
    "region": "regions",
}
CODED_LISTS = {
    "topics": "topics",
    "sharing_method_types": "sharing_method_types",
    "usage_requirements": "usage_requirements",
    "format_types": "format_types",
    "service_formats": "service_formats",
}


@pytest.fixture(scope="module")
def catalogs():
    return list(Province().catalog_entries())


@pytest.fixture(scope="module")
def interfaces():
    return list(Province().interface_entries())


@pytest.fixture(scope="module")
def departments():
    return list(Province().departments())


def is_open(entry) -> bool:
    return entry.payload["opening"] != "none"


def written(province: Province) -> str:
    digest = hashlib.sha256()
    for entry in chain(province.catalog_entries(), province.interface_entries()):
        digest.update(json.dumps([entry.id, entry.name, entry.payload]).encode())
    for department in province.departments():
        digest.update(json.dumps(department.payload()).encode())
    return digest.hexdigest()


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others():
    assert written(Province(seed=7)) == written(Province(seed=7)) != written(Province(seed=8))


def test_everyone_sees_1000_catalogs_and_1460_interfaces(catalogs, interfaces):
    assert (len(catalogs), sum(map(is_open, catalogs))) == (2220, 1000)
    assert (len(interfaces), sum(map(is_open, interfaces))) == (1460, 1460)


def test_classes_are_spread_as_yantai_s(catalogs):
    shareable = sum(entry.payload["sharing"] != "none" for entry in catalogs)
    assert shareable / len(catalogs) == pytest.approx(3402 / 4585, abs=0.005)
    assert sum(map(is_open, catalogs)) / len(catalogs) == pytest.approx(2067 / 4585, abs=0.005)
    assert not [e for e in catalogs if is_open(e) and e.payload["sharing"] == "none"]


def test_items_are_open_as_often_as_yantai_s(catalogs):
    items = [(entry, item) for entry in catalogs for item in entry.payload["info_items"]]
    opened = sum(is_open(entry) and item.get("opening") != "none" for entry, item in items)
    assert opened / len(items) == pytest.approx(13523 / 48005, abs=0.03)


def test_the_open_catalogs_declare_253_million_records(catalogs):
    assert sum(entry.payload["record_count"] for entry in catalogs if is_open(entry)) == 253_000_000


def test_most_monthly_catalogs_are_updated_in_time(catalogs):
    monthly = [e.payload for e in catalogs if e.payload["update_cycle"] == "monthly"]
    in_time = sum(payload["updated_on"] >= "2026-09-20" for payload in monthly)
    assert 0.85 < in_time / len(monthly) < 1
    assert all(payload["released_on"] <= payload["updated_on"] for payload in monthly)


def test_every_subject_is_open_somewhere(catalogs):
    opened = {entry.subject.name for entry in catalogs if is_open(entry)}
    assert opened == {entry.subject.name for entry in catalogs}


def test_ids_names_and_codes_are_never_used_twice(catalogs, interfaces):
    entries = catalogs + interfaces
    assert len({entry.id for entry in entries}) == len({entry.name for entry in entries}) == 3680
    assert len({entry.payload["resource_code"] for entry in entries}) == 3680


def test_titles_are_unique_within_a_provider(catalogs, interfaces):
    titles = Counter((e.kind, e.payload["owner_org"], e.payload["title"]) for e in catalogs)
    titles.update((e.kind, e.payload["owner_org"], e.payload["title"]) for e in interfaces)
    assert max(titles.values()) == 1


def test_all_three_classes_of_codes_occur(catalogs):
    pattern = re.compile(r"^[123]\d{5}/\d{6}$")
    assert all(pattern.match(entry.payload["resource_code"]) for entry in catalogs)
    assert {entry.payload["resource_code"][0] for entry in catalogs} == {"1", "2", "3"}


def test_every_coded_value_is_in_its_list(catalogs, interfaces):
    for entry in catalogs + interfaces:
        payload = entry.payload
        for field, code_list in CODED.items():
            assert payload.get(field) is None or payload[field] in codes.load(code_list), field
        for field, code_list in CODED_LISTS.items():
            assert all(value in codes.load(code_list) for value in payload.get(field, [])), field


def test_all_data_types_but_none_else_occur(catalogs):
    found = {item["data_type"] for e in catalogs for item in e.payload["info_items"]}
    assert found == {code.value for code in codes.load("data_type")}


def test_tags_are_legal(catalogs):
    tags = {tag["name"] for entry in catalogs for tag in entry.payload["tags"]}
    assert len(tags) > 500
    assert all(TAG.match(tag) for tag in tags)


def test_each_city_has_at_least_12_bureaus_and_some_counties_have_theirs(departments):
    by_region = Counter(department.region for department in departments)
    assert all(by_region[city] >= 12 for city in cities())
    assert len(cities()) == 16
    assert 55 <= by_region[PROVINCE] <= 65
    assert sum(department.level == "county" for department in departments) > 50


def test_each_city_and_the_province_have_one_data_authority(departments):
    authorities = [department for department in departments if department.is_authority]
    counts = Counter(department.region for department in authorities)
    assert all(counts[region] == 1 for region in (PROVINCE, *cities()))
    assert "山东省大数据局" in {department.title for department in authorities}


def test_departments_differ_in_id_title_and_code_and_their_codes_are_valid(departments):
    for field in ("id", "name", "title", "provider_code"):
        assert len({getattr(d, field) for d in departments}) == len(departments)
    assert all(is_valid(department.provider_code) for department in departments)
    assert all(d.provider_code[2:8] == d.region for d in departments)


def test_every_provider_is_among_the_departments(catalogs, departments):
    assert {e.payload["owner_org"] for e in catalogs} <= {d.id for d in departments}


def test_a_large_province_streams_in_constant_memory():
    def peak(count: int) -> int:
        province = Province(catalogs=count)
        entries = chain(province.catalog_entries(), province.interface_entries())
        tracemalloc.start()
        try:
            assert sum(1 for _ in entries) == count + province.interfaces
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(3_000)  # fills the caches of places, departments and items
    assert peak(20_000) < peak(3_000) + 4_000_000


def test_a_directory_of_420000_entries_has_no_code_twice():
    province = Province(catalogs=420_000)
    assert province.open_catalogs == 189_189
    ranks = {province.rank(number) for number in range(province.catalogs)}
    assert ranks == set(range(province.catalogs))
    late = list(islice(province.catalog_entries(), 90_000))
    assert len({entry.id for entry in late}) == len(late)
    assert len({(e.payload["owner_org"], e.payload["title"]) for e in late}) == len(late)


def test_every_entry_of_the_sample_meets_the_strictest_profile():
    strict = profiles.profile("regulation_2025")
    province = Province()
    broken = [f for e in province.catalog_entries() for f in check(e.payload, strict)]
    broken += [f for e in province.interface_entries() for f in check(e.payload, strict, e.kind)]
    assert broken == []


def test_drafts_and_withdrawn_catalogs_of_every_class_stand_beside_the_published(catalogs):
    entries = list(Province().unpublished_entries())
    withdrawn = [entry for entry in entries if entry.payload.get("withdrawn_on")]
    assert (len(entries), len(withdrawn)) == (33, 11)
    assert {entry.payload["state"] for entry in entries} == {"draft"}
    for some in (entries, withdrawn):
        seen = {visibility.class_of(e.payload["sharing"], e.payload["opening"]) for e in some}
        assert seen == {one["name"] for one in visibility.table().classes}
    codes_of = {entry.payload["resource_code"] for entry in (*entries, *catalogs)}
    titles = {entry.payload["title"] for entry in entries}
    assert len(codes_of) == 2220 + 33
    assert not titles & {entry.payload["title"] for entry in catalogs}
    assert sum(entry.department.key == "shichang" for entry in entries) >= 5
    strict = profiles.profile("regulation_2025")
    assert not [entry for entry in entries if check(entry.payload, strict)]
