"""The steps of an entry on plain values: no CKAN, no database, one tuple for every way in."""

from datetime import date
from types import SimpleNamespace

import pytest

from ckanext.sdopen import config
from ckanext.sdopen.bulk.examining import records_of_type
from ckanext.sdopen.directory.neighbours import Neighbours
from ckanext.sdopen.entries import steps
from ckanext.sdopen.entries.steps.arrival import Arrival
from ckanext.sdopen.identifiers import ids
from ckanext.sdopen.tests.corpus.examples import catalog

BUREAU = "4f1c"
ALONE = Neighbours(None, None, None, None, None, None, "")


class Directory:
    """A directory that holds one department, and notes what it is asked."""

    def __init__(self, around: Neighbours = ALONE, **extras: str) -> None:
        self.asked: list[str] = []
        self.near = around
        found = {"region": "370000", **extras}
        self.bureau = SimpleNamespace(id=BUREAU, title="省医保局", extras=found)

    def profile(self, from_source):
        return config.profile(from_source=from_source)

    def today(self):
        return date(2026, 11, 29)

    def department(self, reference):
        return self.bureau if reference == BUREAU else None

    def catalog(self, reference):
        return None

    def around(self, arrival):
        self.asked.append(arrival.entry_id)
        return self.near


def arrived(stored=None, around: Neighbours = ALONE, **change) -> Arrival:
    """A catalog after all its steps."""
    values = {name: v for name, v in {**catalog(BUREAU), **change}.items() if v is not None}
    return steps.take(Arrival("catalog", values, stored), Directory(around))


def stored(**extras):
    known = {"region": "370000", "resource_code": "307001/000123", **extras}
    return SimpleNamespace(id="a", name="c", state="active", owner_org=BUREAU, extras=known)


def test_a_batch_takes_the_steps_of_a_single_write_in_their_order():
    assert (*steps.BY_ITSELF, *steps.AMONG_OTHERS) == steps.STEPS
    assert records_of_type.steps is steps


def test_a_new_entry_is_identified_and_dated():
    found = arrived()
    assert (found.refusals, found.errors) == ({}, [])
    assert found.entry_id == ids.entry_id("catalog", "370000", "307001/000123")
    assert found.name == "c-370000-307001-000123"
    assert found.values["region"] == "370000"
    assert (found.values["category"], found.values["division"]) == ("3", "07")
    assert found.values["released_on"] == date(2026, 11, 29)
    assert not found.private


def test_texts_are_cleaned_and_blank_rows_at_the_end_count_for_nothing():
    items = [{"name": " 药店名称\x0b ", "data_type": "C", "data_length": ""}, {"name": "  "}, {}]
    found = arrived(title=" 全省药店名录\x07 ", info_items=items)
    assert found.entry["title"] == "全省药店名录"
    assert found.entry["info_items"] == [{"name": "药店名称", "data_type": "C"}]
    blank = arrived(info_items=[{"name": ""}, {}])
    assert [(f.code, f.field) for f in blank.errors] == [("items_missing", "info_items")]


def test_what_a_form_does_not_send_is_taken_from_what_is_stored():
    found = arrived(stored(released_on="2020-01-01"), owner_org=None, resource_code=None)
    assert (found.refusals, found.errors) == ({}, [])
    assert (found.entry_id, found.name, found.owner) == ("a", "c", BUREAU)
    assert found.values["released_on"] == "2020-01-01"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"resource_code": "307001/000999"}, "resource_code"),
        ({"region": "370100"}, "region"),
    ],
)
def test_what_identifies_an_entry_never_changes(change, field):
    assert list(arrived(stored(), **change).refusals) == [field]


def test_the_directory_is_asked_only_about_what_is_sound_by_itself():
    directory = Directory()
    sound = Arrival("catalog", catalog(BUREAU))
    wrong = Arrival("catalog", catalog(BUREAU, sharing="perhaps"))
    for arrival in (sound, wrong):
        steps.take(arrival, directory)
    assert directory.asked == [sound.entry_id]
    assert [f.code for f in wrong.errors] == ["code_unknown"]


def test_a_void_number_is_refused():
    around = Neighbours(None, "void", None, None, None, None, "")
    assert [f.code for f in arrived(around=around).errors] == ["code_void"]


def test_what_is_not_open_is_private():
    closed = {"opening": "none", "closing_basis": "《中华人民共和国个人信息保护法》第二十八条"}
    assert arrived(**closed).private  # type: ignore[arg-type]
    assert arrived(opening_level="review").values.get("opening_level") is None
