"""The tables of background jobs and of periodic tasks.

All moments are the database's own: the clocks of the machines that work need not agree.
"""

import ckan.plugins.toolkit as tk
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Index,
    Integer,
    Table,
    UnicodeText,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

_metadata = tk.BaseModel.metadata
_MOMENT = DateTime(timezone=True)
_OPEN = text("state IN ('waiting', 'running')")

jobs = Table(
    "sdopen_job",
    _metadata,
    Column("id", UnicodeText, primary_key=True),
    Column("queue", UnicodeText, nullable=False),
    Column("kind", UnicodeText, nullable=False),
    # what it works on: of one kind, one job for it waits or runs
    Column("subject", UnicodeText),
    Column("payload", JSONB, nullable=False),
    # the id of the user who asked for it; none for the portal's own
    Column("account", UnicodeText),
    Column("language", UnicodeText, nullable=False),
    # one of states.State
    Column("state", UnicodeText, nullable=False),
    # from when on it may be taken: of a running job the end of its lease
    Column("due", _MOMENT, nullable=False),
    Column("holder", UnicodeText),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("done", BigInteger),
    Column("total", BigInteger),
    # what a try leaves for the next one
    Column("kept", JSONB, nullable=False, server_default="{}"),
    Column("result", JSONB),
    # a sentence for who asked, in its language
    Column("error", UnicodeText),
    Column("made", _MOMENT, nullable=False),
    Column("started", _MOMENT),
    Column("ended", _MOMENT),
    Index("idx_sdopen_job_due", "queue", "due", postgresql_where=_OPEN),
    Index("idx_sdopen_job_open_subject", "kind", "subject", unique=True, postgresql_where=_OPEN),
    Index("idx_sdopen_job_subject", "kind", "subject", "made"),
    Index("idx_sdopen_job_account", "account", "kind", postgresql_where=_OPEN),
    Index("idx_sdopen_job_ended", "ended"),
)

schedule = Table(
    "sdopen_schedule",
    _metadata,
    Column("name", UnicodeText, primary_key=True),
    # when it is to run again: of a running task the end of its lease
    Column("due", _MOMENT, nullable=False),
    Column("holder", UnicodeText),
    Column("begun", _MOMENT),
    Column("ended", _MOMENT),
    Column("succeeded", Boolean),
    Column("told", UnicodeText),
    Column("failures", Integer, nullable=False, server_default="0"),
)
