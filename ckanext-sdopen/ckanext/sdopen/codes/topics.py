"""主题: the active set of topics, found by the names and codes of every set."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ckanext.sdopen.codes.lists import Code, CodeList, load, read, set_maker
from ckanext.sdopen.errors import SdopenError

DEFAULT = "topics"
SETS = (DEFAULT, "topics_2018", "topics_2024")


@dataclass
class _Chosen:
    name: str = DEFAULT


_CHOSEN = _Chosen()


def _labels(code: Code) -> tuple[str, ...]:
    return (code.value, code.zh, code.en)


def _place(code: Code, listed: str, active: CodeList) -> str:
    """The value in the active set that a topic of any set belongs to."""
    if code.value in active:
        return code.value
    default = code.value if listed == DEFAULT else code.more["topic"]
    if active.name == DEFAULT:
        return str(default)
    return next(c.value for c in active if default in c.more.get("covers", ()))


def _active() -> CodeList:
    """The active set, whose topics bear the codes and names of the other sets' as aliases.

    A name stands for the topic that it labels in some set before one of which it is an alias.
    """
    active = read(_CHOSEN.name)
    named = {name: code.value for code in active for name in _labels(code)}
    own = set(named)
    others = [(listed, code) for listed in SETS if listed != active.name for code in read(listed)]
    for listed, code in others:
        for name in _labels(code):
            named.setdefault(name, _place(code, listed, active))
    for listed, code in [*((active.name, code) for code in active), *others]:
        for name in code.aliases:
            named.setdefault(name, _place(code, listed, active))
    aliases: dict[str, list[str]] = {code.value: [] for code in active}
    for name, value in named.items():
        if name not in own:
            aliases[value].append(name)
    completed = [replace(code, aliases=tuple(aliases[code.value])) for code in active]
    return CodeList(DEFAULT, active.source, completed)


def topic_codes(names: Iterable[str]) -> list[str]:
    """The codes of the active set for codes and names of any set; an unknown text stays itself."""
    known = load(DEFAULT)
    return list(dict.fromkeys(known.find(name) or name for name in names))


def use_topics(name: str) -> None:
    """Make a set the active one: what `load("topics")` gives from now on.

    Raises:
        SdopenError: there is no such set.
    """
    if name not in SETS:
        raise SdopenError(f"there is no set of topics {name!r}; choose one of: {', '.join(SETS)}")
    _CHOSEN.name = name
    set_maker(DEFAULT, _active)


set_maker(DEFAULT, _active)
