"""Tables of codes: numbers that were taken, addresses that lead to an entry, the classification."""

import ckan.plugins.toolkit as tk
from sqlalchemy import BigInteger, Column, DateTime, Index, Table, UnicodeText

_metadata = tk.BaseModel.metadata

# every sequence number that was ever taken under a prefix: it is never issued again
numbers = Table(
    "sdopen_number",
    _metadata,
    Column("kind", UnicodeText, primary_key=True),
    Column("region", UnicodeText, primary_key=True),
    Column("prefix", UnicodeText, primary_key=True),
    Column("number", BigInteger, primary_key=True),
    Column("state", UnicodeText, nullable=False),
    Column("organization_id", UnicodeText),
    Column("entry_id", UnicodeText),
    Column("user_id", UnicodeText),
    Column("changed", DateTime, nullable=False),
    Column("reason", UnicodeText),
    Index("idx_sdopen_number_entry", "entry_id"),
)


# addresses that lead to an entry besides its own
aliases = Table(
    "sdopen_alias",
    _metadata,
    Column("name", UnicodeText, primary_key=True),
    Column("entry_id", UnicodeText, nullable=False),
    Column("code", UnicodeText, nullable=False),
    Column("user_id", UnicodeText),
    Column("created", DateTime, nullable=False),
    Column("reason", UnicodeText, nullable=False),
    Index("idx_sdopen_alias_entry", "entry_id"),
)


# 类, 项, 目, 细目 as the authority of a region names them
classification = Table(
    "sdopen_classification",
    _metadata,
    Column("region", UnicodeText, primary_key=True),
    Column("code", UnicodeText, primary_key=True),
    Column("title", UnicodeText, nullable=False),
)


# under which prefixes a department's codes are counted
prefixes = Table(
    "sdopen_prefix",
    _metadata,
    Column("organization_id", UnicodeText, primary_key=True),
    Column("prefix", UnicodeText, primary_key=True),
    Index("idx_sdopen_prefix_prefix", "prefix"),
)
