"""信息资源代码 and what it tells: 类, 项, 目, 细目."""

import re
from collections.abc import Iterator

from ckanext.sdopen.identifiers.resource_code import parsed
from ckanext.sdopen.standard.findings import Finding
from ckanext.sdopen.standard.rules.base import Entry, RuleInput
from ckanext.sdopen.standard.values import listed

_LIKE_A_CODE = re.compile(r"[A-Za-z0-9_-]+/\d+")


def code_parts(code: str) -> dict[str, str]:
    """类, 项, 目, 细目 as the 信息资源代码 tells them; empty for a code of another shape."""
    found = parsed(code)
    if found is None:
        return {}
    parts = {
        "category": found.category,
        "division": found.division,
        "subject": found.subject,
        "detail": found.detail,
    }
    return {name: value for name, value in parts.items() if value}


def code_has_shape(entry: Entry, facts: RuleInput) -> Iterator[Finding]:
    """The code is made as the legal profile says."""
    code = entry.get("resource_code")
    if code and not facts.profile.code_pattern.fullmatch(str(code)):
        yield Finding("resource_code_shape", "resource_code", {"value": code})


def classification_agrees(entry: Entry, facts: RuleInput) -> Iterator[Finding]:
    """类, 项, 目, 细目 say what the code says."""
    for name, expected in code_parts(str(entry.get("resource_code") or "")).items():
        given = entry.get(name)
        if given and given != expected:
            yield Finding("classification_differs", name, {"expected": expected, "value": given})


def related_codes(entry: Entry, facts: RuleInput) -> Iterator[Finding]:
    """关联资源代码 are codes, and none of them the entry's own."""
    for code in listed(entry.get("related_codes") or []) or []:
        if code == entry.get("resource_code"):
            yield Finding("related_code_own", "related_codes", {"value": code})
        elif not _LIKE_A_CODE.fullmatch(code):
            yield Finding("related_code_shape", "related_codes", {"value": code})
