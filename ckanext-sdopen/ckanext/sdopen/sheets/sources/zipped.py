"""A zip that holds one table: the table, unpacked beside."""

import zipfile
from pathlib import Path, PurePosixPath

from ckanext.sdopen.sheets.charsets import Undecodable, decoded
from ckanext.sdopen.sheets.limits import Limits
from ckanext.sdopen.sheets.messages import SheetError
from ckanext.sdopen.sheets.xlsx import zip_archive
from ckanext.sdopen.sheets.xlsx.zip_archive import MIB

_CHUNK = 1 << 20
_ENDINGS = {
    *(".csv", ".tsv", ".tab", ".txt", ".json", ".jsonl", ".ndjson", ".geojson", ".xml"),
    *(".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".et", ".html", ".htm"),
}
_SHOWN = 5


def name_of(info: zipfile.ZipInfo) -> str:
    """The name of a member; Windows writes Chinese ones in GB18030 without saying so."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return decoded(info.filename.encode("cp437"))
    except (Undecodable, UnicodeEncodeError):
        return info.filename


def unpacked(path: Path, folder: Path, limits: Limits) -> tuple[Path, str]:
    """(the file of the only table in a zip, unpacked into a folder, its name).

    Raises:
        SheetError: there is none, or more than one, or what it unpacks to is too large.
    """
    with zip_archive.opened(path, limits) as archive:
        members = {
            name_of(info): info
            for info in archive.infolist()
            if not info.is_dir() and not _hidden(info.filename)
        }
        tables = [name for name in members if PurePosixPath(name).suffix.lower() in _ENDINGS]
        if not tables:
            raise SheetError("zip_none")
        if len(tables) > 1:
            names = "、".join(tables[:_SHOWN]) + "…" * (len(tables) > _SHOWN)
            raise SheetError("zip_many", count=len(tables), names=names)
        target = folder / "member"
        _copy(archive, members[tables[0]], target, limits)
    return target, tables[0]


def _hidden(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return parts[0] == "__MACOSX" or parts[-1].startswith((".", "~$"))


def _copy(archive: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path, limits: Limits) -> None:
    size = 0
    try:
        with archive.open(info) as stream, target.open("wb") as file:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                if size > limits.unpacked:
                    limit = limits.unpacked // MIB
                    raise SheetError("unpacked", size=size // MIB, limit=limit)
                file.write(chunk)
    except zip_archive.BROKEN as error:
        raise SheetError("damaged", detail=error) from None
    except RuntimeError:  # zipfile's word for an encrypted member
        raise SheetError("password") from None
