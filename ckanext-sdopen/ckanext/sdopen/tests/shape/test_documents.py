"""Every setting, action and command is documented, and the documents' links lead somewhere."""

import re
from pathlib import Path

import click
import pytest
import yaml

from ckanext.sdopen import contents
from ckanext.sdopen.harvest.cli import harvest

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


@pytest.mark.parametrize("name", contents.collected(contents.modules(contents.ACTIONS)))
def test_an_action_is_documented(repository, name):
    assert f"`{name}`" in (repository / "docs" / "api.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "name",
    [*commands(contents.commands()[0], "ckan sdopen"), *commands(harvest, "scripts/harvest")],
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


def documents() -> list[str]:
    """The paths of all documents from the checkout's root."""
    root = PACKAGE.parents[2]
    found = [*root.glob("*.md"), *root.glob("docs/**/*.md")]
    return sorted(path.relative_to(root).as_posix() for path in found)


def anchors(text: str) -> set[str]:
    """The names by which the headings of a document are linked to."""
    bare = (re.sub(r"[^\w\- ]", "", line.lower()) for line in re.findall(r"^#+ (.*)$", text, re.M))
    return {line.strip().replace(" ", "-") for line in bare}


def dead_links(path: Path) -> list[str]:
    """The links of a document that lead to no file, or to no heading of it."""
    links = re.findall(r"\]\(([^)]+)\)", path.read_text(encoding="utf-8"))
    return [link for link in links if "://" not in link and not leads(path, link)]


def leads(path: Path, link: str) -> bool:
    """Whether a link of a document leads to a file, and to a heading of it where it names one."""
    name, _, anchor = link.partition("#")
    target = path.parent / name if name else path
    if not target.exists():
        return False
    return not anchor or anchor in anchors(target.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", documents())
def test_the_links_of_a_document_lead_somewhere(repository, name):
    assert dead_links(repository / name) == []


def test_a_link_to_no_file_or_no_heading_is_found(tmp_path):
    (tmp_path / "there.md").write_text("# Who sees what?", encoding="utf-8")
    links = ["[a](there.md#who-sees-what)", "[b](there.md#nobody)", "[c](gone.md)", "[d](#here)"]
    (tmp_path / "page.md").write_text(" ".join(links), encoding="utf-8")
    assert dead_links(tmp_path / "page.md") == ["there.md#nobody", "gone.md", "#here"]


def test_the_files_that_the_page_for_developers_names_are_there(repository):
    text = (repository / "docs" / "developing.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([\w.-]+(?:/[\w.-]+)+)/?`", text))
    assert len(named) > 100
    places = (PACKAGE, PACKAGE / "tests", repository)
    there = {
        name
        for name in named
        if any((place / name).exists() or (place / f"{name}.py").exists() for place in places)
    }
    assert named - there == set()
