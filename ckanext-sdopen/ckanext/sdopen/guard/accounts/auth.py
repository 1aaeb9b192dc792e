"""Who sees accounts: government accounts; everybody else sees his own only.

An account that exists and one that does not are refused alike, for rights are asked first.
"""

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import AuthFunction, AuthResult, Context

from ckanext.sdopen.access import labels
from ckanext.sdopen.access.caller import is_trusted, user_of

__all__ = [
    "am_following_user",
    "dataset_followee_count",
    "followee_count",
    "group_followee_count",
    "organization_followee_count",
    "organization_list_for_user",
    "user_autocomplete",
    "user_followee_count",
    "user_follower_count",
    "user_list",
    "user_show",
]


def _is_government(context: Context) -> bool:
    """Whether who asks works in a department; rights of system administrators are not asked."""
    return labels.GOVERNMENT in labels.all_user_labels(user_of(context))


def may_see_accounts() -> bool:
    """Whether whoever asks for this page may see lists of accounts."""
    context = Context(user=tk.current_user.name, auth_user_obj=tk.current_user)
    return is_trusted(context) or _is_government(context)


def _refused() -> AuthResult:
    return {"success": False, "msg": tk._("Accounts are shown to government accounts only")}


def _is_own(context: Context, asked: Mapping[str, Any]) -> bool:
    user = user_of(context)
    reference = asked.get("id") or asked.get("user") or asked.get("user_id")
    if reference and reference == context.get("user"):
        # an invited account, too, which is not active before it has a password
        return True
    return user is not None and reference in (None, user.id, user.name)


def _about_an_account(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:
    """What is told of one account: to itself and to government accounts."""
    if _is_own(context, data_dict or {}) or _is_government(context):
        return {"success": True}
    return _refused()


def _named(name: str) -> AuthFunction:
    @tk.auth_allow_anonymous_access
    def allowed(context: Context, data_dict: dict[str, Any] | None = None) -> AuthResult:
        return _about_an_account(context, data_dict)

    allowed.__name__ = name
    allowed.__doc__ = _about_an_account.__doc__
    return allowed


user_show = _named("user_show")
user_follower_count = _named("user_follower_count")
user_followee_count = _named("user_followee_count")
followee_count = _named("followee_count")
dataset_followee_count = _named("dataset_followee_count")
group_followee_count = _named("group_followee_count")
organization_followee_count = _named("organization_followee_count")
am_following_user = _named("am_following_user")


@tk.auth_allow_anonymous_access
def organization_list_for_user(
    context: Context, data_dict: dict[str, Any] | None = None
) -> AuthResult:
    """Everybody asks for his own departments, of which strangers have none."""
    if not (data_dict or {}).get("id"):
        return {"success": True}
    return _about_an_account(context, data_dict)


@tk.auth_allow_anonymous_access
def user_list(context: Context, data_dict: dict[str, Any] | None = None) -> AuthResult:
    """Lists of accounts are for government accounts; mail addresses find none, as in CKAN."""
    if (data_dict or {}).get("email") or not _is_government(context):
        return _refused()
    return {"success": True}


@tk.auth_allow_anonymous_access
def user_autocomplete(context: Context, data_dict: dict[str, Any] | None = None) -> AuthResult:
    """Names that begin so are told to government accounts, who make others members."""
    return user_list(context, {})
