"""The characters of a file that a stranger hands in: UTF-8, GB18030, or UTF-16 by its mark.

The order decides and no guess by frequency: charset-normalizer takes short Chinese tables in
GB18030 for Big5 or Korean, and the same file must read the same on every day.
"""

import codecs
from dataclasses import dataclass
from pathlib import Path

from ckanext.sdopen.errors import SdopenError
from ckanext.sdopen.sheets.messages import SheetError

UTF_8, GB18030, UTF_16_LE, UTF_16_BE = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")
_MARKS = (
    (codecs.BOM_UTF8, UTF_8),
    (codecs.BOM_UTF16_LE, UTF_16_LE),
    (codecs.BOM_UTF16_BE, UTF_16_BE),
)
_CHUNK = 1 << 20
# bytes beyond one a character: two for each Chinese sign of UTF-8. GB18030 is never so long
# UTF-8 by chance
_SURELY_UTF_8 = 60


class Undecodable(SdopenError):
    """The bytes are text in none of the encodings."""


def _read(data: bytes, encoding: str, cut: bool) -> str:
    text = codecs.getincrementaldecoder(encoding)().decode(data, final=not cut)
    if "\0" in text:
        raise Undecodable("the file holds NUL characters")
    return text


def decoded(data: bytes, cut: bool = False) -> str:
    """The text of a file, without the mark at its beginning.

    Args:
        data: its bytes.
        cut: whether these are its first bytes only: a character may be cut at their end.

    Raises:
        Undecodable: they are text in none of the encodings, or hold NUL.
    """
    tried: tuple[str, ...] = (UTF_8, GB18030)
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            data, tried = data[len(mark) :], (encoding,)
            break
    for encoding in tried:
        try:
            return _read(data, encoding, cut)
        except UnicodeDecodeError:
            continue
    raise Undecodable("the characters of the file cannot be told; save it as UTF-8")


@dataclass(frozen=True)
class Characters:
    """The encoding of a file, and the bytes of the mark at its beginning."""

    encoding: str
    mark: int = 0


def of_file(path: Path, longest_line: int) -> Characters:
    """The encoding of a file of any size, by the rules of `decoded`; reads all of it once.

    A file that is UTF-8 for long and then is not is broken UTF-8, no GB18030.

    Raises:
        SheetError: it is text in none of the encodings, holds NUL, or a line without end.
    """
    with path.open("rb") as file:
        head = file.read(4)
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            found = Characters(encoding, len(mark))
            try:
                _survey(path, found, longest_line)
            except _NotThis as error:
                raise _broken(path, encoding, error.byte) from None
            return found
    try:
        _survey(path, Characters(UTF_8), longest_line)
    except _NotThis as error:
        if error.characters >= _SURELY_UTF_8:
            raise _broken(path, UTF_8, error.byte) from None
        furthest = error.byte
    else:
        return Characters(UTF_8)
    try:
        _survey(path, Characters(GB18030), longest_line)
    except _NotThis as error:
        raise SheetError("encoding", byte=max(furthest, error.byte)) from None
    return Characters(GB18030)


class _NotThis(Exception):
    """The bytes are no text in an encoding, from which byte on, after how many Chinese signs."""

    def __init__(self, byte: int, characters: int) -> None:
        self.byte, self.characters = byte, characters


def _survey(path: Path, characters: Characters, longest_line: int) -> None:
    decoder = codecs.getincrementaldecoder(characters.encoding)()
    wide = characters.encoding in (UTF_16_LE, UTF_16_BE)
    read = since_line = beyond = 0
    with path.open("rb") as file:
        file.seek(characters.mark)
        while chunk := file.read(_CHUNK):
            if not wide and b"\0" in chunk:
                raise SheetError("nul", line=_line(path, characters.mark + read + chunk.find(0)))
            last = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
            since_line = since_line + len(chunk) if last < 0 else len(chunk) - last
            if since_line > longest_line:
                line = _line(path, characters.mark + read)
                raise SheetError("line_long", line=line, limit=longest_line >> 20)
            carried = len(decoder.getstate()[0])
            try:
                beyond += len(chunk) - len(decoder.decode(chunk))
            except UnicodeDecodeError as error:
                beyond += error.start - len(error.object[: error.start].decode(error.encoding))
                raise _NotThis(characters.mark + read - carried + error.start, beyond) from None
            read += len(chunk)
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            raise _NotThis(characters.mark + read, beyond) from None


def _line(path: Path, byte: int) -> int:
    with path.open("rb") as file:
        lines = sum(
            file.read(min(_CHUNK, byte - done)).count(b"\n") for done in range(0, byte, _CHUNK)
        )
    return lines + 1


def _broken(path: Path, encoding: str, byte: int) -> SheetError:
    return SheetError(
        "encoding_broken", encoding=encoding.upper(), byte=byte, line=_line(path, byte)
    )
