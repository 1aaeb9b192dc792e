"""Every setting, action and command is documented, and the documents' links lead somewhere."""

import re
from pathlib import Path

import click
import pytest
import yaml

from ckanext.sdopen import cli
from ckanext.sdopen.harvest.cli import harvest
from ckanext.sdopen.logic import action

PACKAGE = Path(__file__).resolve().parents[2]


def commands(group: click.Group, path: str) -> list[str]:
    """The full names of all commands under a group."""
    found = []
    for name, command in group.commands.items():
        full = f"{path} {name}"
        found += commands(command, full) if isinstance(command, click.Group) else [full]
    return found


def settings() -> list[str]:
    """The keys of all declared settings."""
    declared = yaml.safe_load((PACKAGE / "config_declaration.yaml").read_text(encoding="utf-8"))
    return [option["key"] for group in declared["groups"] for option in group["options"]]


@pytest.mark.parametrize("name", settings())
def test_a_setting_is_documented(repository, name):
    assert f"`{name}`" in (repository / "docs" / "settings.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", action.__all__)
def test_an_action_is_documented(repository, name):
    assert f"`{name}`" in (repository / "docs" / "api.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "name", [*commands(cli.sdopen, "ckan sdopen"), *commands(harvest, "scripts/harvest")]
)
def test_a_command_is_documented(repository, name):
    assert f"`{name}" in (repository / "docs" / "commands.md").read_text(encoding="utf-8")


def test_every_setting_that_the_code_reads_is_declared():
    read = set()
    for path in PACKAGE.rglob("*.py"):
        if "tests" not in path.parts:
            pattern = r"[\"'](ckanext\.sdopen\.[a-z_]+\.[a-z_]+)[\"']\]"
            read |= set(re.findall(pattern, path.read_text(encoding="utf-8")))
    assert read
    assert not read - set(settings())


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_links_of_the_readme_lead_to_files(repository, name):
    text = (repository / name).read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    assert links
    assert not [link for link in links if not (repository / link).exists()]
