"""`help_show` answers for every action that there is."""

from functools import partial

import ckan.plugins.toolkit as tk
import pytest
from ckan import logic
from ckan.tests.helpers import call_action

pytestmark = pytest.mark.usefixtures("clean_portal")


def test_no_action_tells_of_a_partial_function():
    tk.get_action("help_show")
    told = {name: call_action("help_show", name=name) for name in list(logic._actions)}
    assert len(told) > 200
    assert not [name for name, said in told.items() if said == partial.__doc__]
    # CKAN wrote nothing for these
    assert len([name for name, said in told.items() if not said]) < 10


def test_an_action_that_was_changed_tells_how_and_what_ckan_says():
    said = call_action("help_show", name="format_autocomplete")
    assert said.startswith("Offer formats of entries that the caller reads")
    assert ":param q:" in said
