"""Both languages are complete: English ids with their Chinese, and tables that hold both.

Messages of code and templates are written in English; their Chinese stands in the .po file. The
sentences and labels of YAML files stand there in both.
"""

import ast
import importlib.util
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from ckanext.sdopen.paths import PACKAGE

LOCALE = "zh_Hans_CN"
METHODS = [
    ("tests/**", "ignore"),
    ("migration/**", "ignore"),
    ("**.py", "python"),
    ("**/templates/**.html", "ckan"),
]
# files whose texts are Chinese by their nature: the headings of the official form
CHINESE_ONLY = ("workbook.yaml",)
# of a finding English sentences need not repeat the element that they name by its meaning
OPTIONAL = {"label"}
_MESSAGES = {"_", "gettext", "ngettext", "ungettext"}
# what CKAN shows to whoever asked
_SPEAKING = {"Invalid", "NotAuthorized", "ObjectNotFound", "ValidationError", "abort"}
_SPEAKING |= {"flash_error", "flash_notice", "flash_success"}
_SENTENCE = re.compile("[A-Za-z]{2,} [A-Za-z]{2}|[\u3400-\u9fff]")
_HAN = re.compile("[\u3400-\u9fff]")
_LATIN = re.compile("[A-Za-z]")
_PLACES = re.compile(r"\{(\w*)\}|%\((\w+)\)[a-z]|(%[a-z])")


def main() -> int:
    """Print what is wrong, a line each; 1 when anything is."""
    found = [*of_messages(PACKAGE, core_ids()), *of_code(PACKAGE), *of_tables(PACKAGE)]
    print("\n".join(found))
    return min(len(found), 1)


def core_ids() -> set[str]:
    """The messages of CKAN itself, whose Chinese we may complete."""
    spec = importlib.util.find_spec("ckan")
    if spec is None or not spec.submodule_search_locations:
        return set()
    folder = Path(spec.submodule_search_locations[0]) / "i18n" / LOCALE / "LC_MESSAGES"
    with (folder / "ckan.po").open("rb") as file:
        return {_ids(message)[0] for message in read_po(file)}


def asked(package: Path) -> dict[str, str]:
    """The messages that code and templates ask for, and where."""
    places: dict[str, str] = {}
    for name, line, message, _, _ in extract_from_dir(str(package), METHODS):
        first = message if isinstance(message, str) else message[0]
        places.setdefault(first, f"{name}:{line}")
    return places


def of_messages(package: Path, core: set[str]) -> Iterator[str]:
    """What is wrong with the messages of a package and their Chinese."""
    wanted = asked(package)
    (path,) = package.glob(f"i18n/{LOCALE}/LC_MESSAGES/*.po")
    with path.open("rb") as file:
        catalog = read_po(file)
    written = {_ids(message)[0]: message for message in catalog if message.id}
    for text, place in wanted.items():
        if not is_english(text):
            yield f"{place}: not English: {text}"
        if text not in written or not all(_strings(written[text])):
            yield f"{place}: no Chinese: {text}"
    for text, message in written.items():
        place = f"{path.name}:{message.lineno}"
        if text not in wanted and text not in core:
            yield f"{place}: nothing asks for it: {text}"
        faults = _faults(message, own=text in wanted)
        yield from (f"{place}: {fault}: {text}" for fault in faults)
    yield from (f"{path.name}: obsolete, remove it: {_ids(m)[0]}" for m in _obsolete(catalog))
    yield from _uncompiled(path, written)


def _faults(message: Message, own: bool) -> Iterator[str]:
    if message.fuzzy:
        yield "fuzzy"
    given = [_places(text) for text in _ids(message)]
    for places in (_places(text) for text in _strings(message) if text):
        # CKAN fills some with codes, which its Chinese may leave out
        if places not in given and (own or not any(places < some for some in given)):
            yield "other placeholders in Chinese"


def _obsolete(catalog: Any) -> list[Message]:
    return list(catalog.obsolete.values())


