"""How many SQL statements some work sends."""

from ckan import model
from sqlalchemy import event


def statements(work) -> int:
    """The number of SQL statements that some work sends."""
    seen = []
    engine = model.meta.engine

    def count(*args) -> None:
        seen.append(args[2])

    event.listen(engine, "before_cursor_execute", count)
    try:
        work()
    finally:
        event.remove(engine, "before_cursor_execute", count)
    return len(seen)
