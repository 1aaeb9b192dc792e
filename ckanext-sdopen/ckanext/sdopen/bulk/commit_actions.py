"""The end of a run of bulk writes: all that was written is indexed and can be found."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.sdopen.access.authority import the_user_id
from ckanext.sdopen.bulk import intake, receipts
from ckanext.sdopen.directory import outbox
from ckanext.sdopen.index import solr
from ckanext.sdopen.index.drain import drainer
from ckanext.sdopen.parameters import whole_number

__all__ = ["sdopen_bulk_commit"]


def _seconds(data_dict: dict[str, Any]) -> int:
    most = intake.setting("wait_seconds")
    return whole_number(data_dict, "wait", most, most=most, capped=True)


def sdopen_bulk_commit(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Wait until all that stands in the index outbox now is indexed and can be found.

    Args:
        data_dict: `run`, the name under which the batches were sent, for their counts; `wait`, at
            most so many seconds, and never more than `ckanext.sdopen.bulk.wait_seconds`.

    Returns:
        `{"run", "counts": {result: how many}, "waiting": entries still to be indexed,
        "searchable": whether there are none}`. Where some are left, ask again.

    Raises:
        NotAuthorized: no account.
        ValidationError: `wait` is no number of seconds.

    `curl -H "Authorization: $TOKEN" $PORTAL/api/3/action/sdopen_bulk_commit -d '{"run": "…"}'`
    """
    tk.check_access("sdopen_bulk_commit", context, data_dict)
    run, seconds = intake.named(data_dict.get("run"), "run"), _seconds(data_dict)
    counts = receipts.counts(the_user_id(context) or "", run) if run else {}
    receipts.forget_old()
    model.Session.commit()
    version = outbox.highest()
    model.Session.rollback()
    try:
        waiting = drainer.drain_until(version, seconds)
    except solr.SolrSilent:
        waiting = outbox.left(version)
        return {"run": run, "counts": counts, "waiting": waiting, "searchable": False}
    return {"run": run, "counts": counts, "waiting": waiting, "searchable": waiting == 0}
