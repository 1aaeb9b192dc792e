"""Secrets of the settings taken out of what is logged or answered."""

import logging
import re
from collections.abc import Iterator
from urllib.parse import quote, quote_plus, unquote, urlsplit

import ckan.plugins.toolkit as tk

# whole values that are secret, by the ends of their names
_NAMES = re.compile(r"(?i)(secret|secret_key|password|\.pass)$")
# of shorter ones, words of any sentence would be taken for them
_SHORTEST = 6
# scheme://user:password@
_USER_PART = re.compile(r"(?i)\b([a-z][a-z0-9+.-]*://)[^\s/?#@\"'<>]+@")
_HIDDEN = "***"


def _values() -> Iterator[str]:
    for name, value in list(tk.config.items()):
        if not isinstance(value, str) or not value:
            continue
        if _NAMES.search(str(name)):
            # a secret may be given with its kind: `string:…`
            yield value.removeprefix("string:")
        elif "://" in value and "@" in value:
            try:
                yield unquote(urlsplit(value).password or "")
            except ValueError:
                continue


def configured() -> frozenset[str]:
    """The secrets of the settings, as they are and as addresses write them."""
    plain = {value for value in _values() if len(value) >= _SHORTEST}
    return frozenset(one for value in plain for one in (value, quote(value), quote_plus(value)))


class _Known:
    pattern: re.Pattern[str] | None = None


def removed(text: str) -> str:
    """A text without the secrets and without the user part of addresses."""
    found = _Known.pattern.sub(_HIDDEN, text) if _Known.pattern else text
    return _USER_PART.sub(rf"\1{_HIDDEN}@", found) if "@" in found else found


class _Discreet(logging.Formatter):
    """A formatter whose whole text, with tracebacks, says no secret."""

    def __init__(self, own: logging.Formatter) -> None:
        super().__init__()
        self._own = own

    def format(self, record: logging.LogRecord) -> str:
        """The record as its handler formats it, without secrets."""
        return removed(self._own.format(record))


def _handlers() -> Iterator[logging.Handler]:
    known = [logging.getLogger(name) for name in list(logging.root.manager.loggerDict)]
    for logger in (logging.root, *known):
        yield from logger.handlers


def install() -> None:
    """Take the secrets of the settings out of all logs and of answers that are errors."""
    values = sorted(configured(), key=len, reverse=True)
    _Known.pattern = re.compile("|".join(map(re.escape, values))) if values else None
    for handler in _handlers():
        if not isinstance(handler.formatter, _Discreet):
            handler.setFormatter(_Discreet(handler.formatter or logging.Formatter()))
