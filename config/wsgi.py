"""CKAN as a WSGI application; CKAN_INI names its settings."""

import os
import sys
import time

from ckan.cli import CKANConfigLoader
from ckan.config.middleware import make_app
from sqlalchemy.exc import OperationalError

from ckanext.sdopen import heap

try:
    application = make_app(CKANConfigLoader(os.environ["CKAN_INI"]).get_config())
    heap.settle()
except OperationalError as error:
    # the database is away, or recovers: gunicorn begins another worker after this exit status,
    # where an exception would end the whole server
    print(f"PostgreSQL: {type(error.orig).__name__}; the worker begins again", file=sys.stderr)
    time.sleep(1)
    sys.exit(1)
