"""Accounts with a known password, and the browsers with which they visit the portal."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

PASSWORD, OTHER = "Tr0ub4dor&3x", "Zm7-kestrel_9Q"
# a page that asks for a session and for nothing else
OWN = "/user/second-factor"


def person(**more: Any) -> dict[str, Any]:
    """An account of somebody who is in no department."""
    return factories.User(**{"password": PASSWORD, **more})


class Browser:
    """A browser of its own: its cookies are nobody else's."""

    def __init__(self, app: Any, cookies: dict[str, str] | None = None) -> None:
        self.client = app.test_client()
        self._app = app
        for name, value in (cookies or {}).items():
            self.client.set_cookie(name, value, domain=_host())

    def get(self, address: str, **more: Any) -> Any:
        return self.client.get(address, **more)

    def post(self, address: str, data: dict[str, Any], **more: Any) -> Any:
        return self.client.post(address, data=data, **more)

    def login(self, name: str, password: str = PASSWORD, **more: Any) -> Any:
        return self.post(
            "/user/login", {"login": name, "password": password}, follow_redirects=False, **more
        )

    def is_in(self) -> bool:
        """Whether the portal takes this browser for somebody."""
        return self.get(OWN, follow_redirects=False).status_code == 200

    def cookies(self) -> dict[str, str]:
        """What somebody has who copied the cookies."""
        kept = ("ckan", "remember_token")
        found = {name: self.client.get_cookie(name, domain=_host()) for name in kept}
        return {name: one.value for name, one in found.items() if one is not None}

    def session(self) -> Any:
        """What the signed cookie holds, to be changed as time would."""
        return self.client.session_transaction(base_url=tk.config["ckan.site_url"])

    def copy(self) -> "Browser":
        """Another browser with the same cookies."""
        return Browser(self._app, self.cookies())


def _host() -> str:
    return str(tk.config["ckan.site_url"]).split("//")[1]


def logged_in(app: Any, user: dict[str, Any]) -> Browser:
    """The browser of somebody who has just logged in."""
    browser = Browser(app)
    assert browser.login(user["name"]).status_code == 302
    assert browser.is_in()
    return browser


def token_of(user: dict[str, Any]) -> str:
    """A new API token of an account."""
    context = {"user": user["name"], "ignore_auth": True}
    made = call_action("api_token_create", context, user=user["name"], name="test")
    model.Session.commit()
    return str(made["token"])


def token_works(app: Any, token: str) -> bool:
    """Whether the API knows who comes with a token."""
    address = "/api/3/action/sdopen_account_show"
    answer = app.test_client().get(address, headers={"Authorization": token})
    assert answer.status_code in (200, 401)
    return bool(answer.status_code == 200)
