"""The subject of a title: what remains without its places, years and words of form."""

import re
from functools import lru_cache

from ckanext.sdopen.chinese import analysis
from ckanext.sdopen.chinese.text import whole_runs

_FORM = re.compile(f"(?:{analysis.alternatives('forms')})$")
_SCOPE = re.compile(f"^(?:{analysis.alternatives('scopes')})")
_YEAR = re.compile(r"(?:19|20)\d\d(?:[年至到-]{0,2}(?:19|20)\d\d)?年?度?")
_LONGEST_PLACE = 12
LONGEST = 60


def _without_place(text: str) -> str:
    names = analysis.places()
    for length in range(min(_LONGEST_PLACE, len(text) - 2), 1, -1):
        if text[:length] in names:
            return text[length:]
    return text


@lru_cache(maxsize=50_000)
def subject(title: str) -> str:
    """What a title is about; entries of the same subject from many places have it in common.

    >>> subject("济南市历下区2023年公共厕所基本信息")
    '公共厕所'
    """
    whole = _YEAR.sub("", "".join(whole_runs(title)))
    text, before = whole, ""
    while text != before and len(text) > 2:
        before = text
        text = _without_place(text)
        text = _SCOPE.sub("", text) if len(text) > 3 else text
    before = ""
    while text != before and len(text) > 3:
        before, text = text, _FORM.sub("", text) or text
    return (text if len(text) > 1 else whole)[:LONGEST]
