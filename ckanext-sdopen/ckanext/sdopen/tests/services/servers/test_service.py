"""A command that runs as a service begins again while the database is away."""

import os
import subprocess
import sys
import time


def test_a_service_that_begins_without_the_database_waits_for_it(repository, tmp_path):
    command = [sys.executable, str(repository / "config" / "service.py")]
    arguments = ["-c", str(repository / "test.ini"), "sdopen", "search", "drain"]
    # nobody listens there
    away = {**os.environ, "CKAN_SQLALCHEMY_URL": "postgresql://ckan:x@127.0.0.1:9/ckan"}
    log = tmp_path / "service.log"
    with log.open("wb") as out:
        service = subprocess.Popen([*command, *arguments], stdout=out, stderr=out, env=away)
    try:
        deadline = time.monotonic() + 90
        while log.read_text().count("it begins again") < 2 and time.monotonic() < deadline:
            assert service.poll() is None, log.read_text()
            time.sleep(0.2)
        assert log.read_text().count("it begins again") >= 2
        assert service.poll() is None
    finally:
        service.terminate()
        service.wait(20)
