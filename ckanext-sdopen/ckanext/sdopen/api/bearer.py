"""`Authorization: Bearer <token>` (RFC 6750) says the same as CKAN's bare token."""

from collections.abc import Callable, Iterable
from typing import Any

# where a request says that its token came so
IS_BEARER = "sdopen.is_bearer"
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
            environ[IS_BEARER] = True
        return self._app(environ, start_response)
