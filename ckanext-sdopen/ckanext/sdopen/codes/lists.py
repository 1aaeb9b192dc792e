"""One code list: look up a value's label, find a value by any of its names."""

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import yaml

from ckanext.sdopen.errors import SdopenError
from ckanext.sdopen.paths import CODES

_OWN_KEYS = {"value", "zh", "en", "aliases"}


class UnknownCode(SdopenError):
    """A value that its code list does not hold."""

    def __init__(self, list_name: str, value: str) -> None:
        super().__init__(f"{value!r} is not in the code list {list_name}")
        self.list_name = list_name
        self.value = value


@dataclass(frozen=True)
class Code:
    """One value of a list with its labels, its other names, and what else the list keeps of it."""

    value: str
    zh: str
    en: str
    aliases: tuple[str, ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict, compare=False)

    def label(self, lang: str) -> str:
        """The label in the language of the page: Chinese for every zh locale, else English."""
        return self.zh if lang.startswith("zh") else self.en


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()


class CodeList:
    """A code list in its official order; `in` and `[]` go by value."""

    def __init__(self, name: str, source: str, codes: list[Code]) -> None:
        self.name = name
        self.source = source
        self._codes = {code.value: code for code in codes}
        if len(self._codes) < len(codes):
            raise ValueError(f"the code list {name} holds a value twice")
        self._names = self._by_name(codes)

    @staticmethod
    def _by_name(codes: list[Code]) -> dict[str, str | None]:
        """{folded name: value}; None where one name stands for several values."""
        names: dict[str, str | None] = {}
        for code in codes:
            for name in {_folded(n) for n in (code.zh, code.en, *code.aliases)}:
                names[name] = code.value if names.get(name, code.value) == code.value else None
        # a value always finds itself, whatever it means elsewhere
        names.update({_folded(code.value): code.value for code in codes})
        return names

    def __iter__(self) -> Iterator[Code]:
        return iter(self._codes.values())

    def __len__(self) -> int:
        return len(self._codes)

    def __contains__(self, value: object) -> bool:
        return value in self._codes

    def __getitem__(self, value: str) -> Code:
        if value not in self._codes:
            raise UnknownCode(self.name, value)
        return self._codes[value]

    def label(self, value: str, lang: str = "zh") -> str:
        """The label of a value; a value unknown here is its own label."""
        return self._codes[value].label(lang) if value in self._codes else value

    def find(self, text: str) -> str | None:
        """The value with this value, label or alias; None if there is none or more than one."""
        # a value finds itself: no need to fold it
        return text if text in self._codes else self._names.get(_folded(text))


def _code(entry: dict[str, Any]) -> Code:
    more = {key: value for key, value in entry.items() if key not in _OWN_KEYS}
    aliases = tuple(entry.get("aliases", ()))
    return Code(entry["value"], entry["zh"], entry["en"], aliases, more)


@cache
def names() -> tuple[str, ...]:
    """The names of all code lists."""
    return tuple(sorted(path.stem for path in CODES.glob("*.yaml")))


def read(list_name: str) -> CodeList:
    """The code list `schemas/codes/<list_name>.yaml` as its file has it."""
    path = CODES / f"{list_name}.yaml"
    if not path.is_file():
        raise SdopenError(f"there is no code list {list_name}: {path} is missing")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    document = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 safe both
    return CodeList(list_name, document["source"], [_code(entry) for entry in document["entries"]])


# lists that a portal's settings complete or choose: regions, topics
_MAKERS: dict[str, Callable[[], CodeList]] = {}


def set_maker(list_name: str, how: Callable[[], CodeList]) -> None:
    """Let a function make a list, in place of reading its file."""
    _MAKERS[list_name] = how
    load.cache_clear()


@cache
def load(list_name: str) -> CodeList:
    """The code list of a name, as the portal uses it; made once."""
    return _MAKERS[list_name]() if list_name in _MAKERS else read(list_name)
