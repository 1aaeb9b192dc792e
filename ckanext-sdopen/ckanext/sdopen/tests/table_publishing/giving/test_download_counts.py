"""Downloads are counted once each, and the page of a table says how many there were."""

from ckan import model

from ckanext.sdopen.counting import kept, waiting
from ckanext.sdopen.table_publishing import download_counts


def counted(table) -> int:
    kept.bring_in()
    return kept.totals(download_counts.KIND, [table.version.table]).get(table.version.table, 0)


def test_what_gives_a_file_is_counted_and_nothing_else(portal_app, address, table):
    before = counted(table)
    tag = portal_app.get(f"{address}.csv", status=200).headers["ETag"]
    portal_app.get(f"{address}.xlsx?has.名称=药店", status=200)
    portal_app.get(f"{address}.parquet", headers={"Range": "bytes=0-3"}, status=206)
    portal_app.get(f"/datastore/dump/{table.version.table}", status=200)
    assert counted(table) == before + 4
    portal_app.client.head(f"{address}.csv")
    portal_app.get(f"{address}.parquet", headers={"Range": "bytes=4-7"}, status=206)
    portal_app.get(f"{address}.csv", headers={"If-None-Match": tag}, status=304)
    portal_app.get(f"{address}.csv?nonsense=1", status=400)
    portal_app.get(address, status=200)
    portal_app.get(f"/api/3/action/datastore_search?resource_id={table.version.table}", status=200)
    assert counted(table) == before + 4


def test_the_page_says_how_often_it_was_downloaded(portal_app, address, table):
    portal_app.get(f"{address}.csv", status=200)
    number = counted(table)
    assert f"下载 {number} 次" in portal_app.get(address).get_data(as_text=True)
    model.Session.rollback()
    assert list(waiting.portions()) == []
