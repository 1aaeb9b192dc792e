"""Published tables: where each points, and the history of its versions."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "010_tables"
down_revision = "009_entry_order"
branch_labels = None
depends_on = None

TEXT = sa.UnicodeText


def upgrade() -> None:
    op.create_table(
        "sdopen_table",
        sa.Column("resource_id", TEXT, primary_key=True),
        sa.Column("package_id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("hash", TEXT, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
    )
    op.create_index("idx_sdopen_table_name", "sdopen_table", ["package_id", "name"], unique=True)
    op.create_table(
        "sdopen_table_version",
        sa.Column("resource_id", TEXT, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("hash", TEXT, nullable=False),
        sa.Column("rows", sa.BigInteger, nullable=False),
        sa.Column("bytes", sa.BigInteger, nullable=False),
        sa.Column("columns", JSONB, nullable=False),
        sa.Column("source", JSONB, nullable=False),
        sa.Column("findings", JSONB, nullable=False),
        sa.Column("created", sa.DateTime, nullable=False),
        sa.Column("removed", sa.DateTime),
    )
    op.create_index("idx_sdopen_table_version_hash", "sdopen_table_version", ["hash"])


def downgrade() -> None:
    op.drop_table("sdopen_table_version")
    op.drop_table("sdopen_table")
