"""An exemption from the CSRF check lasts for its request; what a start exempts stays so."""

import pytest
from flask import Flask, request
from flask_wtf.csrf import CSRFProtect

from ckanext.sdopen.ckan_seams.repairs import csrf


@pytest.fixture
def site():
    """A site that, as CKAN, exempts the view of whoever shows a key."""
    app = Flask(__name__)
    app.secret_key = "0123456789abcdef" * 2
    protection = CSRFProtect()

    def spare_programs():
        if request.headers.get("Key"):
            protection.exempt(f"{view.__module__}.{view.__name__}")

    def view():
        return "done"

    app.before_request(spare_programs)
    app.add_url_rule("/", "view", view, methods=["POST"])
    protection.init_app(app)
    return app, protection


def statuses(site):
    client = site[0].test_client()
    calls = ({}, {"Key": "x"}, {})
    return [client.post("/", headers=headers).status_code for headers in calls]


def test_without_the_repair_one_program_opens_the_view_for_everybody(site):
    assert statuses(site) == [400, 200, 200]


def test_with_the_repair_it_opens_it_for_its_own_request(site):
    assert csrf.apply(site[1])
    assert statuses(site) == [400, 200, 400]


def test_what_is_exempt_from_the_start_stays_so(site):
    csrf.apply(site[1])
    site[1].exempt(site[0].view_functions["view"])
    assert statuses(site) == [200, 200, 200]


def test_a_request_is_spared_by_name(site):
    csrf.apply(site[1])
    # before the check, as `guard.origin_pages` does
    site[0].before_request_funcs[None].insert(0, lambda: csrf.exempt_this_request(site[1]))
    assert statuses(site) == [200, 200, 200]


def test_it_is_put_in_once_and_not_where_ckan_has_it(site):
    class Mended(CSRFProtect):
        spared = 0

        def exempt_this_request(self):
            self.spared += 1

    mended = Mended()
    exempt = mended.exempt
    assert csrf.apply(mended) is False
    assert mended.exempt == exempt
    csrf.exempt_this_request(mended)
    assert mended.spared == 1
    assert csrf.apply(site[1]) is True
    assert csrf.apply(site[1]) is False
