"""A command that runs as a service begins again while the database is away."""

import os
import subprocess
import sys

from ckanext.sdopen.services.running import ready

# longer than anything here takes; only what never comes reaches it
PATIENCE = 300


def test_a_service_that_begins_without_the_database_waits_for_it(repository, tmp_path):
    command = [sys.executable, str(repository / "config" / "service.py")]
    arguments = ["-c", str(repository / "test.ini"), "sdopen", "search", "drain"]
    # nobody listens there
    away = {**os.environ, "CKAN_SQLALCHEMY_URL": "postgresql://ckan:x@127.0.0.1:9/ckan"}
    log = tmp_path / "service.log"
    with log.open("wb") as out:
        service = subprocess.Popen([*command, *arguments], stdout=out, stderr=out, env=away)
    try:
        again = lambda: log.read_text().count("it begins again") >= 2  # noqa: E731
        lives = lambda: service.poll() is None  # noqa: E731
        assert ready.until(again, PATIENCE, lives), log.read_text()
        assert lives()
    finally:
        service.terminate()
        service.wait(PATIENCE)
