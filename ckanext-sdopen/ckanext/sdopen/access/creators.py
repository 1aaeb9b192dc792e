"""Who creates a department and governs its region anyhow needs no membership in it.

CKAN makes whoever creates an organization its administrator. A harvest account that creates 6,000
departments would carry 6,000 labels; as administrator of the data authority above them it acts in
all of them without (roles_that_cascade_to_sub_groups).
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from ckan import model
from ckan.types import Context

from ckanext.sdopen.access import authority

_SPARED: ContextVar[str] = ContextVar("sdopen_spared", default="")


@contextmanager
def spared(context: Context, region: str) -> Iterator[None]:
    """While a department of the region is created: its creator gets no membership if he governs."""
    user = model.User.get(context.get("user"))
    governs = user is not None and authority.governs(user.name, region)
    token = _SPARED.set(user.id if user is not None and governs else "")
    try:
        yield
    finally:
        _SPARED.reset(token)


def needs_none(member: Mapping[str, Any]) -> bool:
    """Whether a membership, as `member_create` takes it, is that of a creator who needs none."""
    return bool(_SPARED.get()) and member.get("object") == _SPARED.get()
