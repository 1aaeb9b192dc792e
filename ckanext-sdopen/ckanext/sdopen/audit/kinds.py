"""The kinds of events that the audit log knows, and how one ends.

Source: GB/T 22239-2019, level 3, 安全审计 (each user, important behaviour, security events).
"""

from enum import StrEnum

# what happened; some are told by capabilities to come (review, personal data)
Kind = StrEnum(
    "Kind",
    [
        "LOGIN",
        "LOGIN_FAILED",
        "LOGOUT",
        "LOCK",
        "UNLOCK",
        "PASSWORD_CHANGE",
        "PASSWORD_RESET",
        "TOTP_CHANGE",
        "TOKEN_ISSUE",
        "TOKEN_REVOKE",
        "USER_CREATE",
        "USER_DISABLE",
        "ROLE_CHANGE",
        "CONFIG_CHANGE",
        "ENTRY_CREATE",
        "ENTRY_UPDATE",
        "ENTRY_DELETE",
        "SUBMIT",
        "RETURN",
        "PUBLISH",
        "WITHDRAW",
        "CLASS_CHANGE",
        "DOWNLOAD",
        "ACCESS_DENIED",
        "SCAN_OVERRIDE",
    ],
)


class Result(StrEnum):
    """How it ended: it was done, a rule or a right stood against it, or it broke."""

    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"
