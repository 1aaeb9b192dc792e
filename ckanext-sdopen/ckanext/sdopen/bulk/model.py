"""The table of first answers of bulk writes."""

import ckan.plugins.toolkit as tk
from sqlalchemy import Column, DateTime, Index, Table, UnicodeText
from sqlalchemy.dialects.postgresql import JSONB

_metadata = tk.BaseModel.metadata

# first answers of bulk writes, by the account and the key that it gave the batch
receipts = Table(
    "sdopen_bulk_receipt",
    _metadata,
    Column("user_id", UnicodeText, primary_key=True),
    Column("key", UnicodeText, primary_key=True),
    Column("run", UnicodeText, nullable=False),
    Column("digest", UnicodeText, nullable=False),
    Column("counts", JSONB, nullable=False),
    Column("answer", UnicodeText, nullable=False),
    Column("created", DateTime, nullable=False),
    Index("idx_sdopen_bulk_receipt_run", "user_id", "run"),
    Index("idx_sdopen_bulk_receipt_created", "created"),
)
