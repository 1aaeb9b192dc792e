"""Why a question is refused, as named errors with sentences in Chinese and English."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ckanext.sdopen.errors import SdopenError
from ckanext.sdopen.sentences import sentence

_FILE = Path(__file__).with_name("messages.yaml")
# what is shown of a value that was given
_SHOWN = 80


def shown(given: object) -> str:
    """A value as a sentence may show it: short, and of valid Unicode."""
    text = str(given).encode("utf-8", "replace").decode()
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


class QueryError(SdopenError):
    """A question without an answer; `code` names its sentence, `where` its place in the question.

    `status` is that of HTTP.
    """

    status = 400

    def __init__(self, code: str, where: str = "", **params: Any) -> None:
        self.code, self.where = code, shown(where)
        self.params = {name: shown(value) for name, value in params.items()}
        super().__init__(self.sentence("en"))

    def sentence(self, language: str) -> str:
        """What is wrong, where, and what to do: `zh` or `en`."""
        return sentence(_FILE, self.code, language, {**self.params, "where": self.where})


class BadQuery(QueryError):
    """Its form is wrong."""


class UnknownColumn(QueryError):
    """It names a column that the asker does not know of."""


class BadValue(QueryError):
    """A value does not fit its column."""


class TooLarge(QueryError):
    """The reader would need more memory than it has; the worker may do it."""

    status = 422


class TooSlow(QueryError):
    """It was ended, because it took longer than it may."""

    status = 504


class Busy(QueryError):
    """So many ask at this moment that it did not get its turn."""

    status = 503


class VersionMissing(QueryError):
    """There is no such version of a table."""

    status = 404


class NotAllowed(QueryError):
    """Whoever asks did not say the secret."""

    status = 403


class Broken(QueryError):
    """The version cannot be read, or its columns are not those that were described."""

    status = 500


KINDS: Mapping[str, type[QueryError]] = {
    kind.__name__: kind
    for kind in (
        BadQuery,
        UnknownColumn,
        BadValue,
        TooLarge,
        TooSlow,
        Busy,
        VersionMissing,
        NotAllowed,
        Broken,
    )
}


def as_dict(error: QueryError) -> dict[str, Any]:
    """An error as JSON, with its sentences."""
    said = {"kind": type(error).__name__, "code": error.code, "where": error.where}
    return {**said, "params": error.params, "zh": error.sentence("zh"), "en": error.sentence("en")}


def from_dict(given: Mapping[str, Any]) -> QueryError:
    """The error of which `as_dict` told."""
    kind = KINDS[given["kind"]]
    return kind(given["code"], given["where"], **given["params"])
