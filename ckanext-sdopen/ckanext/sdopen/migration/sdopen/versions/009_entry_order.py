"""Published entries in the order of their last change: pages of lists while Solr is away."""

from alembic import op

revision = "009_entry_order"
down_revision = "008_scope_changes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "CREATE INDEX idx_sdopen_entry_modified ON sdopen_entry (modified DESC, id)"
        " INCLUDE (kind, private) WHERE state = 'active'"
    )


def downgrade() -> None:
    op.drop_index("idx_sdopen_entry_modified", "sdopen_entry")
