"""Other plugins' hooks are called for the entries of a batch where the operator asks for it."""

import pytest
from ckan import model
from ckan.plugins import IPackageController, get_plugin

from ckanext.sdopen.bulk.writing import other_plugins
from ckanext.sdopen.tests.bulk.corpus.sending import bulk, results
from ckanext.sdopen.tests.corpus.examples import catalog

pytestmark = pytest.mark.usefixtures("clean_portal")


class Listener(IPackageController):
    """Another extension's plugin that counts on the hooks."""

    def __init__(self) -> None:
        self.heard: list[tuple] = []

    def create(self, entity):
        self.heard.append(("create", entity.title))

    def edit(self, entity):
        self.heard.append(("edit", entity.title))

    def after_dataset_create(self, context, pkg_dict):
        self._after("after create", context, pkg_dict)

    def after_dataset_update(self, context, pkg_dict):
        self._after("after update", context, pkg_dict)

    def _after(self, hook, context, pkg_dict):
        assert context["package"].id == pkg_dict["id"]
        assert context["session"].get(model.Package, pkg_dict["id"]).name == pkg_dict["name"]
        self.heard.append((hook, pkg_dict["title"], context["user"]))


# somebody else's, though its name begins like ours
Listener.__module__ = "ckanext.sdopen_x.plugin"


@pytest.fixture
def plugins(monkeypatch):
    own = get_plugin("sdopen")
    monkeypatch.setattr(own, "heard", [], raising=False)
    for hook in ("create", "edit", "after_dataset_create", "after_dataset_update"):
        # what our own plugin would do the batch does itself
        monkeypatch.setattr(own, hook, lambda *said: own.heard.append(said))
    both = [Listener(), own]
    monkeypatch.setattr(other_plugins, "PluginImplementations", lambda _: both)
    return both


def record(bureau, number: int, **more):
    return catalog(bureau["id"], resource_code=f"307801/{number:06d}", **more)


def test_other_plugins_hear_of_what_is_written_and_of_nothing_else(
    bureau, user, plugins, ckan_config
):
    ckan_config["ckanext.sdopen.bulk.compat_hooks"] = True
    one, other = record(bureau, 1, title="钩子目录一"), record(bureau, 2, title="钩子目录二")
    wrong = record(bureau, 3, sharing="perhaps")
    bulk(user, [one])
    answer = bulk(user, [{**one, "title": "钩子目录一改"}, other, wrong])
    assert results(answer) == ["updated", "created", "rejected"], answer
    assert plugins[0].heard == [
        ("create", "钩子目录一"),
        ("after create", "钩子目录一", user["name"]),
        ("edit", "钩子目录一改"),
        ("after update", "钩子目录一改", user["name"]),
        ("create", "钩子目录二"),
        ("after create", "钩子目录二", user["name"]),
    ]
    assert plugins[1].heard == []
    plugins[0].heard.clear()
    assert results(bulk(user, [other])) == ["unchanged"]
    assert plugins[0].heard == []


def test_a_plugin_that_refuses_keeps_the_whole_batch_out(
    bureau, user, plugins, ckan_config, monkeypatch
):
    ckan_config["ckanext.sdopen.bulk.compat_hooks"] = True

    def refuse(context, pkg_dict):
        raise RuntimeError("of theirs")

    monkeypatch.setattr(plugins[0], "after_dataset_create", refuse)
    with pytest.raises(RuntimeError):
        bulk(user, [record(bureau, 4)])
    assert model.Package.get("c-370000-307801-000004") is None


def test_they_are_not_called_unless_the_operator_asks(bureau, user, plugins):
    assert results(bulk(user, [record(bureau, 5)])) == ["created"]
    assert plugins[0].heard == []
