"""What bulk writes need: more of an entry in the narrow, the index outbox, the first answers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "003_bulk"
down_revision = "002_tombstones"
branch_labels = None
depends_on = None

TEXT = sa.UnicodeText
_ADDED = (
    sa.Column("private", sa.Boolean, nullable=False, server_default="true"),
    sa.Column("sharing", TEXT),
    sa.Column("opening", TEXT),
    sa.Column("topics", ARRAY(TEXT), nullable=False, server_default="{}"),
    sa.Column("update_cycle", TEXT),
    sa.Column("updated_on", TEXT),
    sa.Column("serves", TEXT),
    sa.Column("source_id", TEXT),
    sa.Column("modified", sa.DateTime, nullable=False, server_default="epoch"),
    sa.Column("content_hash", TEXT),
)
# rows of before are completed here: a portal that was upgraded need not register anew
_FILL = """
UPDATE sdopen_entry e SET
    private = p.private,
    sharing = p.extras->>'sharing',
    opening = p.extras->>'opening',
    topics = CASE
        WHEN p.extras->>'topics' LIKE '[%%'
        THEN ARRAY(SELECT jsonb_array_elements_text((p.extras->>'topics')::jsonb))
        ELSE '{}' END,
    update_cycle = p.extras->>'update_cycle',
    updated_on = p.extras->>'updated_on',
    serves = CASE WHEN p.type = 'interface' THEN NULLIF(p.extras->>'catalog', '') END,
    source_id = p.extras->>'source_id',
    modified = p.metadata_modified
FROM package p WHERE p.id = e.id
"""


def upgrade() -> None:
    for column in _ADDED:
        op.add_column("sdopen_entry", column)
    op.execute(_FILL)
    for name in ("private", "topics", "modified"):
        op.alter_column("sdopen_entry", name, server_default=None)
    op.create_index(
        "idx_sdopen_entry_serves",
        "sdopen_entry",
        ["serves"],
        postgresql_where=sa.text("serves IS NOT NULL"),
    )
    op.create_index("idx_sdopen_entry_topics", "sdopen_entry", ["topics"], postgresql_using="gin")
    op.create_table(
        "sdopen_outbox",
        sa.Column("entry_id", TEXT, primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("queued", sa.DateTime, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
        sa.Column("error", TEXT),
    )
    op.create_index("idx_sdopen_outbox_version", "sdopen_outbox", ["version"])
    # goes with its table
    op.execute("CREATE SEQUENCE sdopen_outbox_version OWNED BY sdopen_outbox.version")
    op.create_table(
        "sdopen_bulk_receipt",
        sa.Column("user_id", TEXT, primary_key=True),
        sa.Column("key", TEXT, primary_key=True),
        sa.Column("run", TEXT, nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("counts", JSONB, nullable=False),
        sa.Column("answer", TEXT, nullable=False),
        sa.Column("created", sa.DateTime, nullable=False),
    )
    op.create_index("idx_sdopen_bulk_receipt_run", "sdopen_bulk_receipt", ["user_id", "run"])
    op.create_index("idx_sdopen_bulk_receipt_created", "sdopen_bulk_receipt", ["created"])


def downgrade() -> None:
    op.drop_table("sdopen_bulk_receipt")
    op.drop_table("sdopen_outbox")
    op.drop_index("idx_sdopen_entry_topics", "sdopen_entry")
    op.drop_index("idx_sdopen_entry_serves", "sdopen_entry")
    for column in _ADDED:
        op.drop_column("sdopen_entry", column.name)
