"""A web server with CKAN's check of tokens, which test.ini leaves out, and a small province."""

from collections.abc import Iterator

import pytest
from ckan.tests.helpers import call_action

from ckanext.sdopen.sample.loading.loading import site_context
from ckanext.sdopen.services.layout import ROOT
from ckanext.sdopen.services.servers import web
from ckanext.sdopen.tests.corpus.province import small_province

# what a portal has and the tests' portal has not
GUARDED = """[app:main]
use = config:{test_ini}
testing = false
WTF_CSRF_ENABLED = true
"""


@pytest.fixture(scope="session")
def guarded(tmp_path_factory) -> Iterator[str]:
    """The address of gunicorn with two processes on the tests' databases, as a portal runs it."""
    folder = tmp_path_factory.mktemp("guarded")
    ini = folder / "guarded.ini"
    ini.write_text(GUARDED.format(test_ini=ROOT / "test.ini"), encoding="utf-8")
    with web.serve(ini, folder / "web.log", {"SDOPEN_WEB_WORKERS": "2"}) as url:
        yield url


@pytest.fixture(scope="module")
def province(clean_portal):
    """A small province in the portal, its uploaded file with a preview by CKAN's own view."""
    loaded = small_province()
    file = loaded["file"]["id"]
    table = {"resource_id": file, "force": True}
    rows = [{"编号": str(number), "名称": f"名称{number}"} for number in range(100)]
    call_action("datastore_create", dict(site_context()), **table, records=rows)
    view = {"view_type": "datatables_view", "title": "表格"}
    call_action("resource_view_create", dict(site_context()), resource_id=file, **view)
    return loaded
