"""Pages for everybody set no cookie: their forms need no CSRF token.

`origin_pages` asks whoever has no login for no token, and refuses what comes from elsewhere.
"""

import ckan.plugins.toolkit as tk
from flask import Flask
from flask_wtf.csrf import generate_csrf


def spare_anonymous_pages(app: Flask) -> None:
    """Have templates write a CSRF token for accounts only; a token begins a session."""
    # macros see globals, pages what processors give
    app.jinja_env.globals["csrf_token"] = token
    app.context_processor(lambda: {"csrf_token": token})


def token() -> str:
    """The CSRF token of who logged in and asked for the page; "" for strangers and programs."""
    by_login = tk.current_user.is_authenticated and not tk.g.get("login_via_auth_header")
    return generate_csrf() if by_login else ""
