"""Contents: the validators that the capabilities offer."""

from ckanext.sdopen.catalog.department import (
    sdopen_department_is_new,
    sdopen_prepare_department,
    sdopen_topic_name,
)
from ckanext.sdopen.catalog.identity import sdopen_entry_is_new, sdopen_entry_name
from ckanext.sdopen.catalog.looked_up import sdopen_group_name_is_free
from ckanext.sdopen.catalog.schema import sdopen_drop_blank_rows, sdopen_prepare_entry
from ckanext.sdopen.catalog.validators import (
    sdopen_boolean,
    sdopen_boolean_shown,
    sdopen_code,
    sdopen_codes,
    sdopen_count,
    sdopen_date,
    sdopen_digits,
    sdopen_list_shown,
    sdopen_number_shown,
    sdopen_provider_code,
    sdopen_quantity,
    sdopen_row_needs,
    sdopen_words,
)
from ckanext.sdopen.interfaces.validators import sdopen_served_catalog

__all__ = [
    "sdopen_boolean",
    "sdopen_boolean_shown",
    "sdopen_code",
    "sdopen_codes",
    "sdopen_count",
    "sdopen_date",
    "sdopen_department_is_new",
    "sdopen_digits",
    "sdopen_drop_blank_rows",
    "sdopen_entry_is_new",
    "sdopen_entry_name",
    "sdopen_group_name_is_free",
    "sdopen_list_shown",
    "sdopen_number_shown",
    "sdopen_prepare_department",
    "sdopen_prepare_entry",
    "sdopen_provider_code",
    "sdopen_quantity",
    "sdopen_row_needs",
    "sdopen_served_catalog",
    "sdopen_topic_name",
    "sdopen_words",
]
