"""The web server: two processes with more threads than work permits, on loopback, behind nginx."""

import os
from pathlib import Path

from ckanext.sdopen.guard.serving.web_worker import WebWorker

bind = f"127.0.0.1:{os.environ.get('SDOPEN_WEB_PORT', '5000')}"
pythonpath = str(Path(__file__).parent)
workers = int(os.environ.get("SDOPEN_WEB_WORKERS", "2"))
# those beyond the permits wait for their turn, or answer what needs none (guard/serving/permits)
threads = int(os.environ.get("SDOPEN_WEB_THREADS", "32"))
worker_class = WebWorker
# the parser that the worker extends
http_parser = "python"
# as long as nginx lets them be, so that it is nginx who refuses
limit_request_line = 8190
limit_request_field_size = 8190
limit_request_fields = 200
# a request gets this long to end when the server stops
graceful_timeout = 20
timeout = 120
accesslog = "-"
# without the query: an address that came by mail bears a key
access_log_format = '%({x-forwarded-for}i)s %(h)s "%(m)s %(U)s" %(s)s %(B)s %(M)sms'
errorlog = "-"
# heartbeats in memory: a busy disk must not look like a dead worker
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
control_socket_disable = True
