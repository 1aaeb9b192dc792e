"""Actions that write many entries at once."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ckanext.sdopen import moments
from ckanext.sdopen.bulk import batch, intake, withdrawal
from ckanext.sdopen.bulk.all_or_nothing import guarded
from ckanext.sdopen.entries.publication import reason_of

__all__ = ["sdopen_entry_bulk_upsert", "sdopen_entry_bulk_withdraw"]


def sdopen_entry_bulk_upsert(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Create or update many catalogs and interfaces in one transaction.

    The rules, rights and effects are those of package_create and package_update. A record is known
    by its code, its source's key, or what identifies an interface; one that a bulk write brought
    before to the letter costs a comparison. A wrong record never keeps the others out. Who does
    not publish writes drafts.

    Args:
        data_dict: `records`, a list of entries as package_create takes them, each with `type`
            (`dataset` or `interface`), at most `ckanext.sdopen.bulk.records`; `run`, a name for
            all batches of one load; `key`, the account's own name for this batch: sent again, it
            gets the first answer and writes nothing.

    Returns:
        `{"run", "key", "way", "counts": {result: how many}, "records": [{"id", "name", "result",
        "findings"}]}`, records in the order sent. A result is `created`, `updated`, `unchanged`,
        `pending` (it waits for review), `conflict` (another request has just created it) or
        `rejected`; findings are `{"code", "severity", "field", "item", "part", "message"}`. `way`
        is `bulk`, or `actions` where CKAN, its tables or the schemas are not the known ones, which
        `way_reason` then names.

    Raises:
        NotAuthorized: no account.
        ValidationError: no list, too many records, a key of other content; or, with the field
            `outbox` or `index`, nothing can be taken at present: send it again later.

    `curl -H "Authorization: $TOKEN" $PORTAL/api/3/action/sdopen_entry_bulk_upsert \
        -d '{"records": [{"type": "dataset", "…": "…"}], "run": "2026-11-26", "key": "1"}'`
    """
    tk.check_access("sdopen_entry_bulk_upsert", context, data_dict)
    records = intake.checked(data_dict.get("records"))
    run, key = intake.named(data_dict.get("run"), "run"), intake.named(data_dict.get("key"), "key")
    return guarded(lambda: batch.upsert(context, records, run, key))


def sdopen_entry_bulk_withdraw(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Withdraw many published entries with one reason; see sdopen_entry_withdraw.

    Args:
        data_dict: `entries`, a list of `{"id"}`, ids or names, at most
            `ckanext.sdopen.bulk.records`; `reason`, a sentence of at most 500 characters; `run`
            and `key` as sdopen_entry_bulk_upsert takes them.

    Returns:
        As sdopen_entry_bulk_upsert: `updated` is withdrawn now, `unchanged` was not published.

    Raises:
        NotAuthorized: no account.
        ValidationError: no list, too many entries, no reason, a key of other content; or, with
            the field `index`, nothing can be taken at present: send it again later.

    `curl -H "Authorization: $TOKEN" $PORTAL/api/3/action/sdopen_entry_bulk_withdraw \
        -d '{"entries": [{"id": "…"}], "reason": "…"}'`
    """
    tk.check_access("sdopen_entry_bulk_withdraw", context, data_dict)
    listed = intake.checked(data_dict.get("entries"))
    references = [str(one.get("id") or "") for one in listed]
    reason = reason_of(data_dict)
    run, key = intake.named(data_dict.get("run"), "run"), intake.named(data_dict.get("key"), "key")
    today = moments.today().isoformat()
    return guarded(lambda: withdrawal.withdraw(context, references, reason, today, run, key))
