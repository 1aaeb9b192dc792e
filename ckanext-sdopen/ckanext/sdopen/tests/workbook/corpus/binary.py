"""Small .xls files, made record by record ([MS-XLS], [MS-CFB]): no binary stands in the tests."""

import struct
from collections.abc import Mapping
from pathlib import Path

Cells = Mapping[tuple[int, int], str | float]
_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def _record(number: int, data: bytes) -> bytes:
    return struct.pack("<HH", number, len(data)) + data


def _bof(kind: int) -> bytes:
    return _record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0, 6))


def _sheet(cells: Cells, merges: list[tuple[int, int, int, int]]) -> bytes:
    data = _bof(0x0010)
    for (row, column), value in sorted(cells.items()):
        if isinstance(value, str):
            text = value.encode("utf-16-le")
            head = struct.pack("<HHHHB", row, column, 0, len(value), 1)
            data += _record(0x0204, head + text)
        else:
            data += _record(0x0203, struct.pack("<HHHd", row, column, 0, value))
    if merges:
        ranges = b"".join(struct.pack("<HHHH", *merge) for merge in merges)
        data += _record(0x00E5, struct.pack("<H", len(merges)) + ranges)
    return data + _record(0x000A, b"")


def _stream(name: str, cells: Cells, merges: list, protected: bool) -> bytes:
    text = name.encode("utf-16-le")
    head = _bof(0x0005) + (_record(0x002F, b"\1\0" + b"\0" * 52) if protected else b"")
    bound = struct.pack("<BBBB", 0, 0, len(name), 1) + text
    size = len(head) + 4 + 4 + len(bound) + 4
    sheet = _record(0x0085, struct.pack("<I", size) + bound) + _record(0x000A, b"")
    return head + sheet + _sheet(cells, merges)


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = (name.encode("utf-16-le") + b"\0\0").ljust(64, b"\0")
    data = text + struct.pack("<HBBIII", len(name) * 2 + 2, kind, 1, _FREE, _FREE, child)
    return data + b"\0" * 36 + struct.pack("<IQ", start, size)


def container(streams: Mapping[str, bytes]) -> bytes:
    """An OLE container of one stream."""
    ((name, data),) = streams.items()
    # below 4,096 bytes a stream would stand in the mini stream
    data = data.ljust(max(4096, -(-len(data) // _SECTOR) * _SECTOR), b"\0")
    sectors = len(data) // _SECTOR
    fat = [_FAT, _END, *range(3, sectors + 2), _END]
    assert len(fat) <= 128
    fat += [_FREE] * (128 - len(fat))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    header += struct.pack("<HHHHH6x", 0x003E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, _END, 0, _END, 0)
    header += struct.pack("<I", 0) + struct.pack("<I", _FREE) * 108
    root = _entry("Root Entry", 5, 1, _END, 0)
    directory = root + _entry(name, 2, _FREE, 2, len(data)) + b"\0" * 256
    return header + struct.pack("<128I", *fat) + directory + data


def write_xls(
    path: Path,
    cells: Cells,
    merges: list[tuple[int, int, int, int]] | None = None,
    protected: bool = False,
) -> Path:
    """A BIFF8 book of one sheet; `merges` are (first row, last row, first column, last column)."""
    path.write_bytes(container({"Workbook": _stream("目录", cells, merges or [], protected)}))
    return path
