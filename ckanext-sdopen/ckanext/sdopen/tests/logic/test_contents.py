"""What the contents pages name is what CKAN knows."""

import ckan.plugins.toolkit as tk
import pytest
from ckan import authz

from ckanext.sdopen import helpers
from ckanext.sdopen.logic import action, auth, validators


def in_authz(name: str) -> bool:
    return name in authz.auth_functions_list()


PAGES = [(action, tk.get_action), (auth, in_authz), (validators, tk.get_validator)]


CHAINED_HELPERS = {"humanize_entity_type"}


@pytest.mark.parametrize(("page", "find"), PAGES, ids=lambda p: getattr(p, "__name__", ""))
def test_everything_on_a_contents_page_is_registered(page, find):
    assert page.__all__
    for name in page.__all__:
        assert find(name)


@pytest.mark.parametrize("page", [action, auth, validators, helpers], ids=lambda p: p.__name__)
def test_a_contents_page_lists_all_that_it_imports(page):
    imported = {
        name
        for name, value in vars(page).items()
        if callable(value) and getattr(value, "__module__", "").startswith("ckanext.sdopen")
    }
    assert imported == set(page.__all__)
    assert sorted(page.__all__) == list(page.__all__)


@pytest.mark.parametrize("page", [validators, helpers], ids=lambda p: p.__name__)
def test_names_tell_whose_they_are(page):
    # names of CKAN's own are those that ours are chained to
    own = [name for name in page.__all__ if name not in CHAINED_HELPERS]
    assert all(name.startswith("sdopen_") for name in own)
