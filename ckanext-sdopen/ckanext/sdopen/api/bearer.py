"""`Authorization: Bearer <token>` (RFC 6750) says the same as CKAN's bare token."""

from collections.abc import Callable, Iterable
from typing import Any

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Bearer:
    """A WSGI application that is handed the token alone, in the header that CKAN reads."""

    def __init__(self, app: Wsgi, header: str) -> None:
        """Args: the application; the name of the header with the token."""
        self._app = app
        self._name = "HTTP_" + header.upper().replace("-", "_")

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Answer a request."""
        scheme, _, token = environ.get("HTTP_AUTHORIZATION", "").strip().partition(" ")
        if scheme.lower() == "bearer" and token.strip():
            environ[self._name] = token.strip()
        return self._app(environ, start_response)
