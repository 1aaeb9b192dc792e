"""Contents: the auth functions that the capabilities offer."""

from ckanext.sdopen.catalog.auth import (
    organization_create,
    package_show,
    package_update,
    sdopen_account_show,
    sdopen_entry_publish,
    sdopen_entry_withdraw,
)
from ckanext.sdopen.catalog.books.auth import (
    sdopen_workbook_check,
    sdopen_workbook_delete,
    sdopen_workbook_import,
    sdopen_workbook_list,
    sdopen_workbook_show,
)
from ckanext.sdopen.catalog.bulk.auth import (
    sdopen_entry_bulk_upsert,
    sdopen_entry_bulk_withdraw,
)
from ckanext.sdopen.catalog.changes.auth import (
    sdopen_change_list,
)
from ckanext.sdopen.catalog.check_auth import (
    sdopen_catalog_check,
    sdopen_codelist_list,
    sdopen_codelist_show,
    sdopen_template_show,
)
from ckanext.sdopen.catalog.code_auth import (
    sdopen_classification_show,
    sdopen_classification_update,
    sdopen_code_alias_create,
    sdopen_code_alias_list,
    sdopen_code_allocate,
    sdopen_code_list,
    sdopen_code_show,
    sdopen_code_void,
)
from ckanext.sdopen.portal.departments.auth import (
    sdopen_department_list,
    sdopen_department_merge,
)
from ckanext.sdopen.portal.groups.auth import (
    sdopen_department_bulk_upsert,
    sdopen_topic_bulk_upsert,
)
from ckanext.sdopen.search.auth import (
    sdopen_bulk_commit,
    sdopen_synonyms_show,
    sdopen_synonyms_update,
)

__all__ = [
    "organization_create",
    "package_show",
    "package_update",
    "sdopen_account_show",
    "sdopen_bulk_commit",
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
    "sdopen_department_bulk_upsert",
    "sdopen_department_list",
    "sdopen_department_merge",
    "sdopen_entry_bulk_upsert",
    "sdopen_entry_bulk_withdraw",
    "sdopen_entry_publish",
    "sdopen_entry_withdraw",
    "sdopen_synonyms_show",
    "sdopen_synonyms_update",
    "sdopen_template_show",
    "sdopen_topic_bulk_upsert",
    "sdopen_workbook_check",
    "sdopen_workbook_delete",
    "sdopen_workbook_import",
    "sdopen_workbook_list",
    "sdopen_workbook_show",
]
