"""Contents: the template helpers that the capabilities offer."""

from ckanext.sdopen.catalog.helpers import sdopen_code_choices
from ckanext.sdopen.portal.helpers import (
    sdopen_amount_spoken,
    sdopen_code_label,
    sdopen_portal_counts,
    sdopen_portal_topics,
)

__all__ = [
    "sdopen_amount_spoken",
    "sdopen_code_choices",
    "sdopen_code_label",
    "sdopen_portal_counts",
    "sdopen_portal_topics",
]
