"""A web server for tests that want a real one: gunicorn on the databases of the environment."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ckanext.sdopen.services import stack_state
from ckanext.sdopen.services.layout import ROOT
from ckanext.sdopen.services.running import ready
from ckanext.sdopen.services.servers import child

SECONDS_TO_ANSWER = 120.0
SECONDS_TO_STOP = 40.0


@contextmanager
def serve(
    ini: Path,
    log: Path,
    env: Mapping[str, str] | None = None,
    *,
    application: str = "wsgi:application",
    answers: str = "/api/3/action/status_show",
) -> Iterator[str]:
    """Serve the portal of these settings on a free port; gives its address, stops it at the end.

    Args:
        ini: CKAN's settings.
        log: where the server writes.
        env: what differs from this environment.
        application: another WSGI application in the portal's place, `module:name`.
        answers: the path that tells by 200 that it serves.
    """
    port = stack_state.free_port()
    url = f"http://127.0.0.1:{port}"
    settings = {**os.environ, **(env or {})}
    settings.update(CKAN_INI=str(ini), CKAN_SITE_URL=url, SDOPEN_WEB_PORT=str(port))
    gunicorn = [sys.executable, "-m", "gunicorn", "--config", str(ROOT / "config" / "gunicorn.py")]
    with child.running(
        "web",
        [*gunicorn, application],
        log,
        settings,
        lambda: ready.http_status(url + answers) == 200,
        to_answer=SECONDS_TO_ANSWER,
        to_stop=SECONDS_TO_STOP,
        cwd=ROOT,
    ):
        yield url
