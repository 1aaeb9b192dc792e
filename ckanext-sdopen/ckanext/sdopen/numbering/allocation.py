"""The next code of a department under one of its prefixes."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ckanext.sdopen.access.authority import organization_named, the_user_id
from ckanext.sdopen.identifiers.resource_code import is_prefix
from ckanext.sdopen.numbering import classification, numbers
from ckanext.sdopen.numbering.numbers import Series
from ckanext.sdopen.numbering.refusals import refuse


def prefix_for(data_dict: dict[str, Any], organization_id: str) -> str:
    """The prefix asked for, else the only one of the department."""
    own = classification.prefixes_of(organization_id)
    prefix = str(data_dict.get("prefix") or (own[0] if len(own) == 1 else ""))
    if not prefix:
        message = tk._("Say under which prefix: {prefixes}")
        refuse("prefix", message.format(prefixes=", ".join(own) or "307001, …"))
    if not is_prefix(prefix):
        refuse("prefix", tk._('"{prefix}" is no prefix like 307001').format(prefix=prefix))
    if own and prefix not in own:
        message = tk._("{prefix} is not one of the department's prefixes: {prefixes}")
        refuse("prefix", message.format(prefix=prefix, prefixes=", ".join(own)))
    return prefix


def allocated(context: Context, entry: dict[str, Any], kind: str) -> str:
    """The next code under the prefix that an entry's code ends with a stroke after; no commit."""
    organization = organization_named(str(entry.get("owner_org") or ""))
    tk.check_access("sdopen_code_allocate", context, {"owner_org": organization.id})
    prefix = prefix_for({"prefix": str(entry["resource_code"]).strip()[:-1]}, organization.id)
    series = Series(kind, str(organization.extras.get("region") or ""), prefix)
    return numbers.allocate(series, 1, organization.id, the_user_id(context))[0]
