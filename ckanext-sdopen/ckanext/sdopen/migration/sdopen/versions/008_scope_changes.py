"""Accounts of many departments whose entries are to be indexed anew."""

import sqlalchemy as sa
from alembic import op

revision = "008_scope_changes"
down_revision = "007_files"
branch_labels = None
depends_on = None

TEXT = sa.UnicodeText


def upgrade() -> None:
    op.create_table(
        "sdopen_scope_change",
        sa.Column("user_id", TEXT, primary_key=True),
        sa.Column("change", TEXT, nullable=False),
        sa.Column("reached", TEXT, nullable=False, server_default=""),
    )


def downgrade() -> None:
    op.drop_table("sdopen_scope_change")
