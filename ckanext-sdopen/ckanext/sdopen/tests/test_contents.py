"""What the capabilities offer is what CKAN knows, each name once."""

from pathlib import Path
from types import ModuleType

import ckan.plugins.toolkit as tk
import pytest
from ckan import authz

from ckanext.sdopen import contents
from ckanext.sdopen.jobs.kinds import Kind, Periodic

# CKAN's own, to which one of ours is chained, or which ours answers anew
CKANS = {"humanize_entity_type", "is_url", "linked_user", "user_password_validator"}


def in_authz(name: str) -> bool:
    return name in authz.auth_functions_list()


FINDERS = {
    contents.ACTIONS: tk.get_action,
    contents.AUTH: in_authz,
    contents.VALIDATORS: tk.get_validator,
    contents.HELPERS: lambda name: name in tk.h,
}


@pytest.mark.parametrize("kind", FINDERS)
def test_everything_that_is_offered_is_registered(kind):
    offered = contents.offered(kind)
    assert offered
    for name in offered:
        assert FINDERS[kind](name)


@pytest.mark.parametrize("kind", FINDERS)
def test_a_file_of_a_kind_defines_or_imports_all_that_it_names(kind):
    for module in contents.modules(kind):
        assert module.__all__, module.__name__
        assert sorted(module.__all__) == list(module.__all__), module.__name__


def test_a_name_that_two_files_offer_is_an_error():
    one, other = ModuleType("one"), ModuleType("other")
    for module in (one, other):
        vars(module).update(__all__=["a"], a=module.__name__)
    with pytest.raises(contents.DoubleName, match="a: offered by one and by other"):
        contents.collected([one, other])


@pytest.mark.parametrize(
    ("path", "is_of"),
    [
        ("entries/actions", True),
        ("numbering/code_actions", True),
        ("access/actions/followed", True),
        ("access/actions/__init__", False),
        ("entries/publication", False),
        ("bulk/transactions", False),
    ],
)
def test_a_kind_is_the_whole_name_or_the_ending_of_a_file_or_its_folder(path, is_of):
    assert contents.is_of(contents.ACTIONS, Path(path)) is is_of


@pytest.mark.parametrize("kind", [contents.VALIDATORS, contents.HELPERS])
def test_names_tell_whose_they_are(kind):
    own = [name for name in contents.offered(kind) if name not in CKANS]
    assert all(name.startswith("sdopen_") for name in own)


def test_every_kind_of_job_and_every_task_has_a_name_of_its_own_and_a_deadline():
    found = contents.background()
    names = [one.name for one in found]
    assert {"workbook_check", "workbook_import", "jobs_sweep"} <= set(names)
    assert len(names) == len(set(names))
    assert all(isinstance(one, Kind | Periodic) for one in found)
    assert all(one.seconds() > 0 for one in found if isinstance(one, Kind))
    assert all(one.every() > 0 and one.seconds > 0 for one in found if isinstance(one, Periodic))


def test_every_page_has_a_blueprint_of_its_own_and_every_command_its_group():
    names = [blueprint.name for blueprint in contents.blueprints()]
    assert len(names) == len(set(names)) > 10
    (group,) = contents.commands()
    assert {"catalog", "search", "sample", "portal"} <= set(group.commands)
