"""What is wrong comes back in the department's own workbook; what is far too long is stopped."""

import openpyxl
from ckan import model
from ckan.tests import factories

from ckanext.sdopen.table_publishing.loading import kept
from ckanext.sdopen.tests.table_publishing.loading.corpus.handed_in import (
    HEADINGS,
    csv_of,
    entry,
    replace,
    rows_of,
    shown,
    upload,
    xlsx_of,
)

ROWS = [(f"{n:03}", "药店", "7", "1", "2024-01-01") for n in range(20)]


def notes(path):
    """The comments of a workbook by their cells."""
    cells = (cell for row in openpyxl.load_workbook(path).active for cell in row)
    return {cell.coordinate: cell.comment.text for cell in cells if cell.comment}


def test_a_workbook_comes_back_with_its_wrong_cells_marked(officer, loaded, portal_app):
    wrong = ("020", "药店", "三", "1", "2024-01-01")
    rows = [("全省药店名录",), HEADINGS, *ROWS, wrong]
    given = upload(officer, entry(1)["id"], xlsx_of(("名录", rows)), "名录.xlsx")
    loaded()
    files = shown(officer, given)["last"]["files"]
    assert set(files) == {"findings", "rows", "book", "marked"}
    last = kept.last(given["id"])
    assert list(notes(kept.file_of(last, kept.MARKED))) == ["C23"]
    assert list(notes(kept.file_of(last, kept.BOOK))) == ["D2"]
    token = factories.APIToken(user=officer["name"])["token"]
    address = f"/table/{given['id']}/marked.xlsx"
    answer = portal_app.get(address, headers={"Authorization": token})
    assert answer.headers["Content-Type"].endswith("spreadsheetml.sheet")
    assert answer.get_data()[:2] == b"PK"
    assert portal_app.get(address).status_code == 404


def test_a_csv_comes_back_as_a_workbook_of_its_wrong_rows(officer, loaded):
    wrong = ("020", "药店", "三", "1", "2024-01-01")
    given = upload(officer, entry(2)["id"], csv_of([*ROWS, wrong]), "名录.csv")
    loaded()
    assert set(shown(officer, given)["last"]["files"]) == {"findings", "rows", "book"}


def test_a_table_of_ten_times_the_declared_rows_is_stopped_and_the_one_before_stays(
    officer, loaded
):
    given = upload(officer, entry(3, record_count="1")["id"], csv_of(ROWS[:10]), "名录.csv")
    loaded()
    assert len(rows_of(None, given)) == 10
    replace(officer, given, csv_of(ROWS[:11]), "名录.csv")
    loaded()
    model.Session.expire_all()
    assert "超过 10 倍" in shown(officer, given)["last"]["refused"]
    assert len(rows_of(None, given)) == 10
