"""The declared keys of the sample's subjects."""

from collections import Counter

from ckanext.sdopen.sample import Province
from ckanext.sdopen.sample.entries.keys import key_of, period_of
from ckanext.sdopen.sample.entries.vocabulary import subjects

SUBJECTS = {subject.name: subject for subject in subjects()}


def key(name: str) -> tuple[str, ...]:
    return key_of(SUBJECTS[name])


def test_a_name_or_a_number_is_a_key_by_itself():
    assert key("公共厕所信息") == ("公厕名称",)
    assert key("采矿权登记信息") == ("许可证号",)


def test_a_series_has_the_period_in_its_key():
    assert key("地表水水质监测月报") == ("断面名称", "监测月份")
    assert period_of(SUBJECTS["地表水水质监测月报"]) == "监测月份"


def test_statistics_are_told_apart_by_who_reports_them():
    assert key("火灾形势统计") == ("统计月份", "填报机关")
    assert key("农村危房改造统计") == ("区县名称", "填报机关")


def test_where_nothing_tells_records_apart_there_is_no_key():
    assert key("基准地价") == ()
    assert sum(not key_of(subject) for subject in SUBJECTS.values()) < 25


def test_items_of_the_key_are_open_and_never_empty():
    found = Counter()
    for entry in Province().catalog_entries():
        for item in entry.payload["info_items"]:
            if item["primary_key"] == "true":
                found[item["nullable"], item.get("opening")] += 1
    assert set(found) == {("false", None)}
