"""Counts of downloads and the like, by day."""

import sqlalchemy as sa
from alembic import op

revision = "011_counts"
down_revision = "010_tables"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sdopen_count",
        sa.Column("kind", sa.UnicodeText, primary_key=True),
        sa.Column("subject", sa.UnicodeText, primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("count", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "sdopen_count_flush",
        sa.Column("token", sa.UnicodeText, primary_key=True),
        sa.Column("flushed", sa.DateTime, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("sdopen_count_flush")
    op.drop_table("sdopen_count")
