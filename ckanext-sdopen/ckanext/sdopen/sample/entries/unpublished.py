"""Drafts and withdrawn catalogs of the sample, beyond those that are published.

With them every role has something to see and not to see in every state.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from ckanext.sdopen.sample.entries import catalogs
from ckanext.sdopen.sample.entries.places import PROVINCE
from ckanext.sdopen.sample.entries.plan import Edition
from ckanext.sdopen.sample.entries.shares import Shares
from ckanext.sdopen.sample.entries.vocabulary import subjects
from ckanext.sdopen.sample.records import Entry, Subject

# of a hundred published catalogs; at least one draft of each class
_DRAFT_RATE, _FEWEST_DRAFTS = 0.01, 5
_WITHDRAWN_RATE, _FEWEST_WITHDRAWN = 0.005, 3
# the editions that are being compiled: no published one is of this year
_YEAR = "2026"
_WITHDRAWN_ON = "2026-09-15"
_REASONS = ("数据有误，待核对后重新发布", "机构改革后由其他单位提供", "涉及个人信息，待脱敏")
# the demo cataloguer's department has most of them, so that its accounts find their own
_DEMO_DEPARTMENT = "shichang"


def counts(published: int) -> tuple[int, int]:
    """(drafts, withdrawn catalogs) of a province of so many published ones."""
    drafts = max(_FEWEST_DRAFTS, round(published * _DRAFT_RATE))
    return drafts, max(_FEWEST_WITHDRAWN, round(published * _WITHDRAWN_RATE))


def _subjects() -> list[Subject]:
    own = [one for one in subjects() if one.department == _DEMO_DEPARTMENT]
    others = [one for one in subjects() if one.department != _DEMO_DEPARTMENT]
    return [one for pair in zip(own, others, strict=False) for one in pair] + others[len(own) :]


def editions(published: int) -> list[Edition]:
    """The editions of the unpublished catalogs: the province's, by departments in turn."""
    return [
        Edition(subject, PROVINCE, _YEAR) for subject in islice(_subjects(), sum(counts(published)))
    ]


def entries(province: Shares) -> Iterator[Entry]:
    """The drafts, then the withdrawn catalogs, of all classes by turns."""
    drafts, _ = counts(province.catalogs)
    chosen = editions(province.catalogs)
    for place, edition in enumerate(chosen):
        # ranks give classes: a fifth of them each, over the whole of the published ones
        rank = (place * 5 % len(chosen)) * province.catalogs // len(chosen)
        entry = catalogs.catalog(province, province.catalogs + place, edition, rank)
        state = {"state": "draft"}
        if place >= drafts:
            state |= {"withdrawn_on": _WITHDRAWN_ON, "withdrawn_reason": _REASONS[place % 3]}
        payload = {**entry.payload, "interface_count": 0, **state}
        if place < drafts:
            payload.pop("released_on", None)
        yield replace(entry, payload=payload)
