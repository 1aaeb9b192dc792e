"""Entries in the narrow, numbers of codes, aliases, classification and prefixes."""

import sqlalchemy as sa
from alembic import op

revision = "001_codes"
down_revision = None
branch_labels = None
depends_on = None

TEXT = sa.UnicodeText


def upgrade() -> None:
    op.create_table(
        "sdopen_entry",
        sa.Column("id", TEXT, primary_key=True),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("region", TEXT, nullable=False),
        sa.Column("code", TEXT),
        sa.Column("owner_org", TEXT, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("title_key", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
    )
    op.create_index("idx_sdopen_entry_title", "sdopen_entry", ["owner_org", "title_key"])
    op.create_index("idx_sdopen_entry_code", "sdopen_entry", ["region", "code"])
    op.create_table(
        "sdopen_number",
        sa.Column("kind", TEXT, primary_key=True),
        sa.Column("region", TEXT, primary_key=True),
        sa.Column("prefix", TEXT, primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("organization_id", TEXT),
        sa.Column("entry_id", TEXT),
        sa.Column("user_id", TEXT),
        sa.Column("changed", sa.DateTime, nullable=False),
        sa.Column("reason", TEXT),
    )
    op.create_index("idx_sdopen_number_entry", "sdopen_number", ["entry_id"])
    op.create_table(
        "sdopen_alias",
        sa.Column("name", TEXT, primary_key=True),
        sa.Column("entry_id", TEXT, nullable=False),
        sa.Column("code", TEXT, nullable=False),
        sa.Column("user_id", TEXT),
        sa.Column("created", sa.DateTime, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
    )
    op.create_index("idx_sdopen_alias_entry", "sdopen_alias", ["entry_id"])
    op.create_table(
        "sdopen_classification",
        sa.Column("region", TEXT, primary_key=True),
        sa.Column("code", TEXT, primary_key=True),
        sa.Column("title", TEXT, nullable=False),
    )
    op.create_table(
        "sdopen_prefix",
        sa.Column("organization_id", TEXT, primary_key=True),
        sa.Column("prefix", TEXT, primary_key=True),
    )
    op.create_index("idx_sdopen_prefix_prefix", "sdopen_prefix", ["prefix"])


def downgrade() -> None:
    for table in ("prefix", "classification", "alias", "number", "entry"):
        op.drop_table(f"sdopen_{table}")
