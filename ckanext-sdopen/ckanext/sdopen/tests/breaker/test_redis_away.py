"""Redis stopped or hung: pages and writes go on, nothing waits without an end."""

import pytest

from ckanext.sdopen.access import visibility
from ckanext.sdopen.bench.faults.fault import Mode
from ckanext.sdopen.tests.corpus.examples import catalog

pytestmark = [pytest.mark.slow]

PAGES = ("/", "/dataset/", "/interface/", "/organization/", "/topic/", "/library/", "/user/login")


@pytest.mark.parametrize("mode", [Mode.REFUSE, Mode.BLACK_HOLE])
def test_pages_and_writes_go_on(well, world, mode):
    token = world.tokens[visibility.SYSADMIN]
    code = f"307001/6002{'12'[mode is Mode.REFUSE]}0"
    with well.redis.fault(mode):
        well.wait_until("redis", known="down")
        pages = {page: well.ask(page).status for page in PAGES}
        made = well.action(
            "package_create", token, **catalog(world.bureau["id"], resource_code=code)
        )
        jobs = well.action("job_list", token)
        health = well.ask("/health")
    assert pages == dict.fromkeys(PAGES, 200)
    assert made.status == 200
    assert jobs.status >= 500
    assert (health.status, health.json["status"]) == (200, "degraded")
