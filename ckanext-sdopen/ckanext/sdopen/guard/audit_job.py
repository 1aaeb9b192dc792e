"""The upkeep of the audit log: sealed every few seconds, with the months of the coming year."""

from ckanext.sdopen.audit import chain, months
from ckanext.sdopen.jobs.kinds import Periodic, Queue

__all__ = ["AUDIT_MONTHS", "AUDIT_SEAL"]

# rows are to be sealed ten seconds after they were written
_EVERY = 5.0


def _seal() -> str:
    return f"{chain.seal_all()} rows sealed"


def _make_months() -> str:
    return f"{months.make_ahead()} months made"


AUDIT_SEAL = Periodic("audit_seal", Queue.UPKEEP, lambda: _EVERY, _seal, 600.0)
AUDIT_MONTHS = Periodic("audit_months", Queue.UPKEEP, lambda: 86_400.0, _make_months, 600.0)
