"""The web server: two processes of four threads, on loopback, behind whatever faces the public."""

import os
from pathlib import Path

bind = f"127.0.0.1:{os.environ.get('SDOPEN_PORT', '5000')}"
pythonpath = str(Path(__file__).parent)
workers = int(os.environ.get("SDOPEN_WEB_WORKERS", "2"))
threads = 4
worker_class = "gthread"
# a request gets this long to end when the server stops
graceful_timeout = 20
timeout = 120
accesslog = "-"
errorlog = "-"
# heartbeats in memory: a busy disk must not look like a dead worker
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
control_socket_disable = True
