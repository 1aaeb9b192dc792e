"""nginx as a service: what a killed one left behind goes first, for it would keep the port."""

import os
from pathlib import Path

from ckanext.sdopen.services.servers import nginx

HOME = Path(os.environ["SDOPEN_NGINX_HOME"])

nginx.end_orphans(HOME)
arguments = ["-p", str(HOME), "-c", "nginx.conf", "-e", "stderr"]
os.execv(os.environ["SDOPEN_NGINX"], ["nginx", *arguments])  # noqa: S606  the service itself
