"""How much of a question a search takes: plain words are shortened, queries by fields refused."""

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.search import SearchQueryError


class QueryTooLong(tk.ValidationError, SearchQueryError):  # type: ignore[misc]
    """A query by fields is longer than `ckanext.sdopen.search.query_length`.

    The API answers it as a wrong parameter, the list of entries as a query that is wrong.
    """

    def __init__(self, name: str, length: int, most: int) -> None:
        message = tk._("{length} characters are too many for a query by fields; {most} are taken")
        self.sentence = message.format(length=length, most=most)
        super().__init__({name: [self.sentence]})

    def __str__(self) -> str:
        return self.sentence


def longest() -> int:
    """How many characters a query by fields, or a filter, may have."""
    return int(tk.config["ckanext.sdopen.search.query_length"])


def refuse_long(data_dict: Mapping[str, Any], is_plain: bool) -> None:
    """Refuse a query by fields and filters that are too long, before anything reads them.

    Args:
        data_dict: the parameters of a search; plain words in `q` are not looked at.
        is_plain: whether `q` is plain words.

    Raises:
        QueryTooLong: `q`, `fq` or one of `fq_list` is.
    """
    most = longest()
    listed = data_dict.get("fq_list") or []
    # a text in place of the list is one value: CKAN would make a filter of each character
    asked = [("fq", one) for one in (listed if isinstance(listed, list | tuple) else [listed])]
    asked += [(name, data_dict.get(name)) for name in ("fq", *(() if is_plain else ("q",)))]
    for name, value in asked:
        # CKAN makes texts of other values
        length = len(str(value or ""))
        if length > most:
            raise QueryTooLong(name, length, most)


def refuse_many(data_dict: Mapping[str, Any]) -> None:
    """Refuse a search of more filters, facets or parts of its order than settings allow.

    Raises:
        ValidationError: `fq_list`, `facet.field` or `sort` has more.
    """
    for name, setting in (("fq_list", "filters"), ("facet.field", "facets"), ("sort", "orders")):
        value = data_dict.get(name)
        # facets may come as a text of JSON
        count = value.count(",") + 1 if isinstance(value, str) else len(value or ())
        most = int(tk.config[f"ckanext.sdopen.search.{setting}"])
        if count > most:
            message = tk._("{count} are too many; {most} are taken")
            raise tk.ValidationError({name: [message.format(count=count, most=most)]})


def shortened(words: str) -> tuple[str, str]:
    """(what of plain words is looked for, the sentence that says so; empty where it is all)."""
    most = int(tk.config["ckanext.sdopen.search.words_length"])
    if len(words) <= most:
        return words, ""
    sentence = tk._("Only the first {most} characters of your words were looked for.")
    return words[:most], sentence.format(most=most)
