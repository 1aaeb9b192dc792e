"""Tables of accounts: what CKAN's own table of users lacks, and counted tries."""

import ckan.plugins.toolkit as tk
from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, Index, Integer, Table, UnicodeText
from sqlalchemy.dialects.postgresql import ARRAY

_metadata = tk.BaseModel.metadata

# made with an account's first change; an account without a row has epoch 0
accounts = Table(
    "sdopen_account",
    _metadata,
    Column("user_id", UnicodeText, ForeignKey("user.id", ondelete="CASCADE"), primary_key=True),
    # a session holds the epoch of its login and ends when it is another
    Column("epoch", Integer, nullable=False, server_default="0"),
    Column("password_changed", DateTime),
    # hashes of the passwords before the present one, the newest first
    Column("former_passwords", ARRAY(UnicodeText), nullable=False, server_default="{}"),
    # sealed with a key made of SECRET_KEY
    Column("totp_secret", UnicodeText),
    # the last time step whose code was taken: no code is taken twice
    Column("totp_step", BigInteger, nullable=False, server_default="0"),
    # hashes of those not used yet
    Column("recovery_codes", ARRAY(UnicodeText), nullable=False, server_default="{}"),
)

# what was tried too often: logins of an account or from an address, letters to somebody
attempts = Table(
    "sdopen_attempt",
    _metadata,
    Column("key", UnicodeText, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("last", DateTime, nullable=False),
    Column("until", DateTime),
    Index("idx_sdopen_attempt_last", "last"),
)