def _uncompiled(path: Path, written: Mapping[str, Message]) -> Iterator[str]:
    with path.with_suffix(".mo").open("rb") as file:
        compiled = {_ids(message)[0]: _strings(message) for message in read_mo(file) if message.id}
    sound = {text: m for text, m in written.items() if all(_strings(m)) and not m.fuzzy}
    if compiled != {text: _strings(message) for text, message in sound.items()}:
        yield f"{path.name}: not what the .mo file holds; run: pybabel compile -i …po -o …mo"


def _ids(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def _strings(message: Message) -> tuple[str, ...]:
    string = message.string or ""
    return (string,) if isinstance(string, str) else tuple(string)


def of_code(package: Path) -> Iterator[str]:
    """What the code says that cannot be translated: put together as it runs, or no message."""
    for path in sorted(package.rglob("*.py")):
        place = path.relative_to(package)
        if place.parts[0] in ("tests", "migration"):
            continue
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Call):
                yield from (f"{place}:{node.lineno}: {fault}" for fault in _of_call(node))


def _of_call(call: ast.Call) -> Iterator[str]:
    name = _name(call.func)
    if name in _MESSAGES and not (call.args and isinstance(call.args[0], ast.Constant)):
        yield f"not a constant text: {ast.unparse(call)}"
    if name in _SPEAKING:
        for argument in _arguments(call):
            yield from (f"not translated: {text}" for text in _bare(argument))


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _arguments(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(keyword.value for keyword in call.keywords)]


def _bare(value: ast.AST) -> Iterator[str]:
    """The sentences in an argument that are no message; keys and single words are none."""
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        if _SENTENCE.search(value.value):
            yield value.value
        return
    inner = list(ast.iter_child_nodes(value))
    if isinstance(value, ast.Call):
        inner = [] if _name(value.func) in _MESSAGES else [value.func, *_arguments(value)]
    elif isinstance(value, ast.Dict):
        inner = [*value.values]
    for one in inner:
        yield from _bare(one)


def of_tables(package: Path) -> Iterator[str]:
    """What is wrong with the YAML files that hold both languages side by side."""
    for path in sorted({*package.rglob("*.yaml"), *package.glob("schemas/**/*.yaml")}):
        place = path.relative_to(package)
        if "tests" in place.parts or path.name in CHINESE_ONLY:
            continue
        # the safe loader in C, some ten times as fast
        document = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
        yield from (f"{place}: {fault}" for fault in _of_value(document, ""))


def _of_value(value: object, where: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        yield from (f"{where}: {fault}" for fault in _of_pair(value))
        for key, one in value.items():
            yield from _of_value(one, f"{where}/{key}")
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from _of_value(one, f"{where}/{number}")


def _of_pair(pair: Mapping[str, Any]) -> Iterator[str]:
    names = [name for name in ("zh", LOCALE) if name in pair]
    if not names and "en" not in pair:
        return
    english, chinese = (str(pair.get(name) or "") for name in ("en", *(names or ["zh"])))
    if not chinese:
        yield f"no Chinese: {english}"
    elif not english:
        yield f"no English: {chinese}"
    elif not is_english(english):
        yield f"not English: {english}"
    elif _in_table(english) ^ _in_table(chinese):
        yield f"other placeholders in Chinese: {english}"


def is_english(text: str) -> bool:
    """Whether a text is English, which may name a few Chinese words."""
    words = _PLACES.sub("", text)
    return len(_HAN.findall(words)) <= len(_LATIN.findall(words))


def _places(text: str) -> set[str]:
    return {next(filter(None, found), "") for found in _PLACES.findall(text)}


def _in_table(text: str) -> set[str]:
    """Placeholders, those that hold a word of one language counted as one of both."""
    return {re.sub("_(zh|en)$", "", name) for name in _places(text)} - OPTIONAL


if __name__ == "__main__":
    sys.exit(main())
