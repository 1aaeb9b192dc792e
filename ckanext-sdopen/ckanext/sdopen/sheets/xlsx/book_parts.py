"""What the parts of an xlsx tell: its sheets, how its dates count, what a sheet's XML holds."""

from zipfile import ZipFile

from lxml import etree

from ckanext.sdopen.sheets.messages import SheetError
from ckanext.sdopen.sheets.xlsx import rows_xml
from ckanext.sdopen.sheets.xlsx.rows_xml import Scan
from ckanext.sdopen.sheets.xlsx.zip_archive import Part


def xml_of(archive: ZipFile, name: str) -> etree._Element:
    """A small part of the archive as a tree; nothing outside is fetched."""
    try:
        with archive.open(name) as stream:
            data = b"".join(Part(stream, name))
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        return etree.fromstring(data, parser)
    except KeyError:
        raise SheetError("damaged", detail=name) from None
    except etree.XMLSyntaxError as error:
        raise SheetError("damaged", detail=f"{name}: {error}") from None


def sheet_parts(archive: ZipFile) -> tuple[dict[str, str], bool]:
    """({name of a sheet: its part}, whether dates count from 1904)."""
    if "xl/workbook.xml" not in archive.namelist():
        raise SheetError("format", found="zip")
    book = xml_of(archive, "xl/workbook.xml")
    relations = xml_of(archive, "xl/_rels/workbook.xml.rels")
    targets = {
        one.get("Id"): (one.get("Target", ""), one.get("Type", "").rsplit("/", 1)[-1])
        for one in relations
        if isinstance(one.tag, str)
    }
    parts = {}
    for sheet in book.iterfind(".//{*}sheets/{*}sheet"):
        key = next((v for k, v in sheet.attrib.items() if k.endswith("}id")), "")
        target, kind = targets.get(key, ("", ""))
        if kind == "worksheet":
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            parts[sheet.get("name", "")] = part
    properties = book.find("{*}workbookPr")
    since = properties.get("date1904", "") if properties is not None else ""
    return parts, since in ("1", "true")


def scanned(archive: ZipFile, part: str, columns: int) -> tuple[Scan, bool]:
    """What the XML of a sheet tells, and whether it may bear a mark of secrecy.

    Args:
        columns: the bound beyond which a column counts only where something stands in it.

    Raises:
        SheetError: the part is absent, damaged or hostile.
    """
    scan, number = Scan(), -1
    try:
        stream = archive.open(part)
    except KeyError:
        raise SheetError("damaged", detail=part) from None
    with stream:
        watched = Part(stream, part)
        for is_row, piece in rows_xml.pieces(watched):
            if is_row:
                number = rows_xml.number_of(piece, number)
                scan.look(piece, number, columns)
            else:
                scan.look_around(piece)
    return scan, watched.may_be_marked
