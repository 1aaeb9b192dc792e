"""Another CKAN, table or plugin than the known ones closes the fast ways, and is named."""

import sys
from collections.abc import Iterator

import pytest
from ckan import model
from ckan.lib.dictization import model_dictize
from ckanext.activity import subscriptions
from ckanext.scheming import plugins as scheming_plugins
from sqlalchemy import text

from ckanext.sdopen.bulk import way
from ckanext.sdopen.ckan_seams import guard, index_document, known_tables, rows, scheming
from ckanext.sdopen.index.documents import builder
from ckanext.sdopen.tests.bulk.corpus.sending import bulk, results, withdraw
from ckanext.sdopen.tests.corpus.examples import authority, catalog, created, department

BULK, INDEX = guard.BULK, guard.INDEX


@pytest.fixture(scope="module")
def bureau(clean_portal):
    return department("省统计局")


@pytest.fixture(autouse=True)
def looked_anew() -> Iterator[None]:
    guard.forget()
    yield
    model.Session.rollback()
    guard.forget()


def not_ok() -> list[guard.Check]:
    return [check for check in guard.state() if not check.ok]


def test_all_is_known_here(bureau):
    assert not_ok() == []
    assert (guard.unknown(BULK), guard.unknown(INDEX)) == ("", "")
    assert way.reason() == ""
    names = [check.name for check in guard.state()]
    assert len(names) == len(set(names)) > 90
    assert {"release ckan", "table package", "table activity"} < set(names)


@pytest.mark.parametrize(
    ("installed", "ok"),
    [("2.12.0", True), ("2.12.7", True), ("2.12", True), ("2.13.0", False), ("2.1.20", False)],
)
def test_a_patch_release_is_known_by_its_hashes_and_another_is_not(
    bureau, monkeypatch, installed, ok
):
    real = guard.version
    monkeypatch.setattr(guard, "version", lambda name: installed if name == "ckan" else real(name))
    assert [check.name for check in not_ok()] == ([] if ok else ["release ckan"])
    assert bool(guard.unknown(BULK)) is bool(guard.unknown(INDEX)) is not ok


