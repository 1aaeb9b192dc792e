"""In which state a record is written."""

import ckan.plugins.toolkit as tk

from ckanext.sdopen.bulk.examining import examine_record
from ckanext.sdopen.bulk.examining.permissions import Permissions
from ckanext.sdopen.bulk.record import Candidate
from ckanext.sdopen.entries import publication


def set_state(candidate: Candidate, permissions: Permissions) -> None:
    """Write its state into the record; one that asks for what is not done is rejected."""
    known, record = candidate.known, candidate.record
    before = known.state if known else ""
    if before == publication.DELETED and not record.get("state"):
        # what the source holds again is there again
        before = ""
    try:
        if str(record.get("state") or "") == publication.DELETED:
            message = tk._("A bulk write deletes nothing; withdraw the entry, with the reason")
            raise tk.ValidationError({"state": [message]})
        trusted, region = permissions.trusted, candidate.region
        state = publication.state_of(record, before, trusted, lambda: permissions.publishes(region))
    except tk.ValidationError as error:
        candidate.reject(examine_record.of_error(error.error_dict))
        return
    publication.set_state(record, state, trusted, known.extras if known else {})
