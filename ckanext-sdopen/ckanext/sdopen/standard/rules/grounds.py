"""共享属性 and 开放属性: conditions, bases, ways (发改高技〔2017〕1272号)."""

import re
from collections.abc import Iterator

from ckanext.sdopen.standard.classes import CONDITIONAL, NONE, UNCONDITIONAL
from ckanext.sdopen.standard.findings import Finding
from ckanext.sdopen.standard.rules.base import Entry, RuleInput

# a law, a regulation or a policy is cited by its title or its number
_CITED = re.compile(r"《[^》]+》|〔\d{4}〕|[国鲁]?[发办函令]\W?\d|法|条例|规定|办法|通知|意见|决定")


def sharing_grounds(entry: Entry, facts: RuleInput) -> Iterator[Finding]:
    """有条件共享 states its condition, 不予共享 a basis in law or policy."""
    sharing, said = entry.get("sharing"), entry.get("sharing_condition")
    if sharing == CONDITIONAL and not said:
        yield Finding("sharing_condition_missing", "sharing_condition")
    elif sharing == NONE:
        if not said:
            yield Finding("sharing_basis_missing", "sharing_condition")
        elif not _CITED.search(str(said)):
            yield Finding("basis_vague", "sharing_condition")


def sharing_ways(entry: Entry, facts: RuleInput) -> Iterator[Finding]:
    """What is shared says how; 共享方式 is not asked for 不予共享."""
    sharing = entry.get("sharing")
    if sharing in (UNCONDITIONAL, CONDITIONAL):
        if not entry.get("sharing_method"):
            yield Finding("sharing_method_missing", "sharing_method")
        if not entry.get("sharing_method_types"):
            yield Finding("sharing_method_types_missing", "sharing_method_types")
    elif sharing == NONE:
        for name in ("sharing_method", "sharing_method_types"):
            if entry.get(name):
                yield Finding("sharing_way_needless", name)


def use_stated(entry: Entry, facts: RuleInput) -> Iterator[Finding]:
    """What is shared says for what it may be used (使用要求)."""
    shared = entry.get("sharing") in (UNCONDITIONAL, CONDITIONAL)
    if shared and not entry.get("usage_requirements"):
        yield Finding("usage_requirements_missing", "usage_requirements")


def opening_grounds(entry: Entry, facts: RuleInput) -> Iterator[Finding]:
    """有条件开放 states its condition, 不予开放 its basis."""
    opening = entry.get("opening")
    condition, basis = entry.get("opening_condition"), entry.get("closing_basis")
    if opening == CONDITIONAL:
        if not condition:
            yield Finding("opening_condition_missing", "opening_condition")
    elif condition and opening:
        yield Finding("opening_condition_needless", "opening_condition")
    if opening == NONE:
        if not basis:
            yield Finding("closing_basis_missing", "closing_basis")
        elif not _CITED.search(str(basis)):
            yield Finding("basis_vague", "closing_basis")
    elif basis and opening:
        yield Finding("closing_basis_needless", "closing_basis")


def open_but_not_shared(entry: Entry, facts: RuleInput) -> Iterator[Finding]:
    """What society may have, departments may have."""
    if entry.get("sharing") == NONE and entry.get("opening") in (UNCONDITIONAL, CONDITIONAL):
        yield Finding("open_but_not_shared", "opening")
