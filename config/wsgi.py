"""CKAN as a WSGI application; CKAN_INI names its settings."""

import os
import sys
import time

from ckan.cli import CKANConfigLoader
from ckan.config.middleware import make_app
from redis.exceptions import ConnectionError as RedisSilent
from sqlalchemy.exc import OperationalError

try:
    application = make_app(CKANConfigLoader(os.environ["CKAN_INI"]).get_config())
except (OperationalError, RedisSilent) as error:
    print(f"a service does not answer, trying again: {error}", file=sys.stderr, flush=True)
    time.sleep(1)
    # gunicorn ends altogether when a worker cannot begin, and replaces one that dies
    os._exit(1)
