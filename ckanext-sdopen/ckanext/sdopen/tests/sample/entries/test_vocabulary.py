"""The written vocabulary: enough subjects, each with a department, a cycle and items."""

from collections import Counter

from ckanext.sdopen import codes
from ckanext.sdopen.sample.entries.items import names_of
from ckanext.sdopen.sample.entries.vocabulary import departments, subjects

TWENTY = [code.value for code in codes.load("topics") if code.value != "other"]


def test_there_are_twenty_topics_of_at_least_25_subjects():
    counts = Counter(subject.topic for subject in subjects())
    assert sorted(counts) == sorted(TWENTY)
    assert len(TWENTY) == 20
    assert min(counts.values()) >= 25


def test_there_are_at_least_450_subjects_of_different_names():
    names = [subject.name for subject in subjects()]
    assert len(set(names)) == len(names) >= 450


def test_each_subject_has_a_department_a_cycle_and_items():
    for subject in subjects():
        assert subject.department in departments(), subject.name
        assert subject.update_cycle in codes.load("update_cycle"), subject.name
        assert len(set(subject.items)) == len(subject.items) >= 3, subject.name
        assert set(subject.items) < set(names_of(subject)), subject.name


def test_most_subjects_have_items_of_their_own():
    different = {subject.items for subject in subjects()}
    assert len(different) > 0.9 * len(subjects())


def test_no_item_is_a_person_s_name():
    names = {name for subject in subjects() for name in names_of(subject)}
    assert not {name for name in names if "姓名" in name or name.endswith(("人名", "身份证号"))}


def test_about_sixty_kinds_of_departments_have_a_provincial_and_a_city_name():
    assert 55 <= len(departments()) <= 65
    assert all(kind.province and kind.city for kind in departments().values())
