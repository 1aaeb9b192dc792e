"""Contents: the actions that the capabilities offer."""

from ckanext.sdopen.catalog.actions import (
    organization_create,
    organization_update,
    package_create,
    package_update,
    sdopen_account_show,
)
from ckanext.sdopen.catalog.activity_actions import (
    activity_create,
    activity_data_show,
    activity_diff,
    activity_show,
    dashboard_activity_list,
    group_activity_list,
    organization_activity_list,
    package_activity_list,
    recently_changed_packages_activity_list,
    user_activity_list,
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
from ckanext.sdopen.catalog.bulk.actions import (
    sdopen_entry_bulk_upsert,
    sdopen_entry_bulk_withdraw,
)
from ckanext.sdopen.catalog.changes.actions import (
    sdopen_change_list,
)
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
from ckanext.sdopen.catalog.entries_actions import (
    dataset_purge,
    package_owner_org_update,
)
from ckanext.sdopen.catalog.existence_actions import (
    am_following_dataset,
    dataset_follower_count,
    dataset_follower_list,
    datastore_delete,
    datastore_info,
    datastore_records_delete,
    datastore_search,
    follow_dataset,
    package_collaborator_create,
    package_collaborator_delete,
    package_collaborator_list,
    package_patch,
    package_resource_reorder,
    package_show,
    resource_create,
    resource_delete,
    resource_patch,
    resource_show,
    resource_update,
    resource_view_create,
    resource_view_delete,
    resource_view_reorder,
    resource_view_show,
    resource_view_update,
    task_status_show,
    unfollow_dataset,
)
from ckanext.sdopen.catalog.followed_actions import (
    dataset_followee_count,
    dataset_followee_list,
    followee_count,
    followee_list,
)
from ckanext.sdopen.catalog.group_actions import (
    group_list,
    group_list_authz,
    group_show,
    organization_list,
    organization_list_for_user,
    organization_show,
)
from ckanext.sdopen.catalog.membership_actions import (
    member_create,
    member_delete,
)
from ckanext.sdopen.catalog.publication_actions import (
    package_delete,
    sdopen_entry_publish,
    sdopen_entry_withdraw,
)
from ckanext.sdopen.catalog.read_actions import (
    current_package_list_with_resources,
    format_autocomplete,
    member_list,
    package_relationships_list,
    resource_view_list,
    tag_autocomplete,
    tag_list,
    tag_search,
    tag_show,
)
from ckanext.sdopen.catalog.resource_search_actions import (
    resource_search,
)
from ckanext.sdopen.catalog.table_actions import (
    datastore_create,
    datastore_upsert,
)
from ckanext.sdopen.portal.departments.actions import (
    sdopen_department_list,
    sdopen_department_merge,
)
from ckanext.sdopen.portal.groups.actions import (
    sdopen_department_bulk_upsert,
    sdopen_topic_bulk_upsert,
)
from ckanext.sdopen.search.actions import (
    package_search,
    sdopen_synonyms_show,
    sdopen_synonyms_update,
)
from ckanext.sdopen.search.commit_actions import (
    sdopen_bulk_commit,
)

__all__ = [
    "activity_create",
    "activity_data_show",
    "activity_diff",
    "activity_show",
    "am_following_dataset",
    "current_package_list_with_resources",
    "dashboard_activity_list",
    "dataset_followee_count",
    "dataset_followee_list",
    "dataset_follower_count",
    "dataset_follower_list",
    "dataset_purge",
    "datastore_create",
    "datastore_delete",
    "datastore_info",
    "datastore_records_delete",
    "datastore_search",
    "datastore_upsert",
    "follow_dataset",
    "followee_count",
    "followee_list",
    "format_autocomplete",
    "group_activity_list",
    "group_list",
    "group_list_authz",
    "group_show",
    "member_create",
    "member_delete",
    "member_list",
    "organization_activity_list",
    "organization_create",
    "organization_list",
    "organization_list_for_user",
    "organization_show",
    "organization_update",
    "package_activity_list",
    "package_collaborator_create",
    "package_collaborator_delete",
    "package_collaborator_list",
    "package_create",
    "package_delete",
    "package_owner_org_update",
    "package_patch",
    "package_relationships_list",
    "package_resource_reorder",
    "package_search",
    "package_show",
    "package_update",
    "recently_changed_packages_activity_list",
    "resource_create",
    "resource_delete",
    "resource_patch",
    "resource_search",
    "resource_show",
    "resource_update",
    "resource_view_create",
    "resource_view_delete",
    "resource_view_list",
    "resource_view_reorder",
    "resource_view_show",
    "resource_view_update",
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
    "tag_autocomplete",
    "tag_list",
    "tag_search",
    "tag_show",
    "task_status_show",
    "unfollow_dataset",
    "user_activity_list",
]
