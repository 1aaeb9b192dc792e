"""Codes of the directory as terms of the vocabularies that DCAT-AP 3 recommends."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from rdflib import Namespace, URIRef

ADMS = Namespace("http://www.w3.org/ns/adms#")
CSVW = Namespace("http://www.w3.org/ns/csvw#")
DCAT = Namespace("http://www.w3.org/ns/dcat#")
DCT = Namespace("http://purl.org/dc/terms/")
FOAF = Namespace("http://xmlns.com/foaf/0.1/")
HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
RDF = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#")
RDFS = Namespace("http://www.w3.org/2000/01/rdf-schema#")
SKOS = Namespace("http://www.w3.org/2004/02/skos/core#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
XSD = Namespace("http://www.w3.org/2001/XMLSchema#")
PREFIXES: Mapping[str, Namespace] = {
    "adms": ADMS,
    "csvw": CSVW,
    "dcat": DCAT,
    "dct": DCT,
    "foaf": FOAF,
    "hydra": HYDRA,
    "rdf": RDF,
    "rdfs": RDFS,
    "skos": SKOS,
    "vcard": VCARD,
    "xsd": XSD,
}

_AUTHORITY = "http://publications.europa.eu/resource/authority/"
_MEDIA = "https://www.iana.org/assignments/media-types/"
_PUBLISHER = "http://purl.org/adms/publishertype/"


@cache
def terms() -> Mapping[str, Any]:
    """The tables of vocabulary.yaml."""
    text = Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8")
    tables: Mapping[str, Any] = yaml.safe_load(text)
    return tables


def _authority(table: str, code: str | None, scheme: str) -> URIRef | None:
    term = terms()[table].get(code)
    return URIRef(f"{_AUTHORITY}{scheme}/{term}") if term else None


def access_right(opening: str | None) -> URIRef | None:
    """The EU access right of an opening class: PUBLIC, RESTRICTED, NON_PUBLIC."""
    return _authority("access_right", opening, "access-right")


def frequency(update_cycle: str | None) -> URIRef | None:
    """The EU frequency of an update cycle."""
    return _authority("frequency", update_cycle, "frequency")


def language() -> URIRef:
    """The EU term of the language in which entries are written."""
    return URIRef(f"{_AUTHORITY}language/{terms()['language']}")


def file_type(name: str) -> URIRef | None:
    """The EU file type of a format such as `xlsx`, where the list has it."""
    term = terms()["format"].get(name.lower(), {}).get("file_type")
    return URIRef(f"{_AUTHORITY}file-type/{term}") if term else None


def media_type(name: str) -> URIRef | None:
    """The IANA media type of a format such as `xlsx`, where one is registered."""
    term = terms()["format"].get(name.lower(), {}).get("media")
    return URIRef(_MEDIA + term) if term else None


def publisher_type(kind: str | None, level: str | None) -> tuple[URIRef, Mapping[str, str]] | None:
    """(term, its labels) of the ADMS type of a department of a kind and a level."""
    table = terms()
    term = table["publisher_kind"].get(kind) or table["publisher_level"].get(level)
    return (URIRef(_PUBLISHER + term), table["publisher_type"][term]) if term else None


def data_type(code: str | None) -> URIRef | None:
    """The XML Schema datatype of an item's data type."""
    term = terms()["data_type"].get(code)
    return URIRef(XSD + term) if term else None
