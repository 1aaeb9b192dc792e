"""Contents: the template helpers that the capabilities offer."""

from ckanext.sdopen.catalog.helpers import (
    sdopen_code_choices,
    sdopen_entry_elements,
    sdopen_form_problems,
    sdopen_form_title,
    sdopen_region_choices,
    sdopen_table_rows,
)
from ckanext.sdopen.catalog.rdf.helpers import (
    sdopen_entry_structured_data,
    sdopen_portal_address,
)
from ckanext.sdopen.interfaces.helpers import (
    sdopen_catalog_interfaces,
    sdopen_interface_findings,
)
from ckanext.sdopen.portal.departments.helpers import (
    sdopen_department_facts,
    sdopen_department_tree,
)
from ckanext.sdopen.portal.helpers import (
    humanize_entity_type,
    sdopen_amount_spoken,
    sdopen_code_label,
    sdopen_portal_counts,
    sdopen_portal_latest,
    sdopen_portal_topics,
)
from ckanext.sdopen.search.helpers import sdopen_filter_labels, sdopen_search_step

__all__ = [
    "humanize_entity_type",
    "sdopen_amount_spoken",
    "sdopen_catalog_interfaces",
    "sdopen_code_choices",
    "sdopen_code_label",
    "sdopen_department_facts",
    "sdopen_department_tree",
    "sdopen_entry_elements",
    "sdopen_entry_structured_data",
    "sdopen_filter_labels",
    "sdopen_form_problems",
    "sdopen_form_title",
    "sdopen_interface_findings",
    "sdopen_portal_address",
    "sdopen_portal_counts",
    "sdopen_portal_latest",
    "sdopen_portal_topics",
    "sdopen_region_choices",
    "sdopen_search_step",
    "sdopen_table_rows",
]
