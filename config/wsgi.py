"""CKAN as a WSGI application; CKAN_INI names its settings."""

import os
import sys
import time

from ckan.cli import CKANConfigLoader
from ckan.config.middleware import make_app
from sqlalchemy.exc import OperationalError

from ckanext.sdopen import config
from ckanext.sdopen.breaker import watch
from ckanext.sdopen.ckan_seams.repairs import page_assets

try:
    application = make_app(CKANConfigLoader(os.environ["CKAN_INI"]).get_config())
    config.set_up_process()
    page_assets.prepare()
    watch.begin()
except OperationalError as error:
    # the database is away, or recovers: gunicorn begins another worker after this exit status,
    # where an exception would end the whole server
    print(f"PostgreSQL: {type(error.orig).__name__}; the worker begins again", file=sys.stderr)
    time.sleep(1)
    sys.exit(1)
