"""Tables of the audit log; the database refuses to change or delete their rows.

They stand in a catalogue of their own: whoever empties CKAN's tables does not know them.
"""

from sqlalchemy import BigInteger, Column, Date, DateTime, LargeBinary, MetaData, Table, UnicodeText
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

_metadata = MetaData()

# one row an event, in a partition for each month
rows = Table(
    "sdopen_audit",
    _metadata,
    Column("id", BigInteger, primary_key=True),
    Column("moment", DateTime(timezone=True), primary_key=True),
    # of the transaction that wrote it: a row below the oldest one under way has all before it
    Column("tx", BigInteger, nullable=False),
    Column("account_id", UnicodeText, nullable=False),
    Column("account", UnicodeText, nullable=False),
    Column("kind", UnicodeText, nullable=False),
    Column("result", UnicodeText, nullable=False),
    Column("object_type", UnicodeText, nullable=False),
    Column("object_id", UnicodeText, nullable=False),
    Column("address", UnicodeText, nullable=False),
    Column("request_id", UnicodeText, nullable=False),
    Column("details", JSONB, nullable=False),
)

# the chain: each block holds the digests of some rows and is bound to the block before it
blocks = Table(
    "sdopen_audit_block",
    _metadata,
    Column("number", BigInteger, primary_key=True),
    Column("sealed", DateTime(timezone=True), nullable=False),
    # of the last of its rows
    Column("moment", DateTime(timezone=True), nullable=False),
    # rows are taken by transaction and id: those above `floor`, up to this transaction
    Column("floor", BigInteger, nullable=False),
    Column("last_tx", BigInteger, nullable=False),
    # all transactions before this one had ended, and their rows are in this block or before it
    Column("settled_tx", BigInteger, nullable=False),
    Column("ids", ARRAY(BigInteger), nullable=False),
    # SHA-256 of each row, 32 bytes one after the other, in the order of `ids`
    Column("digests", LargeBinary, nullable=False),
    # SHA-256 of the block before it, its ids and its digests
    Column("hash", LargeBinary, nullable=False),
)

# months whose rows were taken out after the years that the law asks for
purges = Table(
    "sdopen_audit_purge",
    _metadata,
    Column("month", Date, primary_key=True),
    Column("moment", DateTime(timezone=True), nullable=False),
    Column("account", UnicodeText, nullable=False),
)
