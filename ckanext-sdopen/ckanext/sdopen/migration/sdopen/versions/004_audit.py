"""The audit log: append-only rows in monthly partitions, and the chain that binds them."""

import datetime

from alembic import op

revision = "004_audit"
down_revision = "003_bulk"
branch_labels = None
depends_on = None

_MONTHS_AHEAD = 24
_TABLES = """
CREATE TABLE sdopen_audit (
    id bigserial NOT NULL,
    moment timestamptz NOT NULL DEFAULT clock_timestamp(),
    tx bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint,
    account_id text NOT NULL,
    account text NOT NULL,
    kind text NOT NULL,
    result text NOT NULL,
    object_type text NOT NULL,
    object_id text NOT NULL,
    address text NOT NULL,
    request_id text NOT NULL,
    details jsonb NOT NULL,
    PRIMARY KEY (id, moment)
) PARTITION BY RANGE (moment);
CREATE INDEX idx_sdopen_audit_tx ON sdopen_audit (tx, id);
CREATE INDEX idx_sdopen_audit_object ON sdopen_audit (object_id, moment);
CREATE INDEX idx_sdopen_audit_account ON sdopen_audit (account_id, moment);
CREATE TABLE sdopen_audit_block (
    number bigint PRIMARY KEY,
    sealed timestamptz NOT NULL,
    moment timestamptz NOT NULL,
    floor bigint NOT NULL,
    last_tx bigint NOT NULL,
    settled_tx bigint NOT NULL,
    ids bigint[] NOT NULL,
    digests bytea NOT NULL,
    hash bytea NOT NULL
);
CREATE TABLE sdopen_audit_purge (
    month date PRIMARY KEY,
    moment timestamptz NOT NULL,
    account text NOT NULL
);
CREATE OR REPLACE FUNCTION sdopen_audit_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is not changed: % of %', TG_OP, TG_TABLE_NAME;
END $$;
"""
_STAYS = """
CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION sdopen_audit_stays();
CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION sdopen_audit_stays();
"""
_PARTITION = """
CREATE TABLE sdopen_audit_months.m{first:%Y%m} PARTITION OF sdopen_audit
    FOR VALUES FROM ('{first:%Y-%m-%d} 00:00+00') TO ('{after:%Y-%m-%d} 00:00+00');
CREATE TRIGGER sdopen_audit_whole BEFORE TRUNCATE ON sdopen_audit_months.m{first:%Y%m}
    FOR EACH STATEMENT EXECUTE FUNCTION sdopen_audit_stays();
"""


def upgrade() -> None:
    # apart: CKAN empties and drops what stands in the schema of its own tables one by one
    op.execute("CREATE SCHEMA IF NOT EXISTS sdopen_audit_months")
    op.execute(_TABLES)
    for table in ("sdopen_audit", "sdopen_audit_block", "sdopen_audit_purge"):
        op.execute(_STAYS.format(table=table))
    first = datetime.datetime.now(datetime.UTC).date().replace(day=1)
    for _ in range(_MONTHS_AHEAD):
        after = (first + datetime.timedelta(days=32)).replace(day=1)
        op.execute(_PARTITION.format(first=first, after=after))
        first = after


def downgrade() -> None:
    for table in ("sdopen_audit_purge", "sdopen_audit_block", "sdopen_audit"):
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP FUNCTION sdopen_audit_stays")
    op.execute("DROP SCHEMA sdopen_audit_months")
