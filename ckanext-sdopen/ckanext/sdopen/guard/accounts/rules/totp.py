"""Codes that change every half minute (RFC 6238 on RFC 4226), and the address for a phone."""

import base64
import hashlib
import hmac
import secrets
import struct
from urllib.parse import quote, urlencode

SECONDS = 30
DIGITS = 6
_BYTES = 20
# a phone's clock may go wrong by one step
_STEPS = 1


def new_secret() -> bytes:
    """A secret by chance, as long as RFC 4226 asks."""
    return secrets.token_bytes(_BYTES)


def written(secret: bytes) -> str:
    """A secret as people type it into a phone: base32."""
    return base64.b32encode(secret).decode("ascii").rstrip("=")


def hotp(secret: bytes, counter: int, digits: int = DIGITS) -> str:
    """The code of a counter (RFC 4226, section 5.3)."""
    digest = hmac.digest(secret, struct.pack(">Q", counter), hashlib.sha1)
    offset = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def step(seconds: float) -> int:
    """The time step of a moment, in seconds since 1970."""
    return int(seconds // SECONDS)


def accepted(secret: bytes, code: str, seconds: float, last: int) -> int | None:
    """The time step whose code this is, None where it is of none or of one that was used.

    Args:
        last: the last step whose code was taken; earlier ones are not taken any more either.
    """
    typed = "".join(code.split())
    now = step(seconds)
    for one in range(max(now - _STEPS, 0), now + _STEPS + 1):
        if one > last and hmac.compare_digest(hotp(secret, one).encode(), typed.encode()):
            return one
    return None


def address(secret: bytes, account: str, issuer: str) -> str:
    """The otpauth address by which an application on a phone takes the secret."""
    label = quote(f"{issuer}:{account}", safe="")
    asked = {"secret": written(secret), "issuer": issuer, "digits": DIGITS, "period": SECONDS}
    return f"otpauth://totp/{label}?{urlencode(asked, quote_via=quote)}"
