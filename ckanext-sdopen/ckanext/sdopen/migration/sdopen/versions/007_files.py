"""Uploaded files under names of their own; ids of removed resources, which nobody takes over.

A trigger keeps the ids, so that no way of removing a resource forgets one.
"""

import sqlalchemy as sa
from alembic import op

revision = "007_files"
down_revision = "006_accounts"
branch_labels = None
depends_on = None

TEXT = sa.UnicodeText
KEEP = """
CREATE OR REPLACE FUNCTION sdopen_keep_resource_id() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO sdopen_removed_resource (id, entry_id, removed)
    SELECT id, package_id, timezone('UTC', clock_timestamp()) FROM gone
    ON CONFLICT (id) DO NOTHING;
    RETURN NULL;
END $$
"""
TRIGGER = """
CREATE TRIGGER sdopen_resource_removed AFTER DELETE ON resource
REFERENCING OLD TABLE AS gone
FOR EACH STATEMENT EXECUTE FUNCTION sdopen_keep_resource_id()
"""
# files of before stand where CKAN puts them, under the id of their resource
FILL = """
INSERT INTO sdopen_file (name, resource_id, entry_id, size, hash, created)
SELECT id, id, package_id, size, NULLIF(hash, ''),
    COALESCE(last_modified, created, timezone('UTC', now()))
FROM resource WHERE url_type = 'upload'
"""


def upgrade() -> None:
    op.create_table(
        "sdopen_file",
        sa.Column("name", TEXT, primary_key=True),
        sa.Column("resource_id", TEXT),
        sa.Column("entry_id", TEXT),
        sa.Column("size", sa.BigInteger),
        sa.Column("hash", TEXT),
        sa.Column("created", sa.DateTime, nullable=False),
        sa.Column("due", sa.DateTime),
    )
    op.create_index("idx_sdopen_file_resource", "sdopen_file", ["resource_id"])
    op.create_index("idx_sdopen_file_due", "sdopen_file", ["due"])
    op.create_table(
        "sdopen_removed_resource",
        sa.Column("id", TEXT, primary_key=True),
        sa.Column("entry_id", TEXT, nullable=False),
        sa.Column("removed", sa.DateTime, nullable=False),
    )
    for statement in (FILL, KEEP, TRIGGER):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TRIGGER sdopen_resource_removed ON resource")
    op.execute("DROP FUNCTION sdopen_keep_resource_id()")
    op.drop_table("sdopen_removed_resource")
    op.drop_table("sdopen_file")
