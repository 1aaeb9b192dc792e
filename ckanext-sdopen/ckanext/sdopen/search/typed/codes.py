"""Codes and ids that name one entry: what is typed whole is that entry and nothing else."""

import re
import unicodedata

_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
# 307026/000002, catalog-370100-307001-00012, 11370000MB28598J1U; a word or a number alone is none
_CODE = re.compile(r"(?=(?:[^0-9]*[0-9]){4})[A-Za-z0-9]+(?:[/_.-][A-Za-z0-9]+)*")
_SHORTEST, _LONGEST, _LONGEST_ADDRESS = 8, 100, 1_000
_QUOTES = "\"'“”‘’「」『』《》<>()（）[]【】"
# an address of an entry of this or another portal ends with its name
_ADDRESS = re.compile(r"https?://\S+?/(?:dataset|interface)/(?P<name>[\w-]+)/?(?:[?#]\S*)?")
FIELDS = ("id", "name", "resource_code", "service_code")


def code(typed: str) -> str:
    """The code that is all of a question; empty where it is something else.

    >>> code("３０７０２６／０００００２")
    '307026/000002'
    """
    if len(typed) > _LONGEST_ADDRESS:
        return ""
    text = unicodedata.normalize("NFKC", typed).strip().strip(_QUOTES).strip()
    address = _ADDRESS.fullmatch(text)
    text = address["name"] if address else text
    if _UUID.fullmatch(text):
        return text.lower()
    is_code = _SHORTEST <= len(text) <= _LONGEST and _CODE.fullmatch(text)
    return text if is_code and not _is_number(text) else address["name"] if address else ""


def _is_number(text: str) -> bool:
    """Whether it is a number, a day or a time: nothing that names an entry."""
    return bool(re.fullmatch(r"\d{1,3}(?:\.\d+)?|(?:19|20)\d\d(?:[-/.]?\d{1,2}){0,2}", text))


def named_by(found: str) -> str:
    """The Lucene query of the entry that a code names."""
    forms = list(dict.fromkeys((found, found.upper(), found.lower())))
    values = " OR ".join(f'"{form}"' for form in forms)
    # a catalog's interfaces bear its code, too
    own = [f"{field}:({values})" for field in FIELDS if field != "resource_code"]
    return f"({' OR '.join(own)} OR (resource_code:({values}) AND dataset_type:dataset))"
