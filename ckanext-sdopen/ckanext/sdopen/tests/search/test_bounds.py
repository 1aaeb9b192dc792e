"""A search takes so much of a question and no more, whoever asks."""

import tracemalloc
from contextlib import suppress

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests.helpers import call_action

from ckanext.sdopen.chinese import analysis, pinyin
from ckanext.sdopen.ckan_seams.repairs.solr_connection import IndexAway
from ckanext.sdopen.search import actions, bounds
from ckanext.sdopen.search.tiers import asked
from ckanext.sdopen.search.typed import by_fields

pytestmark = pytest.mark.usefixtures("clean_portal")

LONG = "xzspxinxi" * 2_500


def raised(error):
    raise error


def test_plain_words_beyond_the_limit_are_cut_and_the_answer_says_so(monkeypatch):
    looked_at = []
    found = asked.of_person
    monkeypatch.setattr(asked, "of_person", lambda c, d: looked_at.append(d["q"]) or found(c, d))
    said = call_action("package_search", q=LONG)["sdopen_search"]["label"]
    assert looked_at == [LONG[:300]]
    assert "300" in said
    assert "300" not in call_action("package_search", q="药店")["sdopen_search"]["label"]


@pytest.mark.parametrize("name", ["q", "fq", "fq_list"])
@pytest.mark.parametrize("is_listed", [False, True])
def test_a_value_of_another_shape_is_bounded_too(name, is_listed):
    query = "title:" + "a" * 8_000
    with pytest.raises(tk.ValidationError) as refusal:
        call_action("package_search", **{name: [query] if is_listed else query})
    assert list(refusal.value.error_dict) == [name.removesuffix("_list")]


@pytest.mark.parametrize("name", ["q", "fq", "fq_list"])
def test_a_query_by_fields_beyond_the_limit_is_refused_and_never_cut(name):
    query = "title:" + "a" * 8_000
    with pytest.raises(tk.ValidationError) as refusal:
        call_action("package_search", **{name: [query] if name == "fq_list" else query})
    assert refusal.value.error_dict == {name.removesuffix("_list"): [str(refusal.value)]}
    assert "8006" in str(refusal.value)
    assert "8000" in str(refusal.value)


@pytest.mark.parametrize("is_away", [False, True])
@pytest.mark.parametrize("name", ["q", "fq", "fq_list"])
@pytest.mark.parametrize("query", ["title:[ TO ", "[ TO ", "水利: [ TO "])
def test_nothing_beyond_the_limit_is_read_as_a_query(monkeypatch, is_away, name, query):
    read, looked_at = by_fields._read, []
    monkeypatch.setattr(by_fields, "_read", lambda text: looked_at.append(len(text)) or read(text))
    if is_away:
        monkeypatch.setattr(actions, "_indexed", lambda *_: raised(IndexAway))
    long = query + " TO  TO" * 10_000
    with suppress(tk.ValidationError):
        call_action("package_search", **{name: [long] if name == "fq_list" else long})
    assert max(looked_at, default=0) <= 8_000


def test_plain_words_are_cut_before_anything_else_reads_them(monkeypatch):
    read, looked_at = by_fields._read, []
    monkeypatch.setattr(by_fields, "_read", lambda text: looked_at.append(text) or read(text))
    call_action("package_search", q="unheard:x title:水利")
    assert looked_at.count("unheard:x title:水利") == 1


def test_one_at_the_limit_is_asked():
    assert call_action("package_search", fq="title:" + "a" * 7_994)["count"] == 0


@pytest.mark.parametrize("address", ["/dataset/", "/interface/"])
def test_the_page_of_a_query_that_is_too_long_says_so(portal_app, address):
    answer = portal_app.get(address, query_string={"q": "title:" + "a" * 8_001})
    assert answer.status_code == 400
    assert "8007" in answer.text


def test_the_api_answers_409(portal_app):
    body = {"q": "title:" + "a" * 8_001}
    answer = portal_app.post("/api/3/action/package_search", json=body)
    assert answer.status_code == 409
    assert answer.json["error"]["__type"] == "Validation Error"
    assert "8007" in answer.json["error"]["q"][0]


def test_the_limit_is_a_setting(ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckanext.sdopen.search.words_length", 2)
    assert bounds.shortened("社会保障")[0] == "社会"


def test_letters_are_cut_into_syllables_in_memory_that_grows_with_their_number():
    def peak(letters: str) -> int:
        tracemalloc.start()
        try:
            assert pinyin.cut(letters)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak("hunyin" * 4_000) < 6 * peak("hunyin" * 1_000)


def test_a_run_is_read_once_however_many_words_of_the_table_stand_in_it(monkeypatch):
    class Counting:
        def __init__(self, segmenter):
            self.segmenter, self.runs = segmenter, []

        def cut(self, run):
            self.runs.append(len(run))
            return self.segmenter.cut(run)

    counting = Counting(analysis._segmenter())
    monkeypatch.setattr(analysis, "_segmenter", lambda: counting)
    run = "社保查询办理" * 500
    analysis.query_words(run, frozenset({"社保", "办理"}))
    assert sum(counting.runs) <= 2 * len(run)


@pytest.mark.parametrize(
    ("setting", "name", "fits", "more"),
    [
        ("filters", "fq_list", ["type:dataset"] * 2, ["type:dataset"] * 3),
        ("facets", "facet.field", ["topics", "tags"], ["topics", "tags", "res_format"]),
        ("facets", "facet.field", '["topics", "tags"]', '["topics", "tags", "res_format"]'),
        ("orders", "sort", "title_sort asc, name asc", "title_sort asc, name asc, id asc"),
    ],
)
def test_a_search_takes_so_many_filters_facets_and_fields_to_sort_by(
    ckan_config, monkeypatch, setting, name, fits, more
):
    monkeypatch.setitem(ckan_config, f"ckanext.sdopen.search.{setting}", 2)
    assert call_action("package_search", **{name: fits})["count"] == 0
    with pytest.raises(tk.ValidationError) as refusal:
        call_action("package_search", **{name: more})
    assert list(refusal.value.error_dict) == [name]
    assert "3" in refusal.value.error_dict[name][0]
