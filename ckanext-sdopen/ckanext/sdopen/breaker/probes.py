"""Short looks at each part, by connections of their own that end in time."""

import socket
import struct

import ckan.plugins.toolkit as tk
import psycopg2
import redis as redis_client
import urllib3
from ckan.lib.redis import connect_to_redis
from sqlalchemy.engine import make_url

from ckanext.sdopen.breaker import settings
from ckanext.sdopen.breaker.statements import Server
from ckanext.sdopen.ckan_seams.repairs.solr_connection import Solr

# PostgreSQL's request for encryption, to which a server that lives answers with one letter
_ENCRYPTION = struct.pack("!ii", 8, 80877103)


def lives(server: Server, seconds: float) -> bool:
    """Whether a PostgreSQL server says a word in so many seconds."""
    try:
        with _connected(server, seconds) as line:
            line.settimeout(seconds)
            line.sendall(_ENCRYPTION)
            return bool(line.recv(1))
    except OSError:
        return False


def _connected(server: Server, seconds: float) -> socket.socket:
    if not server.host.startswith("/"):
        return socket.create_connection((server.host, server.port), seconds)
    line = socket.socket(socket.AF_UNIX)
    line.settimeout(seconds)
    line.connect(f"{server.host}/.s.PGSQL.{server.port}")
    return line


def postgres(url: str) -> bool:
    """Whether the portal's database takes a connection."""
    parsed = make_url(url)
    # SQLAlchemy's address in psycopg2's words
    parameters = parsed.get_dialect()().create_connect_args(parsed)[1]
    try:
        psycopg2.connect(**{**parameters, "connect_timeout": max(2, settings.connect())}).close()
    except psycopg2.Error:
        return False
    return True


def solr() -> bool:
    """Whether Solr answers a search for nothing."""
    user, password = tk.config["solr_user"], tk.config["solr_password"]
    auth = (user, password) if user and password else None
    # beside the circuit: it is the probe that closes it
    return Solr(tk.config["solr_url"], auth=auth).answers(
        (settings.connect(), settings.solr_read())
    )


def tables() -> bool:
    """Whether the table reader answers; a portal without one misses nothing."""
    address = settings.reader_url()
    if not address:
        return True
    try:
        seconds = settings.connect()
        asked = urllib3.request(
            "GET", f"{address}/health", timeout=seconds, retries=False, preload_content=True
        )
    except urllib3.exceptions.HTTPError:
        return False
    return asked.status == 200


def redis() -> bool:
    """Whether Redis answers."""
    try:
        return bool(connect_to_redis().ping())
    except redis_client.RedisError:
        return False
