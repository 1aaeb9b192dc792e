"""Which portal, and whose token: never an argument, which `ps` would show."""

import json
import os
from pathlib import Path

import click

from ckanext.sdopen.harvest.messages import UsageError

_DEFAULT_PORTAL = "http://127.0.0.1:5000"
_DEFAULT_TOKEN_FILE = Path("var") / "harvest.token"
# written by scripts/portal at each start
_ADDRESS = Path("var") / "run" / "address.json"


def portal_here() -> str:
    """The address of this checkout's portal, as it was last started."""
    try:
        return str(json.loads(_ADDRESS.read_text(encoding="utf-8"))["url"])
    except (OSError, ValueError, KeyError):
        return _DEFAULT_PORTAL


def token_of(path: Path | None) -> str:
    """The account's API token: SDOPEN_TOKEN, else a file.

    Raises:
        UsageError: there is neither.
    """
    token = os.environ.get("SDOPEN_TOKEN", "")
    if token:
        return token.strip()
    file = path or _DEFAULT_TOKEN_FILE
    try:
        return file.read_text(encoding="utf-8").strip()
    except OSError:
        raise UsageError("token_missing", path=file) from None


portal_option = click.option(
    "--portal",
    envvar="SDOPEN_PORTAL",
    default=portal_here,
    show_default="scripts/portal",
    help="门户地址 · address of the portal",
)
token_option = click.option(
    "--token-file",
    type=click.Path(path_type=Path),
    help="令牌文件（或环境变量 SDOPEN_TOKEN） · file with the API token",
)
