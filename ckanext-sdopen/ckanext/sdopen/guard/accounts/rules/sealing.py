"""Small secrets sealed with a key of the portal: nobody reads or changes them in the database.

The key stream of one nonce is one HMAC-SHA-256, so at most 32 bytes are sealed; a second HMAC
over nonce and text shows any change.
"""

import base64
import hashlib
import hmac
import secrets

_NONCE, _LONGEST = 16, 32


def key(portal_secret: str, purpose: str) -> bytes:
    """A key for one purpose, made of the portal's secret."""
    return hmac.digest(portal_secret.encode(), f"sdopen {purpose}".encode(), hashlib.sha256)


def _stream(sealing_key: bytes, nonce: bytes, length: int) -> bytes:
    return hmac.digest(sealing_key, b"stream" + nonce, hashlib.sha256)[:length]


def _mark(sealing_key: bytes, sealed: bytes) -> bytes:
    return hmac.digest(sealing_key, b"mark" + sealed, hashlib.sha256)


def seal(sealing_key: bytes, secret: bytes) -> str:
    """A secret of at most 32 bytes, sealed.

    Raises:
        ValueError: it is longer.
    """
    if len(secret) > _LONGEST:
        raise ValueError(f"at most {_LONGEST} bytes can be sealed")
    nonce = secrets.token_bytes(_NONCE)
    stream = _stream(sealing_key, nonce, len(secret))
    sealed = nonce + bytes(a ^ b for a, b in zip(secret, stream, strict=True))
    return base64.b64encode(sealed + _mark(sealing_key, sealed)).decode("ascii")


def opened(sealing_key: bytes, text: str) -> bytes | None:
    """The secret of a sealed text; None where it was changed, or sealed with another key."""
    try:
        whole = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    sealed, mark = whole[:-32], whole[-32:]
    if len(sealed) < _NONCE or not hmac.compare_digest(mark, _mark(sealing_key, sealed)):
        return None
    nonce, hidden = sealed[:_NONCE], sealed[_NONCE:]
    stream = _stream(sealing_key, nonce, len(hidden))
    return bytes(a ^ b for a, b in zip(hidden, stream, strict=True))
