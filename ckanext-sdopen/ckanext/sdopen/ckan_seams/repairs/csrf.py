"""An exemption from the CSRF check lasts for its request, not for the life of the process.

CKAN exempts a view for good as soon as anybody calls it without a session or with a token.
CVE-2026-41255 is repaired in CKAN 2.10.10 and 2.11.5, whose CSRF object has
`exempt_this_request`; 2.12.0 has not. The first release of 2.12 that has it ends this module.
"""

from typing import Any

from ckan.config.middleware.flask_app import csrf
from flask import g, has_request_context
from flask_wtf.csrf import CSRFProtect

_FLAG = "sdopen_csrf_exempt"
_MARK = "sdopen_per_request"


def apply(protection: CSRFProtect = csrf) -> bool:
    """Have the application's CSRF object exempt by request; False where there is nothing to do."""
    if is_repaired(protection):
        return False
    exempt_for_good, protect = protection.exempt, protection.protect

    def exempt(view: Any) -> Any:
        if not has_request_context():
            return exempt_for_good(view)
        setattr(g, _FLAG, True)
        return view

    def protect_unless_exempt(*args: Any, **kwargs: Any) -> None:
        if not g.get(_FLAG):
            protect(*args, **kwargs)

    setattr(protection, _MARK, True)
    protection.exempt = exempt
    protection.protect = protect_unless_exempt
    return True


def is_repaired(protection: CSRFProtect = csrf) -> bool:
    """Whether exemptions last for their request only, by CKAN itself or by this module."""
    return hasattr(protection, "exempt_this_request") or hasattr(protection, _MARK)


def exempt_this_request(protection: CSRFProtect = csrf) -> None:
    """Leave the current request out of the CSRF check: something else has vouched for it."""
    if hasattr(protection, "exempt_this_request"):
        protection.exempt_this_request()
    else:
        setattr(g, _FLAG, True)
