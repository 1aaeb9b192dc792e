"""The table of mail that waits to be sent."""

import ckan.plugins.toolkit as tk
from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    UnicodeText,
)
from sqlalchemy.dialects.postgresql import JSONB

# a row holds either a message with its recipient, or what one is to be written about; it goes
# when the message was sent, for it may hold a link that opens an account
mail = Table(
    "sdopen_mail",
    tk.BaseModel.metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("kind", UnicodeText),
    Column("about", JSONB),
    Column("recipient", UnicodeText),
    Column("message", LargeBinary),
    Column("queued", DateTime, nullable=False),
    Column("due", DateTime, nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("error", UnicodeText),
    Index("idx_sdopen_mail_due", "due"),
)
