"""What accounts need: epochs of sessions, former passwords, second factor, counted tries, mail."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "006_accounts"
down_revision = "005_jobs"
branch_labels = None
depends_on = None

TEXT = sa.UnicodeText


def upgrade() -> None:
    op.create_table(
        "sdopen_account",
        sa.Column("user_id", TEXT, sa.ForeignKey("user.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("epoch", sa.Integer, nullable=False, server_default="0"),
        sa.Column("password_changed", sa.DateTime),
        sa.Column("former_passwords", ARRAY(TEXT), nullable=False, server_default="{}"),
        sa.Column("totp_secret", TEXT),
        sa.Column("totp_step", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("recovery_codes", ARRAY(TEXT), nullable=False, server_default="{}"),
    )
    op.create_table(
        "sdopen_attempt",
        sa.Column("key", TEXT, primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("last", sa.DateTime, nullable=False),
        sa.Column("until", sa.DateTime),
    )
    op.create_index("idx_sdopen_attempt_last", "sdopen_attempt", ["last"])
    op.create_table(
        "sdopen_mail",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("kind", TEXT),
        sa.Column("about", JSONB),
        sa.Column("recipient", TEXT),
        sa.Column("message", sa.LargeBinary),
        sa.Column("queued", sa.DateTime, nullable=False),
        sa.Column("due", sa.DateTime, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
        sa.Column("error", TEXT),
    )
    op.create_index("idx_sdopen_mail_due", "sdopen_mail", ["due"])


def downgrade() -> None:
    op.drop_table("sdopen_mail")
    op.drop_table("sdopen_attempt")
    op.drop_table("sdopen_account")
