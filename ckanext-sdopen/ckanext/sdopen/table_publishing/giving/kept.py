"""How long an answer is kept, and by whom: addresses with a hash for ever, others ask again."""

import hashlib
from typing import Any

from flask import Response
from werkzeug.datastructures import Headers

LATEST = "public, no-cache"
# a year, as long as caches keep anything
FOR_EVER = "public, max-age=31536000, immutable"
PRIVATE = "private, no-store"


class Kept(Response):
    """An answer that says itself how long it is kept: CKAN 2.12 writes `max-age=0` into all."""

    kept = LATEST

    def get_wsgi_headers(self, environ: Any) -> Headers:
        """The headers, once nobody changes them any more."""
        headers = super().get_wsgi_headers(environ)
        headers["Cache-Control"] = self.kept
        return headers


def etag(*parts: str) -> str:
    """What tells a content from others: of a version, a form and a question."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
