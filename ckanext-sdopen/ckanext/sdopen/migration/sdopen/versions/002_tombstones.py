"""The table of entries that were public and are not any more, and what keeps it.

A trigger keeps it, so that no way of writing forgets it: actions, bulk writes, purges.
"""

import sqlalchemy as sa
from alembic import op

revision = "002_tombstones"
down_revision = "001_codes"
branch_labels = None
depends_on = None

# CKAN's column `private` is set by the server alone and means: not public
PUBLIC = "{row}.state = 'active' AND NOT {row}.private AND {row}.type IN ('dataset', 'interface')"
WAS, IS = PUBLIC.format(row="OLD"), PUBLIC.format(row="NEW")

BURY = """
CREATE OR REPLACE FUNCTION sdopen_bury() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- milliseconds, as the index has them: both stand in one order
    INSERT INTO sdopen_tombstone (id, name, withdrawn)
    VALUES (
        OLD.id, OLD.name, date_trunc('milliseconds', timezone('UTC', clock_timestamp()))
    )
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, withdrawn = excluded.withdrawn;
    RETURN NULL;
END $$
"""
RAISE = """
CREATE OR REPLACE FUNCTION sdopen_raise() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM sdopen_tombstone WHERE id = NEW.id;
    RETURN NULL;
END $$
"""
TRIGGERS = (
    f"""CREATE TRIGGER sdopen_withdrawn AFTER UPDATE OF state, private, type ON package
        FOR EACH ROW WHEN (({WAS}) AND NOT ({IS})) EXECUTE FUNCTION sdopen_bury()""",
    f"""CREATE TRIGGER sdopen_purged AFTER DELETE ON package
        FOR EACH ROW WHEN ({WAS}) EXECUTE FUNCTION sdopen_bury()""",
    f"""CREATE TRIGGER sdopen_published AFTER INSERT ON package
        FOR EACH ROW WHEN ({IS}) EXECUTE FUNCTION sdopen_raise()""",
    f"""CREATE TRIGGER sdopen_published_again AFTER UPDATE OF state, private, type ON package
        FOR EACH ROW WHEN (({IS}) AND NOT ({WAS})) EXECUTE FUNCTION sdopen_raise()""",
)
NAMES = ("sdopen_withdrawn", "sdopen_purged", "sdopen_published", "sdopen_published_again")


def upgrade():
    op.create_table(
        "sdopen_tombstone",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("withdrawn", sa.DateTime, nullable=False),
        sa.Index("sdopen_tombstone_order", "withdrawn", "name"),
    )
    for statement in (BURY, RAISE, *TRIGGERS):
        op.execute(statement)


def downgrade():
    for name in NAMES:
        op.execute(f"DROP TRIGGER {name} ON package")
    op.execute("DROP FUNCTION sdopen_bury()")
    op.execute("DROP FUNCTION sdopen_raise()")
    op.drop_table("sdopen_tombstone")
