"""API tokens: how long they last, and whose clock is believed."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import ckan.plugins.toolkit as tk
import jwt
from ckan import model
from ckan.lib import api_token
from ckan.types import Schema

from ckanext.sdopen.guard.accounts import settings
from ckanext.sdopen.moments import now

# clocks of two hosts may differ by so many seconds
_LEEWAY = 60
# where CKAN's plugin expire_api_token keeps the end of a token, and its pages look for it
_EXTRA = "expire_api_token"


def schema(known: Schema) -> Schema:
    """A new token may be given `expires_in` times `unit` seconds; without, it gets all there are.

    CKAN's plugin `expire_api_token`, where it is loaded, asks for both.
    """
    seconds = [tk.get_validator("ignore_missing"), tk.get_validator("is_positive_integer")]
    return {**known, "expires_in": list(seconds), "unit": list(seconds)}


def _life(asked: Mapping[str, Any]) -> timedelta:
    """How long a new token lasts: as asked, never longer than the setting says."""
    most = settings.token_life()
    wanted = int(asked.get("expires_in") or 0) * int(asked.get("unit") or 1)
    if not 0 < wanted < most.total_seconds():
        return most
    return timedelta(seconds=wanted)


def ending(data: dict[str, Any], jti: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    """What a new token holds, with its end, which its row holds, too."""
    end = now() + _life(asked)
    token = model.ApiToken.get(jti)
    if token is not None:
        token.set_extra(_EXTRA, {"exp": end.isoformat()}, True)
    return {**data, "exp": api_token.into_seconds(end)}


def decoded(encoded: str, **kwargs: Any) -> Mapping[str, Any] | None:
    """What a token holds; None leaves it to CKAN to refuse it and to say so in the log."""
    try:
        return api_token.decode_token(encoded, leeway=_LEEWAY, **kwargs)
    except jwt.InvalidTokenError:
        return None
