"""The tables of published tables: where each points, and the history of its versions."""

import ckan.plugins.toolkit as tk
from sqlalchemy import BigInteger, Column, DateTime, Index, Integer, Table, UnicodeText
from sqlalchemy.dialects.postgresql import JSONB

_metadata = tk.BaseModel.metadata

# `name` is short, an address bears it; it is fixed at the first publication. `hash` and `number`
# are those of the current version
tables = Table(
    "sdopen_table",
    _metadata,
    Column("resource_id", UnicodeText, primary_key=True),
    Column("package_id", UnicodeText, nullable=False),
    Column("name", UnicodeText, nullable=False),
    Column("hash", UnicodeText, nullable=False),
    Column("number", Integer, nullable=False),
    Index("idx_sdopen_table_name", "package_id", "name", unique=True),
)
# `removed`, UTC, is when a version ceased to be readable; its file goes some days after
versions = Table(
    "sdopen_table_version",
    _metadata,
    Column("resource_id", UnicodeText, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("hash", UnicodeText, nullable=False),
    Column("rows", BigInteger, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("columns", JSONB, nullable=False),
    Column("source", JSONB, nullable=False),
    Column("findings", JSONB, nullable=False),
    Column("created", DateTime, nullable=False),
    Column("removed", DateTime),
    Index("idx_sdopen_table_version_hash", "hash"),
)
