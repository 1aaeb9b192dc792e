"""A ckan command that runs as a service: while the database is away or recovers it begins again.

Without this a command that begins in such a moment ends, and with it all that is supervised
beside it. The process stays the same, so whoever started it need not know.
"""

import os
import sys
import time

from ckan.cli.cli import ckan
from sqlalchemy.exc import OperationalError

try:
    ckan()
except OperationalError as error:
    print(f"PostgreSQL: {type(error.orig).__name__}; it begins again", file=sys.stderr, flush=True)
    time.sleep(1)
    os.execv(sys.executable, [sys.executable, *sys.argv])  # noqa: S606  the same command
