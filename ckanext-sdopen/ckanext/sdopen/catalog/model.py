"""Tables of the directory, beside CKAN's own: what is asked of many entries at once, and codes."""

import datetime

import ckan.plugins.toolkit as tk
from sqlalchemy import BigInteger, Boolean, Column, DateTime, Index, Integer, Table, UnicodeText
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

_metadata = tk.BaseModel.metadata


def now() -> datetime.datetime:
    """The moment in UTC without a zone, as CKAN keeps moments."""
    return datetime.datetime.now(datetime.UTC).replace(tzinfo=None)


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
