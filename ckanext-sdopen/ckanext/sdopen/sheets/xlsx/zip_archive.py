"""An xlsx as a zip archive: refused before any parser sees it where it is no honest one."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ckanext.sdopen.sheets.messages import SheetError

MIB = 1 << 20
_CHUNK = 1 << 20
# how zipfile says that a member is damaged
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError)
_XML = (".xml", ".rels", ".vml")
_DECLARED = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_OVERLAP = 16
_LIKE_A_BOMB = 50 * MIB
# 密 in UTF-8, or a character reference, which may be one
_MARKED = re.compile("密".encode() + rb"|&#")


@dataclass(frozen=True, kw_only=True)
class ArchiveLimits:
    """Bytes of what an archive unpacks to, its ratio to the packed, the number of its parts."""

    unpacked: int = 600 * MIB
    ratio: int = 200
    parts: int = 2_000


class Part:
    """One part of the archive as a stream of bytes, watched for what must not stand in it."""

    def __init__(self, stream: IO[bytes], name: str) -> None:
        self.stream, self.name = stream, name
        self.may_be_marked = False
        self._tail = b""
        self._first = True

    def read(self, size: int = _CHUNK) -> bytes:
        """The next bytes; SheetError where a DOCTYPE or another encoding than UTF-8 shows up."""
        try:
            chunk = self.stream.read(size)
        except BROKEN as error:
            raise SheetError("damaged", detail=f"{self.name}: {error}") from None
        except RuntimeError:  # zipfile's word for an encrypted member
            raise SheetError("password") from None
        if self._first and (chunk[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in chunk[:4]):
            raise SheetError("damaged", detail=f"{self.name}: UTF-16")
        self._first = False
        seen = self._tail + chunk
        if _DECLARED.search(seen):
            raise SheetError("doctype", part=self.name)
        self.may_be_marked = self.may_be_marked or bool(_MARKED.search(seen))
        self._tail = chunk[-_OVERLAP:]
        return chunk

    def __iter__(self) -> Iterator[bytes]:
        while chunk := self.read():
            yield chunk


def opened(path: Path, limits: ArchiveLimits) -> zipfile.ZipFile:
    """The archive, its size, parts and ratio within the limits."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise SheetError("damaged", detail=error) from None
    infos = archive.infolist()
    if len(infos) > limits.parts:
        raise SheetError("parts", count=len(infos), limit=limits.parts)
    unpacked = sum(info.file_size for info in infos)
    ratio = unpacked / max(1, path.stat().st_size)
    if unpacked > limits.unpacked or (unpacked > _LIKE_A_BOMB and ratio > limits.ratio):
        limit = limits.unpacked if unpacked > limits.unpacked else _LIKE_A_BOMB
        raise SheetError("unpacked", size=unpacked // MIB, limit=limit // MIB)
    if any(info.flag_bits & 1 for info in infos):
        raise SheetError("password")
    return archive


def checked_parts(archive: zipfile.ZipFile, skipped: set[str]) -> bool:
    """Read every XML part but the skipped ones; True where one may hold a mark of secrecy."""
    marked = False
    for info in archive.infolist():
        if info.filename in skipped or not info.filename.lower().endswith(_XML):
            continue
        with archive.open(info) as stream:
            part = Part(stream, info.filename)
            for _ in part:
                pass
            marked = marked or part.may_be_marked
    return marked
