"""Typed readers of the settings of waiting; all are seconds, but `failures`."""

import os

import ckan.plugins.toolkit as tk


def _number(name: str) -> int:
    return int(tk.config[f"ckanext.sdopen.breaker.{name}"])


def failures() -> int:
    """Failures in a row after which a part is not asked for a while."""
    return max(1, _number("failures"))


def pause() -> int:
    """How long it is not asked then, and how often a part that is away is looked at."""
    return max(1, _number("pause_seconds"))


def probe() -> int:
    """How often a part that answers is looked at."""
    return max(1, _number("probe_seconds"))


def connect() -> int:
    """How long a connection to a part may take to open."""
    return max(1, _number("connect_seconds"))


def solr_read() -> int:
    """How long Solr's answer to a search may take."""
    return max(1, _number("solr_read_seconds"))


def solr_write() -> int:
    """How long Solr's answer to a written document may take."""
    return max(1, _number("solr_write_seconds"))


def redis() -> int:
    """How long an answer of Redis may take."""
    return max(1, _number("redis_seconds"))


def statement() -> int:
    """How long a statement of a web request may take in PostgreSQL."""
    return max(1, _number("statement_seconds"))


def patience() -> int:
    """After so long without an answer to a statement PostgreSQL is asked whether it lives."""
    return max(1, _number("patience_seconds"))


def reader_url() -> str:
    """Where the table reader answers; empty where the portal has none."""
    return _given("SDOPEN_TABLES_URL", "reader_url").rstrip("/")


def reader_secret() -> str:
    """What is said to it."""
    return _given("SDOPEN_TABLES_SECRET", "reader_secret")


def reader_seconds() -> int:
    """How long its answer may take; longer than its own bound of a question, with the wait."""
    return max(1, int(tk.config["ckanext.sdopen.tables.reader_seconds"]))


def reader_file_seconds() -> int:
    """How long it may send nothing of a file."""
    return max(1, int(tk.config["ckanext.sdopen.tables.reader_file_seconds"]))


def _given(variable: str, name: str) -> str:
    return os.environ.get(variable) or str(tk.config[f"ckanext.sdopen.tables.{name}"] or "")


def retry() -> int:
    """After how long an answer that a part is away asks to come again."""
    return max(1, _number("retry_seconds"))
