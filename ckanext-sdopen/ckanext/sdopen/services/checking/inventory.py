"""What the portal is made of: Python's libraries, scripts of pages, Solr's jars, each with licence.

Python's libraries are those of requirements.lock, as they are installed here. All of Solr's jars
are told once Solr is built in this checkout; before, those that its pom names.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from importlib import metadata
from pathlib import Path
from xml.etree import ElementTree

TABLE = Path(__file__).with_name("licences.tsv")
_LOCKED = re.compile(r"^([\w.-]+)==(\S+)", re.MULTILINE)
_JAR = re.compile(r"(.+?)-(\d.*)\.jar")
_MAVEN = "{http://maven.apache.org/POM/4.0.0}"
_VERSIONS = (
    re.compile(r"\bv?(\d+\.\d+\.\d+)\b"),
    re.compile(r"version[\"']?\s*[:=]\s*[\"']?(\d+\.\d+(?:\.\d+)?)", re.IGNORECASE),
)
# a longer text is the licence itself, not its name
_LONGEST = 60


@dataclass(frozen=True, order=True)
class Part:
    """A part by kind (`pypi`, `npm`, `maven`), group, name, version, and SPDX expression or ""."""

    kind: str
    name: str
    version: str
    licence: str
    group: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.name} {self.version}"


@dataclass(frozen=True)
class Table:
    """licences.tsv: what may be, {words: expression}, {kind:name: (expression, group or file)}."""

    may: frozenset[str]
    said: Mapping[str, str]
    of: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def known(self, kind: str, name: str) -> tuple[str, str]:
        """(expression, group or file) of a part; the first line that fits counts."""
        wanted = f"{kind}:{name}"
        return next((v for k, v in self.of.items() if fnmatchcase(wanted, k)), ("", ""))


def table(path: Path = TABLE) -> Table:
    """Read licences.tsv."""
    lines = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    of = {row[1]: (row[2], row[3] if len(row) > 3 else "") for row in lines if row[0] == "of"}
    said = {row[1]: row[2] for row in lines if row[0] == "said"}
    return Table(frozenset(row[1] for row in lines if row[0] == "may"), said, of)


def parts(root: Path, jars: Path, known: Table) -> list[Part]:
    """All parts, in order."""
    return sorted({*_libraries(root, known), *_scripts(known), *_jars(root, jars, known)})


def _libraries(root: Path, known: Table) -> Iterator[Part]:
    for name, version in _LOCKED.findall((root / "requirements.lock").read_text(encoding="utf-8")):
        yield Part("pypi", name, version, _of_library(name, known))


def _of_library(name: str, known: Table) -> str:
    """The licence of an installed library: what the table says, else what it says itself."""
    own = known.known("pypi", name)[0]
    if own:
        return own
    told = metadata.metadata(name)
    for expression in told.get_all("License-Expression") or ():
        return str(expression)
    words = "".join(told.get_all("License") or ()).strip()
    classes = [one.rpartition(" :: ")[2] for one in told.get_all("Classifier") or ()]
    for said in (words, *classes):
        if said in known.said or said in known.may:
            return known.said.get(said, said)
    # an expression that its author wrote into the older field
    return words if len(words) < _LONGEST and "\n" not in words else ""


def _scripts(known: Table) -> Iterator[Part]:
    """Scripts and styles of others that CKAN and its extensions bring for pages."""
    site = Path(str(metadata.distribution("ckan").locate_file("")))
    for key, (licence, file) in known.of.items():
        kind, _, name = key.partition(":")
        if kind == "npm":
            yield Part(kind, name, _version(site / file), licence)


def _version(path: Path) -> str:
    """What the head of a file says, else what it calls its version; empty for none."""
    text = path.read_text(encoding="utf-8", errors="replace")
    found = _VERSIONS[0].search(text[:2_000]) or _VERSIONS[1].search(text)
    return found[1] if found else ""


def _jars(root: Path, built: Path, known: Table) -> Iterator[Part]:
    named = [found.groups() for path in built.glob("*.jar") if (found := _JAR.fullmatch(path.name))]
    for name, version in named or _of_pom(root / "config" / "solr" / "pom.xml"):
        licence, group = known.known("maven", name)
        yield Part("maven", name, version, licence, group)


def _of_pom(path: Path) -> list[tuple[str, str]]:
    """(name, version) of what a pom of ours names, its own words for versions filled in."""
    pom = ElementTree.parse(path).getroot()  # noqa: S314 our own file
    words = {
        one.tag.removeprefix(_MAVEN): one.text or ""
        for one in pom.find(f"{_MAVEN}properties") or ()
    }
    found = []
    for one in pom.iterfind(f"{_MAVEN}dependencies/{_MAVEN}dependency"):
        version = str(one.findtext(f"{_MAVEN}version"))
        found.append(
            (str(one.findtext(f"{_MAVEN}artifactId")), words.get(version.strip("${}"), version))
        )
    return found
