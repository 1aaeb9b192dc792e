"""CKAN's settings file of a running portal: the shipped settings, addresses and secrets."""

from ckanext.sdopen.services import stack_state
from ckanext.sdopen.services.addresses import Addresses
from ckanext.sdopen.services.layout import Layout

HEADER = """\
# Written by scripts/portal at each start: change config/portal.ini or the environment instead.
[app:main]
"""


def content(settings: dict[str, str]) -> str:
    """The file's text; `%` is doubled, for the reader interpolates."""
    lines = [f"{name} = {value.replace('%', '%%')}\n" for name, value in settings.items()]
    return HEADER + "".join(lines)


def write(layout: Layout, addresses: Addresses) -> None:
    """Write var/portal.ini, readable by its owner only."""
    settings = {
        "use": f"config:{layout.config / 'portal.ini'}",
        "SECRET_KEY": stack_state.stack_secrets(layout)["secret_key"],
        **addresses.settings(),
    }
    stack_state.write_private(layout.ini, content(settings))
