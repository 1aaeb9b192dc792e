"""CKAN's hooks of accounts, for the plugin: who somebody is, and what a login and a token need."""

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.common import CKANConfig
from ckan.types import Schema
from flask import g
from flask.typing import ResponseReturnValue

from ckanext.sdopen.guard.accounts import changes, sessions, settings, tokens
from ckanext.sdopen.guard.accounts.letters import writers
from ckanext.sdopen.guard.accounts.login import credentials, pages


def prepare(config: CKANConfig) -> None:
    """What must stand before the web application and the first account are loaded."""
    settings.prepare_cookies(config)
    settings.check_proxies(config)
    changes.watch()
    writers.register()


def subscriptions() -> dict[Any, list[Any]]:
    """What a login sets off, as CKAN's ISignal wants it."""
    return {tk.signals.user_logged_in: [sessions.begin]}


class AccountHooks:
    """What of IAuthenticator and IApiToken concerns accounts."""

    def identify_user(self, user_id: str | None = None) -> model.User | model.AnonymousUser | None:
        """The account of a session that lasts; None where there is no session."""
        return sessions.identify(user_id) if user_id else None

    def identify(self) -> None:
        """Name the address of the request as the configured proxies tell it."""
        g.remote_addr = credentials.address()

    def login(self) -> ResponseReturnValue | None:
        """The answer to a name and a password; None shows CKAN's form."""
        return pages.login()

    def logout(self) -> None:
        """End every session of the account, then CKAN ends this one."""
        if tk.current_user.is_authenticated:
            with model.meta.engine.begin() as connection:
                sessions.end_all(connection, tk.current_user.id)

    def authenticate(self, identity: dict[str, Any]) -> model.User | model.AnonymousUser:
        """The account of a name and a password, wherever CKAN asks for them; nobody otherwise."""
        try:
            found = credentials.tried(
                str(identity.get("login") or ""), str(identity.get("password") or "")
            )
        except credentials.Locked:
            found = None
        return found or model.AnonymousUser()

    def create_api_token_schema(self, schema: Schema) -> Schema:
        """What may be said of a new token."""
        return tokens.schema(schema)

    def decode_api_token(self, encoded: str, **kwargs: Any) -> Mapping[str, Any] | None:
        """What a token holds, of a host whose clock goes a little wrong, too."""
        return tokens.decoded(encoded, **kwargs)

    def postprocess_api_token(
        self, data: dict[str, Any], jti: str, data_dict: dict[str, Any]
    ) -> dict[str, Any]:
        """Let a new token end."""
        return tokens.ending(data, jti, data_dict)
