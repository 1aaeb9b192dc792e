"""The tables of counts: how often what was done to what on which day, and what was brought in."""

import ckan.plugins.toolkit as tk
from sqlalchemy import BigInteger, Column, Date, DateTime, Table, UnicodeText

_metadata = tk.BaseModel.metadata

# `day` is that of the portal's clock
counts = Table(
    "sdopen_count",
    _metadata,
    Column("kind", UnicodeText, primary_key=True),
    Column("subject", UnicodeText, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("count", BigInteger, nullable=False),
)
# each portion of Redis is added once, however often it is tried
flushes = Table(
    "sdopen_count_flush",
    _metadata,
    Column("token", UnicodeText, primary_key=True),
    Column("flushed", DateTime, nullable=False),
)
