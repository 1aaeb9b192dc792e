"""What is said of an uploaded file by the file itself: whether it is taken, its name and type."""

import hashlib
import os
import re
import unicodedata
from typing import IO, Any, TypeGuard

import ckan.plugins.toolkit as tk
from ckan.lib.munge import munge_filename
from werkzeug.datastructures import FileStorage

from ckanext.sdopen.entries.files import settings
from ckanext.sdopen.standard import file_types

_PIECE = 1 << 20
_LONGEST_NAME = 200
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def is_upload(value: Any) -> TypeGuard[FileStorage]:
    """Whether a request has brought a file; the form sends one without a name where none is."""
    return isinstance(value, FileStorage) and bool(value.filename)


def _shortened(stem: str, after: str) -> str:
    return stem[: _LONGEST_NAME - len(after[-_LONGEST_NAME:])] + after[-_LONGEST_NAME:]


def own_name(upload: FileStorage) -> str:
    """The name under which a file was handed in, without folders and what is not seen."""
    last = re.split(r"[/\\]", str(upload.filename))[-1]
    name = unicodedata.normalize("NFC", _CONTROLS.sub("", last)).strip()
    stem, stop, after = name.rpartition(".")
    return name if len(name) <= _LONGEST_NAME else _shortened(stem, stop + after)


def _stored_name(name: str) -> str:
    """The last part of a file's address, in the signs that CKAN lets stand."""
    munged = munge_filename(name)
    return f"data{munged}" if munged.startswith(".") else munged


def _size(stream: IO[bytes]) -> int:
    stream.seek(0, os.SEEK_END)
    size = stream.tell()
    stream.seek(0)
    return size


def refusal(upload: FileStorage) -> str:
    """Why a file is not taken; empty where it is."""
    name, size = own_name(upload), _size(upload.stream)
    after = file_types.ending(name)
    if after not in settings.endings():
        message = tk._("Files named like {name} are not taken here; hand in one of: {endings}")
        return str(message).format(name=name[-60:], endings=", ".join(sorted(settings.endings())))
    if size > settings.largest_bytes():
        message = tk._("The file is larger than {megabytes} MB; hand it in in parts")
        return str(message).format(megabytes=settings.largest_bytes() >> 20)
    head = upload.stream.read(file_types.HEAD)
    upload.stream.seek(0)
    if not file_types.fits(name, head):
        message = tk._(
            "The content of {name} is not what its ending .{ending} says; save it as .{ending}, "
            "or give it the ending of what it is"
        )
        return str(message).format(name=name[-60:], ending=after)
    return ""


def facts(upload: FileStorage, stated_format: Any) -> dict[str, Any]:
    """What the server says of a file: name, format, size in bytes, SHA-256 in hex, media type.

    The ending tells the format; of an archive it may be stated what is in it.
    """
    name = own_name(upload)
    digest = hashlib.sha256()
    size = _size(upload.stream)
    while piece := upload.stream.read(_PIECE):
        digest.update(piece)
    upload.stream.seek(0)
    after = file_types.ending(name)
    known = file_types.TYPES.get(after)
    stated = str(stated_format or "") if after in file_types.CONTAINERS else ""
    return {
        "original_filename": name,
        "url": _stored_name(name),
        "url_type": "upload",
        "format": stated or (known.format if known else after.upper()),
        "size": size,
        "hash": digest.hexdigest(),
        "mimetype": file_types.mimetype(name),
    }
