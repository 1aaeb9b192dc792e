"""Files that others on the machine could read: of older starts, or copied with their modes."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from ckanext.sdopen.services.layout import PRIVATE, Layout
from ckanext.sdopen.services.stack_state import State

STEP = "private"


def tighten(layout: Layout) -> None:
    """Take from others, once, what they may do with the files and folders of a stack."""
    state = State(layout)
    if not state.was_done(STEP):
        close(layout.var)
        state.done(STEP, "yes")


def close(folder: Path) -> None:
    """Take from others what they may do with a folder and all that is in it."""
    for path in (folder, *_everything(folder)):
        # gone meanwhile, or another user's, whose it is to close
        with suppress(FileNotFoundError, PermissionError):
            mode = path.lstat().st_mode
            if mode & PRIVATE and not path.is_symlink():
                path.chmod(mode & 0o7777 & ~PRIVATE)


def _everything(top: Path) -> Iterator[Path]:
    """All below a folder but PostgreSQL's data, whose modes are its own business."""
    for name, folders, files in os.walk(top):
        here = Path(name)
        folders[:] = [one for one in folders if not (here / one / "PG_VERSION").exists()]
        yield from (here / one for one in (*folders, *files))
