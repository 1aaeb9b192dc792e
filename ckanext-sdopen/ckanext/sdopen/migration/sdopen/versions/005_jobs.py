"""The queues of background work, and the last run of each periodic task."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "005_jobs"
down_revision = "004_audit"
branch_labels = None
depends_on = None

TEXT = sa.UnicodeText
MOMENT = sa.DateTime(timezone=True)
OPEN = sa.text("state IN ('waiting', 'running')")


def upgrade() -> None:
    op.create_table(
        "sdopen_job",
        sa.Column("id", TEXT, primary_key=True),
        sa.Column("queue", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("subject", TEXT),
        sa.Column("payload", JSONB, nullable=False),
        sa.Column("account", TEXT),
        sa.Column("language", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("due", MOMENT, nullable=False),
        sa.Column("holder", TEXT),
        sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
        sa.Column("done", sa.BigInteger),
        sa.Column("total", sa.BigInteger),
        sa.Column("kept", JSONB, nullable=False, server_default="{}"),
        sa.Column("result", JSONB),
        sa.Column("error", TEXT),
        sa.Column("made", MOMENT, nullable=False),
        sa.Column("started", MOMENT),
        sa.Column("ended", MOMENT),
    )
    op.create_index("idx_sdopen_job_due", "sdopen_job", ["queue", "due"], postgresql_where=OPEN)
    op.create_index(
        "idx_sdopen_job_open_subject",
        "sdopen_job",
        ["kind", "subject"],
        unique=True,
        postgresql_where=OPEN,
    )
    op.create_index("idx_sdopen_job_subject", "sdopen_job", ["kind", "subject", "made"])
    op.create_index(
        "idx_sdopen_job_account", "sdopen_job", ["account", "kind"], postgresql_where=OPEN
    )
    op.create_index("idx_sdopen_job_ended", "sdopen_job", ["ended"])
    op.create_table(
        "sdopen_schedule",
        sa.Column("name", TEXT, primary_key=True),
        sa.Column("due", MOMENT, nullable=False),
        sa.Column("holder", TEXT),
        sa.Column("begun", MOMENT),
        sa.Column("ended", MOMENT),
        sa.Column("succeeded", sa.Boolean),
        sa.Column("told", TEXT),
        sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
    )


def downgrade() -> None:
    op.drop_table("sdopen_schedule")
    op.drop_table("sdopen_job")