CHANGES = {
    "a column more": "ALTER TABLE package ADD COLUMN licence_year integer",
    "a column that must be filled": "ALTER TABLE package ALTER COLUMN version SET NOT NULL",
    "a column of another type": "ALTER TABLE package ALTER COLUMN version TYPE varchar(9)",
    "another default": "ALTER TABLE package ALTER COLUMN version SET DEFAULT '1'",
    "a constraint": "ALTER TABLE package ADD CONSTRAINT few CHECK (length(version) < 9)",
    "a key less": "ALTER TABLE package DROP CONSTRAINT package_name_key",
    "an index that refuses": "CREATE UNIQUE INDEX ON package (title)",
    "an index of a part": "CREATE INDEX ON package (title) WHERE state = 'active'",
    "a trigger": """CREATE TRIGGER other AFTER UPDATE ON package FOR EACH ROW
        EXECUTE FUNCTION sdopen_raise()""",
    "a rule": "CREATE RULE other AS ON DELETE TO package DO ALSO NOTHING",
    "row security": "ALTER TABLE package ENABLE ROW LEVEL SECURITY",
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_table_that_takes_other_rows_closes_the_statements(bureau, change):
    model.Session.execute(text(CHANGES[change]))
    assert [(one.name, one.ways) for one in not_ok()] == [("table package", (BULK,))]
    assert guard.unknown(BULK) == "table package"
    assert guard.unknown(INDEX) == ""


def test_a_table_of_a_loaded_plugin_that_is_not_there_is_missing(bureau):
    model.Session.execute(text("DROP TABLE activity CASCADE"))
    assert [(one.name, one.found) for one in not_ok()] == [("table activity", "missing")]


@pytest.mark.parametrize(
    "harmless",
    [
        "CREATE INDEX ON package (title)",
        "ALTER TABLE package RENAME CONSTRAINT package_name_key TO other_name",
        """CREATE TRIGGER sdopen_more AFTER UPDATE ON package FOR EACH ROW
            EXECUTE FUNCTION sdopen_raise()""",
    ],
)
def test_an_index_of_an_operator_another_name_and_a_trigger_of_ours_close_nothing(bureau, harmless):
    model.Session.execute(text(harmless))
    assert not_ok() == []


def test_a_function_of_ckan_that_changed_closes_what_copies_it(bureau, monkeypatch):
    real = model_dictize.package_dictize

    def patched(*arguments, **more):
        return real(*arguments, **more)

    monkeypatch.setattr(model_dictize, "package_dictize", patched)
    (found,) = not_ok()
    assert found.name == "function ckan.lib.dictization.model_dictize:package_dictize"
    assert found.ways == (BULK, INDEX)
    assert found.consequence.startswith("bulk writes go by the actions")
    user, record = authority(), catalog(bureau["id"], resource_code="307001/700001")
    said: list[str] = []
    monkeypatch.setattr(guard._log, "warning", lambda told, *more: said.append(told % more))
    answer = bulk(user, [record])
    assert results(bulk(user, [record])) == ["unchanged"]
    assert (results(answer), answer["way"]) == (["created"], "actions")
    assert answer["way_reason"] == f"Not the known CKAN: {found.name}"
    assert [one for one in said if "go by the actions" in one] == [
        f"Not the known CKAN ({found.name}): {guard.CONSEQUENCES[BULK]}"
    ]


def test_a_function_that_only_statements_copy_leaves_documents_alone(bureau, monkeypatch):
    monkeypatch.setattr(subscriptions, "package_updated", lambda sender, **kwargs: None)
    assert guard.unknown(BULK) == "function ckanext.activity.subscriptions:package_updated"
    assert guard.unknown(INDEX) == ""


def test_documents_of_another_ckan_are_those_that_ckan_makes(bureau, monkeypatch):
    made = created(catalog(bureau["id"], resource_code="307001/700002"))
    asked, real = [], index_document.document
    monkeypatch.setattr(index_document, "document", lambda one: asked.append(one) or real(one))
    (entry,) = rows.load([made["id"]]).values()
    own = builder.Builder().document(entry)
    assert asked == []
    monkeypatch.setattr(guard, "unknown", lambda of: "release ckan")
    by_ckan = builder.Builder().document(entry)
    assert asked == [made["id"]]
    assert by_ckan["permission_labels"] == own["permission_labels"]
    assert by_ckan["title_bi"] == own["title_bi"]


def hidden_from_us(self) -> dict:
    """The schemas, for scheming itself; whoever else reaches for them finds no such attribute."""
    if sys._getframe(1).f_globals["__name__"].startswith("ckanext.scheming"):
        return self.__dict__["_expanded_schemas"]
    raise AttributeError("_expanded_schemas")


@pytest.mark.parametrize("asked_before", [False, True], ids=["at the start", "after a reload"])
def test_bulk_writes_go_by_the_actions_with_another_scheming(bureau, monkeypatch, asked_before):
    if asked_before:
        assert way.reason() == ""
    another = property(hidden_from_us)
    monkeypatch.setattr(scheming_plugins.SchemingDatasetsPlugin, "_expanded_schemas", another)
    user = authority()
    code = f"307001/70001{int(asked_before)}"
    answer = bulk(user, [catalog(bureau["id"], resource_code=code)])
    assert (results(answer), answer["way"]) == (["created"], "actions")
    assert "_expanded_schemas" in answer["way_reason"]
    gone = withdraw(user, [answer["records"][0]["id"]])
    assert (results(gone), gone["way"]) == (["updated"], "actions")
    (entry,) = rows.load([answer["records"][0]["id"]]).values()
    assert builder.Builder().document(entry)["name"] == answer["records"][0]["name"]


@pytest.mark.parametrize("name", ["_field_output_validators", "expand_form_composite"])
def test_a_function_of_scheming_that_is_gone_is_missing(bureau, monkeypatch, name):
    monkeypatch.delattr(scheming_plugins, name)
    closed = guard.unknown(BULK)
    assert f"attribute ckanext.scheming.plugins:{name}" in closed


@pytest.mark.parametrize("schemas", [{}, {"dataset": {}}, {"dataset": None}, ()])
def test_schemas_of_another_form_are_said_and_not_stumbled_over(monkeypatch, schemas):
    plugin = scheming_plugins.SchemingDatasetsPlugin.instance
    monkeypatch.setattr(plugin, "_expanded_schemas", schemas)
    with pytest.raises(scheming.UnknownScheming, match="dataset"):
        scheming.expanded_schema("dataset")


def test_the_bounds_of_the_requirements_are_the_known_releases(repository):
    project = (repository / "pyproject.toml").read_text(encoding="utf-8")
    assert '"ckan[requirements]>=2.12,<2.13"' in project
    assert '"ckanext-scheming>=3.1,<4"' in project
    assert '"ckanext-dcat>=2.4.4,<3"' in project


def test_the_known_tables_are_those_of_the_statements():
    assert known_tables.fingerprints() == known_tables.KNOWN
    assert set(known_tables.wanted()) == set(known_tables.KNOWN)
