"""Redis: the queue of background jobs, kept on disk, behind a password."""

from ckanext.sdopen.services import stack_state
from ckanext.sdopen.services.layout import Layout

# a job that was accepted survives a stop and, but for the last second, a killed server
SETTINGS = """\
bind 127.0.0.1
port {port}
requirepass {password}
dir {folder}
appendonly yes
appendfsync everysec
save ""
logfile ""
daemonize no
"""


def write_settings(layout: Layout, port: int) -> None:
    """Write redis.conf, readable by its owner only."""
    password = stack_state.stack_secrets(layout)["redis"]
    folder = f'"{layout.redis}"'
    content = SETTINGS.format(port=port, password=password, folder=folder)
    stack_state.write_private(layout.redis / "redis.conf", content)
