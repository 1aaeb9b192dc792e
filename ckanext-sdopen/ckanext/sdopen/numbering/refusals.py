"""How calls on codes are refused."""

from typing import NoReturn

import ckan.plugins.toolkit as tk


def refuse(field: str, message: str) -> NoReturn:
    """Refuse a call for one of its arguments."""
    raise tk.ValidationError({field: [message]})
