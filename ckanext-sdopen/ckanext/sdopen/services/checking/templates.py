"""Templates can be read, call what exists, and say nothing that is not translated.

What Jinja finds out only when a page is shown is looked up in the sources here: helpers, filters,
other templates. `|safe` stands only on a line that says why: `{# safe: the reason #}`.
"""

import ast
import importlib.util
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, TemplateSyntaxError, nodes
from jinja2.ext import Extension
from jinja2.parser import Parser

from ckanext.sdopen.paths import PACKAGE
from ckanext.sdopen.services.checking import literals

# of CKAN's own environment
FILTERS = {"empty_and_escape"}
_REASON = re.compile(r"\{#\s*safe: \S")


class Tags(Extension):
    """CKAN's own tags, read as calls of functions of their names."""

    tags = {"asset", "ckan_extends", "link_for", "resource", "snippet", "url_for"}  # noqa: RUF012

    def parse(self, parser: Parser) -> nodes.Node:
        """Read the arguments up to the end of the tag."""
        tag = next(parser.stream)
        given: list[nodes.Expr] = []
        named: list[nodes.Keyword] = []
        while not parser.stream.current.test("block_end"):
            if given or named:
                parser.stream.skip_if("comma")
            if parser.stream.current.test("name") and parser.stream.look().test("assign"):
                key = next(parser.stream).value
                next(parser.stream)
                named.append(nodes.Keyword(key, parser.parse_expression()))
            else:
                given.append(parser.parse_expression())
        call = nodes.Call(
            nodes.Name(tag.value, "load"), given, named, None, None, lineno=tag.lineno
        )
        return nodes.Output([call], lineno=tag.lineno)


EXTENSIONS: tuple[str | type[Extension], ...] = (
    "jinja2.ext.do",
    "jinja2.ext.i18n",
    "jinja2.ext.loopcontrols",
    Tags,
)


@dataclass(frozen=True)
class Known:
    """What templates may name: helpers and templates, of ours and of CKAN with its extensions."""

    helpers: frozenset[str]
    templates: frozenset[str]
    own_helpers: frozenset[str] = frozenset()
    own_templates: frozenset[str] = frozenset()


def main() -> int:
    """Print what is wrong, a line each; 1 when anything is."""
    there = known(PACKAGE)
    found = [*of_folder(PACKAGE / "templates", there), *sorted(unused(PACKAGE, there))]
    print("\n".join(found))
    return min(len(found), 1)


def known(package: Path) -> Known:
    """What our templates may name: what we, CKAN and its extensions have."""
    spec = importlib.util.find_spec("ckan")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("ckan")
    ckan = Path(spec.origin).parent
    helpers = _defined(ckan / "lib" / "helpers.py")
    templates = _below(ckan / "templates")
    for extension in ckan.with_name("ckanext").iterdir():
        templates |= _below(extension / "templates")
        if (extension / "helpers.py").is_file():
            helpers |= _defined(extension / "helpers.py")
    own = {name for path in package.rglob("*helpers.py") for name in _offered(path)}
    drawn = _below(package / "templates")
    return Known(
        frozenset(helpers | own),
        frozenset(templates | drawn),
        frozenset(own - helpers),
        frozenset(drawn - templates),
    )


def _below(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*.*")}


def _defined(path: Path) -> set[str]:
    """The functions of a module, and those of others that it registers as helpers."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.FunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "core_helper":
            found.add(ast.unparse(node.args[0]).rpartition(".")[2])
    return found


def _offered(path: Path) -> set[str]:
    """The names that a module lists in `__all__`; a list put together from others is theirs."""
    for node in ast.parse(path.read_bytes()).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            constants = [one for one in ast.walk(node) if isinstance(one, ast.Constant)]
            return {one.value for one in constants if isinstance(one.value, str)}
    return set()


def unused(package: Path, known: Known) -> Iterator[str]:
    """Our helpers that no template or schema names, and templates that nothing names."""
    kinds = {".html", ".py", ".yaml"}
    shown = [path for path in package.rglob("*.*") if path.suffix in kinds]
    shown += package.glob("schemas/*.yaml")
    texts = {path: path.read_text(encoding="utf-8") for path in shown if "tests" not in path.parts}
    for helper in known.own_helpers:
        if not any(helper in text for path, text in texts.items() if path.suffix != ".py"):
            yield f"no template or schema asks for the helper {helper}"
    everything = "\n".join(texts.values())
    for template in known.own_templates:
        # scheming finds its snippets by the file's name
        name = template.rpartition("/")[2] if template.startswith("scheming/") else template
        if name not in everything:
            yield f"{template}: nothing asks for it"


def of_folder(folder: Path, known: Known) -> Iterator[str]:
    """What is wrong with the templates of a folder."""
    environment = Environment(extensions=EXTENSIONS, autoescape=True)
    for path in sorted(folder.rglob("*.html")):
        source = path.read_text(encoding="utf-8")
        place = path.relative_to(folder)
        try:
            tree = environment.parse(source)
        except TemplateSyntaxError as error:
            yield f"{place}:{error.lineno}: cannot be read: {error.message}"
            continue
        faults = [*_of_tree(tree, environment, known, source.splitlines())]
        faults += [
            (line, f"not translated: {text}")
            for line, text in literals.of_source(source, environment)
        ]
        yield from (f"{place}:{line}: {fault}" for line, fault in sorted(faults))


def _of_tree(
    tree: nodes.Template, environment: Environment, known: Known, lines: list[str]
) -> Iterator[tuple[int, str]]:
    for attribute in tree.find_all(nodes.Getattr):
        of_helpers = isinstance(attribute.node, nodes.Name) and attribute.node.name == "h"
        if of_helpers and attribute.attr not in known.helpers:
            yield attribute.lineno, f"no such helper: h.{attribute.attr}"
    for one in tree.find_all(nodes.Filter):
        if one.name not in environment.filters and one.name not in FILTERS:
            yield one.lineno, f"no such filter: {one.name}"
        if one.name == "safe" and not _REASON.search(lines[one.lineno - 1]):
            yield one.lineno, "safe without a reason on its line: {# safe: … #}"
    for call in tree.find_all(nodes.Call):
        spoken = isinstance(call.node, nodes.Name) and call.node.name in ("_", "ungettext")
        if spoken and not (call.args and isinstance(call.args[0], nodes.Const)):
            yield call.lineno, "a message that is not constant"
    for line, name in _named(tree):
        if name not in known.templates:
            yield line, f"no such template: {name}"


def _named(tree: nodes.Template) -> Iterator[tuple[int, str]]:
    """The other templates that a template names as they are."""
    for node in tree.find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)):
        other = getattr(node, "template", None)
        if isinstance(other, nodes.Const):
            yield node.lineno, other.value
    for call in tree.find_all(nodes.Call):
        name = call.node.name if isinstance(call.node, nodes.Name) else ""
        name = call.node.attr if isinstance(call.node, nodes.Getattr) else name
        if name == "snippet" and call.args and isinstance(call.args[0], nodes.Const):
            yield call.lineno, call.args[0].value


if __name__ == "__main__":
    sys.exit(main())
