"""How large the package is and how well it keeps the order of its rows, now and at a revision."""

import io
import subprocess
import tarfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from ckanext.sdopen.bench import house
from ckanext.sdopen.bench.house import Rule
from ckanext.sdopen.errors import SdopenError
from ckanext.sdopen.services.layout import ROOT

_PACKAGE = "ckanext-sdopen/ckanext/sdopen"
_COUNTED = {
    "imports_up_the_rows": Rule.UP,
    "imports_of_siblings": Rule.SIBLING,
    "imports_across_walls": Rule.APART,
    "imports_of_others_actions": Rule.ACTIONS,
    "impure_imports": Rule.IMPURE,
    "circles": Rule.CIRCLE,
    "unlisted_folders": Rule.UNLISTED,
    "long_files": Rule.LONG,
    "crowded_folders": Rule.CROWDED,
}


def measure(revision: str | None, root: Path = ROOT) -> dict[str, dict[str, int]]:
    """The figures of the checkout (`now`), and of a Git revision (`before`) where one is given.

    Raises:
        SdopenError: Git does not know the revision.
    """
    before = {"before": figures(at_revision(revision, root))} if revision else {}
    return {**before, "now": figures(house.modules(root / _PACKAGE))}


def at_revision(revision: str, root: Path = ROOT) -> dict[str, str]:
    """The package's Python files at a Git revision by their paths from its folder.

    Raises:
        SdopenError: Git does not know the revision.
    """
    command = ["git", "-C", str(root), "archive", "--format=tar", f"{revision}:{_PACKAGE}"]
    answer = subprocess.run(command, capture_output=True, check=False)
    if answer.returncode:
        raise SdopenError(answer.stderr.decode(errors="replace").strip())
    found = {}
    with tarfile.open(fileobj=io.BytesIO(answer.stdout)) as archive:
        for member in archive:
            file = archive.extractfile(member) if member.name.endswith(".py") else None
            if file:
                found[member.name] = file.read().decode()
    return found


def figures(tree: Mapping[str, str]) -> dict[str, int]:
    """Lines, files, folders and imports of a tree of modules, and what breaks the rows."""
    package, tests = house.parted(tree)
    rules = [finding.rule for finding in house.findings(tree)]
    return {
        **_sizes(package, ""),
        "imports": len(house.edges(package)),
        **{name: rules.count(rule) for name, rule in _COUNTED.items()},
        **_sizes(tests, "test_"),
    }


def _sizes(tree: Mapping[str, str], prefix: str) -> dict[str, int]:
    return {
        f"{prefix}lines": sum(source.count("\n") for source in tree.values()),
        f"{prefix}files": len(tree),
        f"{prefix}folders": len({PurePosixPath(path).parent for path in tree}),
    }
