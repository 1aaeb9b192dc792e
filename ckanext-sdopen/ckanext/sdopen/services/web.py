"""A web server for tests that want a real one: gunicorn on the databases of the environment."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ckanext.sdopen.services import commands, kept, ready
from ckanext.sdopen.services.layout import ROOT
from ckanext.sdopen.services.messages import Trouble, text

SECONDS_TO_ANSWER = 120.0
SECONDS_TO_STOP = 40.0


@contextmanager
def serve(ini: Path, log: Path, env: Mapping[str, str] | None = None) -> Iterator[str]:
    """Serve the portal of these settings on a free port; gives its address, stops it at the end."""
    port = kept.free_port()
    url = f"http://127.0.0.1:{port}"
    settings = {**os.environ, **(env or {})}
    settings.update(CKAN_INI=str(ini), CKAN_SITE_URL=url, SDOPEN_PORT=str(port))
    gunicorn = [sys.executable, "-m", "gunicorn", "--config", str(ROOT / "config" / "gunicorn.py")]
    with log.open("ab") as out:
        child = subprocess.Popen(
            [*gunicorn, "wsgi:application"],
            cwd=ROOT,
            env=settings,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        if not ready.until(
            lambda: ready.http_status(f"{url}/api/3/action/status_show") == 200,
            SECONDS_TO_ANSWER,
            lambda: child.poll() is None,
        ):
            said = f"{log}\n{commands.tail(log)}"
            raise Trouble("not_answering", what=text("service_web"), log=said)
        yield url
    finally:
        child.terminate()
        try:
            child.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
