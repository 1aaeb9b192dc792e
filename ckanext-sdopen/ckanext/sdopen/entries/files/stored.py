"""Where the bytes of uploaded files stand: under random names, in whatever storage CKAN has.

A file is announced by a transaction of its own before its bytes are written, and given to its
resource by the transaction that saves the entry: that commit is the moment from which it is given.
What a failed or killed save leaves is known by its announcement, and goes.
"""

import contextlib
import errno
import os
import shutil
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import timedelta
from typing import Any
from uuid import uuid4

import ckan.plugins.toolkit as tk
import flask
from ckan import model
from ckan.lib import files as ckan_files
from ckan.lib.uploader import FKResourceUpload, ResourceUpload
from sqlalchemy import delete, insert, select, update

from ckanext.sdopen.entries.files import receiving, settings
from ckanext.sdopen.entries.files.model import files
from ckanext.sdopen.moments import now

# for how long an announced file may wait for its entry to be saved
_ARRIVAL = timedelta(days=1)
# the storage is full, the account's share of it is, or a file is larger than it allows
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_WRITTEN: ContextVar[list[str] | None] = ContextVar("sdopen_files_written", default=None)


class NoRoom(tk.ValidationError):
    """The storage is full; the answer is 507, see `pages`."""

    def __init__(self) -> None:
        message = tk._("There is no room for the file at the moment; tell the portal's operator")
        super().__init__({"upload": [message]})
        if flask.has_request_context():
            flask.g.sdopen_no_room = True


def _storage(resource: dict[str, Any]) -> ResourceUpload | FKResourceUpload:
    """CKAN's own uploader, which knows a file by an id; as ckan.lib.uploader chooses it."""
    try:
        ckan_files.get_storage(tk.config["ckan.files.default_storages.resource"])
    except ckan_files.exc.UnknownStorageError:
        return ResourceUpload(resource)
    return FKResourceUpload(resource)


def name_of(resource_id: str) -> str:
    """The name under which the file of a resource stands; its id where that is not known."""
    found = model.Session.scalar(
        select(files.c.name)
        .where(files.c.resource_id == resource_id, files.c.due.is_(None))
        .order_by(files.c.created.desc())
        .limit(1)
    )
    return found or resource_id


class StoredUpload:
    """The uploader of a resource, as CKAN asks for it."""

    def __init__(self, resource: dict[str, Any]) -> None:
        upload = resource.get("upload")
        self._facts: dict[str, Any] = {}
        if receiving.is_upload(upload):
            if why := receiving.refusal(upload):
                raise tk.ValidationError({"upload": [why]})
            self._facts = receiving.facts(upload, resource.get("format"))
            self.filesize = self._facts["size"]
        self._inner = _storage(resource)
        resource.update(self._facts)
        self.storage = getattr(self._inner, "storage", None)
        if hasattr(self._inner, "mimetype"):
            self.mimetype = self._facts.get("mimetype") or self._inner.mimetype

    def get_path(self, id: str) -> str:
        """Where the file of a resource stands in the storage."""
        return self._inner.get_path(name_of(id))

    def upload(self, id: str, max_size: int = 10) -> None:
        """Keep the file that came; one that is not given any more is left to the sweeper.

        Raises:
            NoRoom: nothing of it was kept.
        """
        if not self._facts:
            return
        self._require_room()
        name = _announce(self._facts)
        try:
            self._inner.upload(name, max_size)
        except OSError as error:
            _forget_announced(name)
            if error.errno in _FULL:
                raise NoRoom from None
            raise
        _give(name, id)

    def _require_room(self) -> None:
        folder = getattr(self._inner, "storage_path", None)
        if folder and shutil.disk_usage(folder).free - self.filesize < settings.free_bytes():
            raise NoRoom


def _announce(facts: dict[str, Any]) -> str:
    name, moment = str(uuid4()), now()
    with model.meta.engine.begin() as own:
        own.execute(
            insert(files).values(
                name=name,
                size=facts["size"],
                hash=facts["hash"],
                created=moment,
                due=moment + _ARRIVAL,
            )
        )
    written = _WRITTEN.get()
    if written is not None:
        written.append(name)
    return name


def _give(name: str, resource_id: str) -> None:
    """Let a resource give this file and no other from the commit on; no commit."""
    resource = model.Session.get(model.Resource, resource_id)
    entry_id = resource.package_id if resource else None
    earlier = (files.c.resource_id == resource_id, files.c.due.is_(None))
    later = now() + timedelta(days=settings.keep_days())
    model.Session.execute(update(files).where(*earlier).values(due=later))
    given = {"resource_id": resource_id, "entry_id": entry_id, "due": None}
    model.Session.execute(update(files).where(files.c.name == name).values(**given))


def given_now() -> list[str]:
    """The ids of the resources that got a file in the save that is under way."""
    written = _WRITTEN.get()
    if not written:
        return []
    found = select(files.c.resource_id).where(files.c.name.in_(written), files.c.due.is_(None))
    return [str(one) for one in model.Session.scalars(found)]


@contextlib.contextmanager
def dropped_on_failure(deferred: bool) -> Iterator[None]:
    """Leave nothing of the files that a save brought where it fails.

    A save whose commit is `deferred` to another is not known to have failed here; then the sweeper
    finds them.
    """
    written: list[str] = []
    token = _WRITTEN.set(written)
    try:
        yield
    except BaseException:
        if written and not deferred:
            # the announcements are free again
            model.Session.rollback()
            for name in written:
                _forget_announced(name)
        raise
    finally:
        _WRITTEN.reset(token)


def _forget_announced(name: str) -> None:
    """Remove a file that its entry has not got."""
    remove_bytes(name)
    with model.meta.engine.begin() as own:
        own.execute(delete(files).where(files.c.name == name, files.c.resource_id.is_(None)))


def remove_bytes(name: str) -> None:
    """Remove the bytes of a file, those of a broken write too; nothing where there are none."""
    inner = _storage({})
    path = inner.get_path(name)
    if isinstance(inner, FKResourceUpload):
        if inner.storage is not None:
            with contextlib.suppress(ckan_files.exc.MissingFileError):
                inner.storage.remove(ckan_files.FileData(ckan_files.Location(path)))
        return
    for one in (path, f"{path}~"):
        with contextlib.suppress(FileNotFoundError):
            os.remove(one)
