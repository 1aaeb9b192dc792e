"""Tables of the directory, beside CKAN's own: what is asked of many entries at once, and codes."""

import ckan.plugins.toolkit as tk
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Index,
    Integer,
    Table,
    UnicodeText,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

_metadata = tk.BaseModel.metadata


# one narrow row per catalog and interface
entries = Table(
    "sdopen_entry",
    _metadata,
    Column("id", UnicodeText, primary_key=True),
    Column("kind", UnicodeText, nullable=False),
    Column("region", UnicodeText, nullable=False),
    Column("code", UnicodeText),
    Column("owner_org", UnicodeText, nullable=False),
    Column("title", UnicodeText, nullable=False),
    Column("title_key", UnicodeText, nullable=False),
    Column("state", UnicodeText, nullable=False),
    Column("private", Boolean, nullable=False),
    Column("sharing", UnicodeText),
    Column("opening", UnicodeText),
    Column("topics", ARRAY(UnicodeText), nullable=False),
    Column("update_cycle", UnicodeText),
    Column("updated_on", UnicodeText),
    # the catalog that an interface serves
    Column("serves", UnicodeText),
    Column("source_id", UnicodeText),
    Column("modified", DateTime, nullable=False),
    # of the record as a bulk write last brought it; NULL once another way of writing changed it
    Column("content_hash", UnicodeText),
    Index("idx_sdopen_entry_title", "owner_org", "title_key"),
    Index("idx_sdopen_entry_code", "region", "code"),
    Index("idx_sdopen_entry_serves", "serves", postgresql_where=Column("serves").isnot(None)),
    Index("idx_sdopen_entry_topics", "topics", postgresql_using="gin"),
    # pages of lists while Solr is away, by the index alone where no other filter is set
    Index(
        "idx_sdopen_entry_modified",
        text("modified DESC"),
        "id",
        postgresql_include=["kind", "private"],
        postgresql_where=Column("state") == "active",
    ),
)

# entries whose document in the index is to be made anew: written with the entry, in one transaction
outbox = Table(
    "sdopen_outbox",
    _metadata,
    Column("entry_id", UnicodeText, primary_key=True),
    # a higher one with every change: what is done is what has the version that was read
    Column("version", BigInteger, nullable=False),
    Column("queued", DateTime, nullable=False),
    # how often Solr refused its document since the change, and why it did last
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("error", UnicodeText),
    Index("idx_sdopen_outbox_version", "version"),
)

# accounts of so many departments that one label stands for all, whose departments changed: their
# entries are to be made anew, those after the id `reached` still
scope_changes = Table(
    "sdopen_scope_change",
    _metadata,
    Column("user_id", UnicodeText, primary_key=True),
    # another one with every change: what is done is what has the one that was read
    Column("change", UnicodeText, nullable=False),
    Column("reached", UnicodeText, nullable=False, server_default=""),
)
