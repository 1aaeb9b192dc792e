"""The portal's action API over HTTP: one kept-alive connection, deadlines, retries on 5xx."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from ckanext.sdopen.harvest.messages import PortalError, UsageError

_CONNECT_SECONDS, _READ_SECONDS = 10, 120


class Refused(Exception):
    """The portal refused one record; `reason` is its own words, field by field."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def words(error: Any) -> str:
    """CKAN's error dictionary as one line: `field: message; field: message`."""
    if not isinstance(error, dict):
        return str(error)
    parts = []
    for name, messages in error.items():
        if name == "__type":
            continue
        if isinstance(messages, list):
            messages = "；".join(words(m) for m in messages if m)
        if messages:
            parts.append(f"{name}: {words(messages)}")
    return "; ".join(parts)


class Portal:
    """A portal and the account that pushes to it. Raises PortalError when it cannot be used."""

    def __init__(self, url: str, token: str, language: str) -> None:
        if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).netloc:
            raise UsageError("portal_url", url=url)
        self.url = url.rstrip("/")
        self._session = requests.Session()
        self._session.headers.update(
            {
                "Authorization": token,
                "User-Agent": "sdopen-harvest",
                "Accept-Language": "en" if language == "en" else "zh-Hans-CN",
            }
        )
        # a write that timed out is not repeated: the rerun compares first
        retry = Retry(
            total=3,
            backoff_factor=0.5,
            status_forcelist=(502, 503, 504),
            allowed_methods=frozenset({"GET"}),
            raise_on_status=False,
        )
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=retry))
        self._prefix = "/en" if language == "en" else ""

    def answer(self, response: requests.Response) -> dict[str, Any]:
        """The body of an answer of the action API.

        Raises:
            PortalError: it is none.
        """
        try:
            answer = response.json()
        except ValueError:
            answer = None
        if not isinstance(answer, dict) or "success" not in answer:
            raise PortalError("portal_not_ckan", url=self.url, status=response.status_code)
        return answer

    def _call(self, method: str, action: str, **kwargs: Any) -> tuple[int, dict[str, Any]]:
        address = f"{self.url}{self._prefix}/api/3/action/{action}"
        try:
            response = self._session.request(
                method,
                address,
                timeout=(_CONNECT_SECONDS, _READ_SECONDS),
                allow_redirects=False,  # a redirect would carry the token elsewhere
                **kwargs,
            )
        except requests.RequestException as error:
            raise PortalError(
                "portal_unreachable", url=self.url, detail=type(error).__name__
            ) from None
        return response.status_code, self.answer(response)

    def post_once(
        self, path: str, headers: Mapping[str, str] | None = None, **sent: Any
    ) -> requests.Response:
        """The answer to one POST on a connection of its own.

        Raises:
            requests.RequestException: there is none.
        """
        with requests.Session() as session:
            session.headers.update(self._session.headers)
            return session.post(
                f"{self.url}{self._prefix}{path}",
                headers={**(headers or {}), "Connection": "close"},
                timeout=(_CONNECT_SECONDS, _READ_SECONDS),
                allow_redirects=False,  # a redirect would carry the token elsewhere
                **sent,
            )

    def show(self, action: str, record_id: str) -> dict[str, Any] | None:
        """The record, or None where the portal has none (that this account may read)."""
        status, answer = self._call("GET", action, params={"id": record_id})
        if answer["success"]:
            return answer["result"]
        if status == requests.codes.not_found:
            return None
        raise PortalError("portal_refuses", url=self.url, detail=words(answer.get("error")))

    def write(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Create or update one record.

        Raises:
            Refused: the portal's rules refuse this record; others may still pass.
            PortalError: the account may not write, or the portal is out of order.
        """
        status, answer = self._call("POST", action, json=payload)
        if answer["success"]:
            return answer["result"]
        reason = words(answer.get("error"))
        if status in (requests.codes.bad_request, requests.codes.conflict):
            raise Refused(reason)
        raise PortalError("portal_refuses", url=self.url, detail=reason)

    def check_account(self) -> None:
        """Make sure that the address is a portal and the token an account's.

        Raises:
            PortalError: neither.
        """
        status, answer = self._call("GET", "sdopen_account_show")
        if not answer["success"]:
            # stock CKAN and older portals take a wrong token for a stranger's
            if status in (requests.codes.unauthorized, requests.codes.forbidden):
                raise PortalError("portal_token", url=self.url)
            raise PortalError("portal_refuses", url=self.url, detail=words(answer.get("error")))
