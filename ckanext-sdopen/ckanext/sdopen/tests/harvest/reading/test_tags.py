"""Tags that CKAN takes, splits and refuses."""

from ckanext.sdopen.harvest.reading.tags import fitted


def test_legal_tags_stay_each_once():
    assert fitted(["经营", "组织机构", "经营"]) == (["经营", "组织机构"], [], [])


def test_an_illegal_tag_is_split_at_its_illegal_characters():
    kept, split, refused = fitted(["亩产（公斤）", "地域（市、区）"])
    assert kept == ["亩产", "公斤", "地域"]
    assert split == [("亩产（公斤）", ["亩产", "公斤"]), ("地域（市、区）", ["地域"])]
    assert refused == []


def test_what_cannot_be_a_tag_is_listed_and_not_lost():
    assert fitted(["等", "（）", "长" * 101]) == ([], [], ["等", "（）", "长" * 101])
