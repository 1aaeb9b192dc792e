"""What a page tells a user after a save: the findings that did not keep the entry from it."""

from collections.abc import Iterable

import ckan.plugins.toolkit as tk
from flask import g, has_request_context

from ckanext.sdopen.language import language
from ckanext.sdopen.standard.findings import WARNING, Finding, sentence

_SHOWN_AT_MOST = 8


def _on_a_page() -> bool:
    return has_request_context() and "/api/" not in tk.request.path


def collect(found: Iterable[Finding]) -> None:
    """Remember the warnings among the findings until the save has succeeded."""
    if _on_a_page():
        g.sdopen_warnings = [finding for finding in found if finding.severity == WARNING]


def add(found: Iterable[Finding]) -> None:
    """Remember what is to be said beside the warnings of the rules."""
    if _on_a_page():
        g.sdopen_remarks = [*g.get("sdopen_remarks", []), *found]


def show(kind: str) -> None:
    """Show the warnings of the save on the next page; programs ask `sdopen_catalog_check`."""
    if not _on_a_page():
        return
    warnings: list[Finding] = [*g.pop("sdopen_remarks", []), *g.pop("sdopen_warnings", [])]
    sentences = dict.fromkeys(sentence(finding, language(), kind) for finding in warnings)
    for text in list(sentences)[:_SHOWN_AT_MOST]:
        tk.h.flash_notice(text)
    if len(sentences) > _SHOWN_AT_MOST:
        tk.h.flash_notice(
            tk._("{count} more remarks").format(count=len(sentences) - _SHOWN_AT_MOST)
        )
