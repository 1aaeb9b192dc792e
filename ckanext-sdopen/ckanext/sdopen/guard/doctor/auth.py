"""Who may ask the doctor: system administrators alone."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context

__all__ = ["sdopen_doctor_show"]


@tk.auth_disallow_anonymous_access
def sdopen_doctor_show(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:
    """Nobody whom CKAN has to ask: system administrators pass before it asks."""
    message = tk._("The doctor's report is shown to system administrators only")
    return {"success": False, "msg": message}
