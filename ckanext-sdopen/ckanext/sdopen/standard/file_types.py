"""Types of files: which ending says what, and whether the first bytes of a file fit its ending."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

# as many bytes as a look at a file needs
HEAD = 4096
UNKNOWN = "application/octet-stream"
_TEXT, _MARKUP = "text", "markup"
_ZIP, _OLE = (b"PK\x03\x04", b"PK\x05\x06"), (b"\xd0\xcf\x11\xe0",)
# the first bytes of what is no text
_BINARY = (
    *_ZIP,
    *_OLE,
    b"%PDF-",
    b"MZ",
    b"\x7fELF",
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8\xff",
    b"\x1f\x8b",
    b"7z\xbc\xaf",
    b"Rar!",
    b"SQLite format 3",
)
_MARKS = (b"\xff\xfe", b"\xfe\xff")
_NAME = re.compile(rb"[\w:.-]+")
# what may stand before the first element of markup, and how it ends
_PROLOG = ((b"<?", b"?>"), (b"<!--", b"-->"), (b"<!", b">"))
# elements that a browser would run as a page
_PAGES = frozenset((b"html", b"svg", b"script", b"body", b"head", b"iframe"))


@dataclass(frozen=True)
class FileType:
    """A type of file: its media type, the name of its format, and how its files begin.

    `begins` holds possible first bytes, or says that it is text or markup; nothing is asked of one
    without it.
    """

    mimetype: str
    format: str
    begins: tuple[bytes, ...] | str = ()


def _office(name: str) -> str:
    return f"application/vnd.openxmlformats-officedocument.{name}"


TYPES: Mapping[str, FileType] = {
    "csv": FileType("text/csv", "CSV", _TEXT),
    "tsv": FileType("text/tab-separated-values", "TSV", _TEXT),
    "txt": FileType("text/plain", "TXT", _TEXT),
    "json": FileType("application/json", "JSON", _TEXT),
    "geojson": FileType("application/geo+json", "GeoJSON", _TEXT),
    "jsonld": FileType("application/ld+json", "JSON-LD", _TEXT),
    "jsonl": FileType("application/x-ndjson", "JSONL", _TEXT),
    "ndjson": FileType("application/x-ndjson", "NDJSON", _TEXT),
    "xml": FileType("application/xml", "XML", _MARKUP),
    "rdf": FileType("application/rdf+xml", "RDF", _MARKUP),
    "kml": FileType("application/vnd.google-earth.kml+xml", "KML", _MARKUP),
    "gml": FileType("application/gml+xml", "GML", _MARKUP),
    "ttl": FileType("text/turtle", "TTL", _TEXT),
    "nt": FileType("application/n-triples", "N-Triples", _TEXT),
    "xlsx": FileType(_office("spreadsheetml.sheet"), "XLSX", _ZIP),
    "docx": FileType(_office("wordprocessingml.document"), "DOCX", _ZIP),
    "pptx": FileType(_office("presentationml.presentation"), "PPTX", _ZIP),
    "ods": FileType("application/vnd.oasis.opendocument.spreadsheet", "ODS", _ZIP),
    "odt": FileType("application/vnd.oasis.opendocument.text", "ODT", _ZIP),
    "ofd": FileType("application/ofd", "OFD", _ZIP),
    "kmz": FileType("application/vnd.google-earth.kmz", "KMZ", _ZIP),
    "zip": FileType("application/zip", "ZIP", _ZIP),
    "xls": FileType("application/vnd.ms-excel", "XLS", _OLE),
    "doc": FileType("application/msword", "DOC", _OLE),
    "ppt": FileType("application/vnd.ms-powerpoint", "PPT", _OLE),
    "et": FileType("application/vnd.ms-excel", "ET", (*_OLE, *_ZIP)),
    "wps": FileType("application/vnd.ms-works", "WPS", (*_OLE, *_ZIP)),
    "dps": FileType("application/vnd.ms-powerpoint", "DPS", (*_OLE, *_ZIP)),
    "pdf": FileType("application/pdf", "PDF", (b"%PDF-",)),
    "7z": FileType("application/x-7z-compressed", "7Z", (b"7z\xbc\xaf\x27\x1c",)),
    "rar": FileType("application/vnd.rar", "RAR", (b"Rar!\x1a\x07",)),
    "gz": FileType("application/gzip", "GZ", (b"\x1f\x8b",)),
    "shp": FileType(UNKNOWN, "SHP", (b"\x00\x00\x27\x0a",)),
    "shx": FileType(UNKNOWN, "SHX", (b"\x00\x00\x27\x0a",)),
    "dbf": FileType(
        UNKNOWN, "DBF", (b"\x02", b"\x03", b"\x30", b"\x31", b"\x32", b"\x83", b"\x8b")
    ),
    "prj": FileType("text/plain", "PRJ", _TEXT),
    "cpg": FileType("text/plain", "CPG", _TEXT),
    "gpkg": FileType("application/geopackage+sqlite3", "GPKG", (b"SQLite format 3\x00",)),
    "parquet": FileType("application/vnd.apache.parquet", "Parquet", (b"PAR1",)),
    "png": FileType("image/png", "PNG", (b"\x89PNG\r\n\x1a\n",)),
    "jpg": FileType("image/jpeg", "JPEG", (b"\xff\xd8\xff",)),
    "jpeg": FileType("image/jpeg", "JPEG", (b"\xff\xd8\xff",)),
    "gif": FileType("image/gif", "GIF", (b"GIF87a", b"GIF89a")),
    "tif": FileType("image/tiff", "TIFF", (b"II*\x00", b"MM\x00*")),
    "tiff": FileType("image/tiff", "TIFF", (b"II*\x00", b"MM\x00*")),
}
# what holds files of any format, whose format the department may name itself
CONTAINERS = frozenset(("zip", "7z", "rar", "gz"))


def ending(name: str) -> str:
    """What stands after the last full stop of a file's name, in small letters; empty for none."""
    before, stop, after = name.strip().rpartition(".")
    del before
    return after.lower() if stop and after.isalnum() else ""


