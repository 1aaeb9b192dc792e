"""nginx for tests that want the front door, in a folder of its own before any web server."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import urlsplit

from ckanext.sdopen.services import stack_state
from ckanext.sdopen.services.layout import Layout
from ckanext.sdopen.services.running import ready
from ckanext.sdopen.services.servers import child, nginx

SECONDS_TO_ANSWER = 120.0
SECONDS_TO_STOP = 30.0


@contextmanager
def door(
    application: str,
    layout: Layout,
    *,
    storage: str | None = None,
    given: Mapping[str, str] | None = None,
) -> Iterator[str]:
    """Serve what is at an address through nginx on a free port; gives the address, stops it after.

    Args:
        application: the address of the web server, `http://127.0.0.1:5000`.
        layout: the folder in which nginx keeps its things and its log.
        storage: the folder of files, the layout's unless given.
        given: the operator's SDOPEN_NGINX_*.
    """
    layout.make()
    port = stack_state.free_port()
    behind = urlsplit(application).port or 80
    values = nginx.portal_values(layout, port, behind, storage or str(layout.storage), given or {})
    nginx.write_settings(layout, values)
    environment = {**os.environ, **nginx.environment(layout)}
    with child.running(
        "nginx",
        [sys.executable, str(layout.config / "front.py")],
        layout.log("nginx"),
        environment,
        lambda: ready.knocks("127.0.0.1", port),
        to_answer=SECONDS_TO_ANSWER,
        to_stop=SECONDS_TO_STOP,
    ):
        yield f"http://127.0.0.1:{port}"
