"""A web server with CKAN's check of tokens, which test.ini leaves out, and a small province."""

from collections.abc import Iterator

import pytest

from ckanext.sdopen.sample.loading import loading
from ckanext.sdopen.sample.tables import previews
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
    """A small province in the portal, the first of its tables with a preview."""
    loaded = small_province()
    previews.fill(loaded["tables"][0], loading.site_context())
    return loaded
