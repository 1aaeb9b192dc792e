"""Who acts, and from where: the account, the address and the id of the request under way."""

import uuid
from dataclasses import dataclass

from ckan import model
from flask import g, has_request_context, request

_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Source:
    """The account by id and name, both empty for nobody; address and request id outside none."""

    account_id: str = ""
    account: str = ""
    address: str = ""
    request_id: str = ""


def plain(said: str) -> str:
    """A text as PostgreSQL takes it; what somebody typed may hold anything."""
    return said.replace("\x00", "").encode("utf-8", "replace").decode()


def request_id() -> str:
    """The id of the request under way, made at the first question; empty outside of one."""
    if not has_request_context():
        return ""
    if "sdopen_request_id" not in g:
        g.sdopen_request_id = uuid.uuid4().hex
    return str(g.sdopen_request_id)


def _address() -> str:
    """The address of the client, as the configured proxies tell it where they stand before us."""
    return str(getattr(g, "remote_addr", "") or request.remote_addr or "")


def _known(name: str) -> model.User | None:
    """The account of a name or id; that of the request under way is known without a query."""
    own = getattr(g, "userobj", None) if has_request_context() else None
    if own is not None and name in (getattr(own, "name", None), getattr(own, "id", None)):
        return own
    return model.User.get(name)


def current(user: str = "") -> Source:
    """The source of what happens now.

    Args:
        user: name or id of the account that acts; without one that of the request.
    """
    inside = has_request_context()
    name = plain(user or (str(getattr(g, "user", "") or "") if inside else ""))
    known = _known(name) if name else None
    return Source(
        account_id=known.id if known else "",
        # an unknown name is what somebody typed: it is kept, but not at any length
        account=(known.name if known else name)[:_LONGEST],
        address=_address()[:_LONGEST] if inside else "",
        request_id=request_id(),
    )
