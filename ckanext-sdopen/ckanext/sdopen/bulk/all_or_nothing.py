"""What every bulk write has in common: it answers, or nothing of it stays."""

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.search import SearchIndexError

from ckanext.sdopen.bulk import intake, receipts


def guarded(write: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """The answer of a write; whatever goes wrong, nothing of the batch stays.

    Raises:
        KeyTaken: its key was given to a batch of other content.
        Unavailable: the index does not answer.
    """
    try:
        return write()
    except receipts.OtherContent:
        model.Session.rollback()
        message = tk._("This key was given to a batch of other content; take a new one")
        raise intake.KeyTaken({"key": [message]}) from None
    except SearchIndexError:
        model.Session.rollback()
        message = tk._("The index does not answer, and entries are to be withheld; send it again")
        raise intake.Unavailable({"index": [message]}, intake.setting("retry_seconds")) from None
    except BaseException:
        model.Session.rollback()
        raise
