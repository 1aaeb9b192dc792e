"""Each part away × all actions: no body and no line of the log holds a secret or an address."""

import os
from urllib.parse import urlsplit

import ckan.logic
import ckan.plugins.toolkit as tk
import pytest

from ckanext.sdopen.access import visibility
from ckanext.sdopen.bench.faults.fault import Mode
from ckanext.sdopen.tests.corpus.examples import catalog, created

pytestmark = [pytest.mark.slow]

ABSENT = "0c0ffee0-0000-4000-8000-000000000000"
URLS = (
    "CKAN_SQLALCHEMY_URL",
    "CKAN_DATASTORE_WRITE_URL",
    "CKAN_DATASTORE_READ_URL",
    "CKAN_REDIS_URL",
)
# these end what the others need
LEFT_OUT = ("api_token_revoke", "config_option_update", "job_clear", "user_delete")


def actions() -> dict[str, bool]:
    """{name: whether it only reads} of all actions."""
    tk.get_action("package_show")
    named = ckan.logic._actions.items()
    return {n: bool(getattr(a, "side_effect_free", False)) for n, a in named if n not in LEFT_OUT}


def passwords() -> set[str]:
    found = {urlsplit(os.environ[name]).password or "" for name in URLS}
    return {*found, tk.config["SECRET_KEY"]} - {""}


@pytest.mark.parametrize("part", ["solr", "postgres", "redis"])
def test_no_answer_and_no_line_of_the_log_holds_a_secret(well, world, part):
    token = world.tokens[visibility.SYSADMIN]
    owner, number = world.bureau["id"], {"solr": 1, "postgres": 2, "redis": 3}[part]
    entry = created(catalog(owner, resource_code=f"307001/50000{number}"))
    calls = [
        (name, {"id": entry["id"] if reads else ABSENT, "q": "药店"})
        for name, reads in sorted(actions().items())
    ]
    calls.append(("package_patch", {"id": entry["id"], "notes": part}))
    calls.append(("package_create", catalog(owner, resource_code=f"307001/51000{number}")))
    calls.append(("package_delete", {"id": entry["id"]}))
    pages = ("/", "/dataset/", f"/dataset/{entry['name']}")
    proxy = getattr(well, part)
    with proxy.fault(Mode.REFUSE):
        bodies = [well.action(name, token, **given) for name, given in calls]
        bodies += [well.ask(page) for page in pages]
    well.wait_until(known="up")
    with proxy.fault(Mode.BLACK_HOLE):
        bodies += [well.action(name, token, **given) for name, given in calls[-3:]]
        bodies += [well.ask(page) for page in pages]
    well.wait_until(known="up")
    said = "\n".join(answer.text for answer in bodies)
    log = well.log.read_text(encoding="utf-8")
    places = {urlsplit(one.url).netloc.rpartition("@")[2] for one in (well.solr, well.postgres)}
    assert {secret[:4] for secret in passwords() if secret in said or secret in log} == set()
    assert {place for place in places if place in said} == set()
    assert {answer.status for answer in bodies if answer.status >= 500} <= {500, 503}
