"""Actions that write many departments or topics at once."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ckanext.sdopen.bulk import intake
from ckanext.sdopen.bulk.all_or_nothing import guarded
from ckanext.sdopen.departments.batch import batch
from ckanext.sdopen.departments.batch.group_types import DEPARTMENT, TOPIC, Sort

__all__ = ["sdopen_department_bulk_upsert", "sdopen_topic_bulk_upsert"]


def _upsert(context: Context, data_dict: dict[str, Any], sort: Sort) -> dict[str, Any]:
    records = intake.checked(data_dict.get("records"))
    run, key = intake.named(data_dict.get("run"), "run"), intake.named(data_dict.get("key"), "key")
    return guarded(lambda: batch.upsert(context, sort, records, run, key))


def sdopen_department_bulk_upsert(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Create or update many departments in one transaction.

    The rules, rights and effects are those of organization_create and organization_update. A
    record means the department of its `id` or `name`, else that of its region and
    统一社会信用代码, or of its region and title where it has no code.

    Args:
        data_dict: `records`, a list of departments as organization_create takes them, at most
            `ckanext.sdopen.bulk.records`, without `users`, `packages` and pictures; `run` and
            `key` as sdopen_entry_bulk_upsert takes them.

    Returns:
        `{"run", "key", "counts": {result: how many}, "records": [{"id", "name", "result",
        "findings"}]}`, records in the order sent. A result is `created`, `updated`, `unchanged`,
        `conflict` (it stands in the batch twice) or `rejected`.

    Raises:
        NotAuthorized: no account.
        ValidationError: no list, too many records, a key of other content.

    `curl -H "Authorization: $TOKEN" $PORTAL/api/3/action/sdopen_department_bulk_upsert \
        -d '{"records": [{"title": "济南市统计局", "region": "370100"}], "key": "1"}'`
    """
    tk.check_access("sdopen_department_bulk_upsert", context, data_dict)
    return _upsert(context, data_dict, DEPARTMENT)


def sdopen_topic_bulk_upsert(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Create or update many topics in one transaction.

    The rules, rights and effects are those of group_create and group_update. A record means the
    topic of its `name`, a code of the list of topics.

    Args:
        data_dict: `records`, a list of topics as group_create takes them; `run` and `key` as
            sdopen_entry_bulk_upsert takes them.

    Returns:
        As sdopen_department_bulk_upsert.

    Raises:
        NotAuthorized: no account.
        ValidationError: no list, too many records, a key of other content.

    `curl -H "Authorization: $TOKEN" $PORTAL/api/3/action/sdopen_topic_bulk_upsert \
        -d '{"records": [{"name": "ocean"}]}'`
    """
    tk.check_access("sdopen_topic_bulk_upsert", context, data_dict)
    return _upsert(context, data_dict, TOPIC)
