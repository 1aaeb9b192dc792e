"""Rules between the elements of an entry, on plain values; one function, one rule.

A rule takes the entry without its empty values and yields findings; their severity is the legal
profile's (`standard.profiles`). Which rules a record type is asked stands in `RULES`.
"""

from collections.abc import Mapping

from ckanext.sdopen.standard.rules import (
    classification,
    formats,
    grounds,
    items,
    naming,
    provider,
    service,
    update,
)
from ckanext.sdopen.standard.rules.base import Rule, RuleInput
from ckanext.sdopen.standard.rules.classification import code_parts

__all__ = ["RULES", "Rule", "RuleInput", "code_parts"]

_COMMON: tuple[Rule, ...] = (
    naming.title_names_data,
    grounds.sharing_grounds,
    grounds.opening_grounds,
    grounds.open_but_not_shared,
    classification.code_has_shape,
    classification.related_codes,
    provider.code_fits_region,
    update.cycle_explained,
    update.days_are_past,
)
RULES: Mapping[str, tuple[Rule, ...]] = {
    "catalog": (
        *_COMMON,
        classification.classification_agrees,
        grounds.sharing_ways,
        grounds.use_stated,
        formats.types_fit_category,
        formats.ways_fit_format,
        items.listed,
        items.complete,
        items.never_wider,
        update.census_counted,
        provider.level_stated,
    ),
    "interface": (
        *_COMMON,
        service.identified,
        service.rows_named,
        service.rows_typed,
        service.paging_named,
        service.fields_are_items,
    ),
}