def mimetype(name: str) -> str:
    """The media type under which a file of a name is given: by its ending, and no active one."""
    known = TYPES.get(ending(name))
    return known.mimetype if known else UNKNOWN


def fits(name: str, head: bytes) -> bool:
    """Whether the first HEAD bytes of a file are what its ending says.

    Text may have any encoding, but is neither a known binary file nor a web page.
    """
    known = TYPES.get(ending(name))
    if known is None or not known.begins:
        return True
    if isinstance(known.begins, tuple):
        return head.startswith(known.begins)
    if head.startswith(_BINARY):
        return False
    if head.startswith(_MARKS):
        return not _is_page(head[2:].replace(b"\x00", b""))
    text = head.removeprefix(b"\xef\xbb\xbf")
    if b"\x00" in text or _is_page(text):
        return False
    return known.begins == _TEXT or text.lstrip().startswith(b"<")


def _first_element(text: bytes) -> bytes:
    """The name of the first element of markup, or of its DOCTYPE; empty where there is none."""
    rest = text.lstrip()
    while rest.startswith((b"<?", b"<!")):
        declared = rest[:9].lower() == b"<!doctype"
        begin, end = next(pair for pair in _PROLOG if rest.startswith(pair[0]))
        inside, _, after = rest[len(begin) :].partition(end)
        if declared:
            named = _NAME.match(inside[7:].lstrip())
            if named and named[0].lower() in _PAGES:
                return named[0]
            if b"[" in inside:
                _, _, after = rest.partition(b"]")[2].partition(b">")
        rest = after.lstrip()
    found = _NAME.match(rest[1:]) if rest.startswith(b"<") else None
    return found[0] if found else b""


def _is_page(text: bytes) -> bool:
    return _first_element(text).lower().rpartition(b":")[2] in _PAGES
