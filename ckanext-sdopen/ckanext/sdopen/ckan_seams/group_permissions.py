"""In which departments an account may do something, by CKAN's rule, all with one statement."""

from ckan import authz, model
from sqlalchemy import text

# as ckan.authz.has_user_permission_for_group_or_org answers for each department
_DEPARTMENTS = text(
    """
    WITH RECURSIVE own AS (
        SELECT group_id, capacity FROM member
        WHERE table_name = 'user' AND table_id = :user AND state = 'active'
    ), below AS (
        SELECT group_id FROM own WHERE capacity = ANY(:cascading) AND capacity = ANY(:roles)
        UNION
        SELECT m.group_id FROM member m JOIN below b ON m.table_id = b.group_id
        WHERE m.table_name = 'group' AND m.state = 'active'
    )
    SELECT group_id FROM own WHERE capacity = ANY(:roles) UNION SELECT group_id FROM below
    """
)


def departments_of(account: model.User | None, permission: str) -> frozenset[str]:
    """The departments in which one of the account's roles has a permission."""
    if account is None or not account.is_active:
        return frozenset()
    values = {
        "user": account.id,
        "roles": authz.get_roles_with_permission(permission),
        "cascading": authz.check_config_permission("roles_that_cascade_to_sub_groups") or [],
    }
    return frozenset(model.Session.execute(_DEPARTMENTS, values).scalars())
