"""Where a file is erased, as for personal data, nothing that was made of it stays."""

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests.helpers import call_action

from ckanext.sdopen.table_publishing.comparing import kept as differences
from ckanext.sdopen.table_publishing.loading import kept
from ckanext.sdopen.tables import history, settings
from ckanext.sdopen.tests.table_publishing.loading.corpus.handed_in import (
    ROWS,
    as_user,
    csv_of,
    entry,
    replace,
    rows_of,
    upload,
)


def test_versions_and_findings_go_at_once_but_for_those_of_other_tables(
    officer, loaded, monkeypatch, tmp_path
):
    monkeypatch.setitem(tk.config, "ckanext.sdopen.tables.bad_percent", 60)
    catalog = entry(71)
    wrong = ("004", "便民", "七", "1", "2021-01-01")
    given = upload(officer, catalog["id"], csv_of([*ROWS, wrong]), "名录.csv")
    loaded()
    replace(officer, given, csv_of(), "名录.csv")
    loaded()
    other = upload(officer, entry(72)["id"], csv_of(), "名录.csv")
    loaded()
    store = settings.store()
    shared, own = (one.version.hash for one in history.history(given["id"]))
    assert history.current(other["id"]).version.hash == shared
    assert kept.last(given["id"]) is not None
    rows = tmp_path / "rows"
    rows.write_text("", encoding="utf-8")
    differences.keep(f"{own}-{shared}-key", rows, {})

    call_action("sdopen_file_erase", as_user(officer), id=given["id"])
    assert not store.has(own)
    assert store.has(shared)
    assert kept.last(given["id"]) is None
    assert own not in str(differences.every())
    assert history.current(given["id"]) is None
    with pytest.raises(tk.ObjectNotFound):
        rows_of(officer, given)
    assert len(rows_of(None, other)) == len(ROWS)
