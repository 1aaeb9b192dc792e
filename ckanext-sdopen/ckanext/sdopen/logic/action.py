"""Contents: the actions that the capabilities offer."""

from ckanext.sdopen.catalog.actions import (
    group_list,
    organization_create,
    organization_list,
    organization_update,
    package_create,
    package_update,
    sdopen_account_show,
)
from ckanext.sdopen.catalog.alias_actions import (
    sdopen_code_alias_create,
    sdopen_code_alias_list,
)
from ckanext.sdopen.catalog.books.actions import (
    sdopen_workbook_check,
    sdopen_workbook_delete,
    sdopen_workbook_import,
    sdopen_workbook_list,
    sdopen_workbook_show,
)
from ckanext.sdopen.catalog.changes.actions import sdopen_change_list
from ckanext.sdopen.catalog.check_actions import (
    sdopen_catalog_check,
    sdopen_codelist_list,
    sdopen_codelist_show,
    sdopen_template_show,
)
from ckanext.sdopen.catalog.classification_actions import (
    sdopen_classification_show,
    sdopen_classification_update,
    sdopen_code_show,
)
from ckanext.sdopen.catalog.code_actions import (
    sdopen_code_allocate,
    sdopen_code_list,
    sdopen_code_void,
)
from ckanext.sdopen.catalog.entries_actions import dataset_purge, package_owner_org_update
from ckanext.sdopen.portal.departments.actions import (
    sdopen_department_list,
    sdopen_department_merge,
)
from ckanext.sdopen.search.actions import (
    package_search,
    sdopen_synonyms_show,
    sdopen_synonyms_update,
)

__all__ = [
    "dataset_purge",
    "group_list",
    "organization_create",
    "organization_list",
    "organization_update",
    "package_create",
    "package_owner_org_update",
    "package_search",
    "package_update",
    "sdopen_account_show",
    "sdopen_catalog_check",
    "sdopen_change_list",
    "sdopen_classification_show",
    "sdopen_classification_update",
    "sdopen_code_alias_create",
    "sdopen_code_alias_list",
    "sdopen_code_allocate",
    "sdopen_code_list",
    "sdopen_code_show",
    "sdopen_code_void",
    "sdopen_codelist_list",
    "sdopen_codelist_show",
    "sdopen_department_list",
    "sdopen_department_merge",
    "sdopen_synonyms_show",
    "sdopen_synonyms_update",
    "sdopen_template_show",
    "sdopen_workbook_check",
    "sdopen_workbook_delete",
    "sdopen_workbook_import",
    "sdopen_workbook_list",
    "sdopen_workbook_show",
]
