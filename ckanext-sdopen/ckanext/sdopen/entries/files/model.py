"""The tables of uploaded files, and of the ids that resources no longer have."""

import ckan.plugins.toolkit as tk
from sqlalchemy import BigInteger, Column, DateTime, Index, Table, UnicodeText

_metadata = tk.BaseModel.metadata

# a stored file: `name` is what the storage knows it by; `due` is when its bytes go, UTC, none while
# a resource gives it; without a resource it has been announced and its entry is not saved yet
files = Table(
    "sdopen_file",
    _metadata,
    Column("name", UnicodeText, primary_key=True),
    Column("resource_id", UnicodeText),
    Column("entry_id", UnicodeText),
    Column("size", BigInteger),
    Column("hash", UnicodeText),
    Column("created", DateTime, nullable=False),
    Column("due", DateTime),
    Index("idx_sdopen_file_resource", "resource_id"),
    Index("idx_sdopen_file_due", "due"),
)
# a trigger keeps it, see migration/sdopen/versions
removed_resources = Table(
    "sdopen_removed_resource",
    _metadata,
    Column("id", UnicodeText, primary_key=True),
    Column("entry_id", UnicodeText, nullable=False),
    Column("removed", DateTime, nullable=False),
)
