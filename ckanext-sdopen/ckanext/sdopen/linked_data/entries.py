"""The graph of an entry: a catalog as dcat:Dataset, an interface as dcat:DataService."""

from collections.abc import Mapping
from typing import Any

from rdflib import Graph, URIRef

from ckanext.sdopen.linked_data import addresses, csvw, vocabulary
from ckanext.sdopen.linked_data.common import described, named
from ckanext.sdopen.linked_data.related import Related
from ckanext.sdopen.linked_data.triples import ZH, About, typed
from ckanext.sdopen.linked_data.vocabulary import DCAT, DCT, XSD
from ckanext.sdopen.standard.addresses import link_of

Entry = Mapping[str, Any]


def _format(about: About, name: Any) -> None:
    """The format of a file: a term of the EU list, else its own name; its media type."""
    text = str(name or "").strip()
    if not text:
        return
    term = vocabulary.file_type(text)
    if term is not None:
        about.to(DCT["format"], typed(about.graph, term, DCT.MediaTypeOrExtent))
    else:
        about.statement(DCT["format"], DCT.MediaTypeOrExtent, text.upper())
    media = vocabulary.media_type(text)
    about.to(DCAT.mediaType, typed(about.graph, media, DCT.MediaType))


def _file(about: About, shown: Entry, resource: Mapping[str, Any], schema: URIRef | None) -> None:
    """A file or address of a catalog as a distribution."""
    node = addresses.resource(shown, str(resource["id"]))
    file = about.new(DCAT.distribution, DCAT.Distribution, node=node)
    file.text(DCT.title, resource.get("name"), ZH)
    file.text(DCT.description, resource.get("description"), ZH)
    address = addresses.foreign(link_of(resource))
    file.to(DCAT.accessURL, address if address is not None else addresses.page(shown))
    if str(resource.get("format") or "").lower() != "api":
        file.to(DCAT.downloadURL, address)
        _format(file, resource.get("format"))
    file.number(DCAT.byteSize, resource.get("size"), XSD.nonNegativeInteger)
    file.day(DCT.issued, resource.get("created"))
    file.day(DCT.modified, resource.get("last_modified"), resource.get("metadata_modified"))
    file.to(DCT.conformsTo, schema)


def _endpoint(about: About, shown: Entry) -> None:
    address = addresses.served(shown.get("service_path"))
    about.to(DCAT.endpointURL, address if address is not None else addresses.page(shown))


def _access(about: About, shown: Entry, service: Entry) -> None:
    """An interface that serves a catalog, as a distribution of it."""
    node = URIRef(f"{addresses.entry(shown)}#{service['id']}")
    way = about.new(DCAT.distribution, DCAT.Distribution, node=node)
    way.text(DCT.title, service.get("title"), ZH)
    way.text(DCT.description, service.get("notes"), ZH)
    formats = service.get("service_formats") or []
    if len(formats) == 1:  # a distribution has one format
        _format(way, formats[0])
    way.to(DCAT.accessURL, addresses.page(service))
    served = named(about.graph, service, DCAT.DataService)
    _endpoint(served, service)
    way.to(DCAT.accessService, served.subject)


def catalog(graph: Graph, shown: Entry, related: Related) -> None:
    """State a catalog: what it is about, its items, its files, the interfaces that serve it."""
    about = described(graph, shown, DCAT.Dataset, related)
    schema = csvw.schema(about, shown.get("info_items") or [], shown)
    for resource in shown.get("resources") or []:
        _file(about, shown, resource, schema)
    for service in related.services.get(str(shown["id"]), ()):
        _access(about, shown, service)


def interface(graph: Graph, shown: Entry, related: Related) -> None:
    """State an interface: where it is called, in which formats, the catalog that it serves."""
    about = described(graph, shown, DCAT.DataService, related)
    _endpoint(about, shown)
    about.to(DCAT.endpointDescription, addresses.page(shown))
    about.text(DCAT.version, shown.get("version"))
    for name in shown.get("service_formats") or []:
        term = vocabulary.file_type(str(name))
        about.to(DCT["format"], typed(graph, term, DCT.MediaTypeOrExtent))
    served = related.catalogs.get(str(shown.get("catalog") or ""))
    if served:
        about.to(DCAT.servesDataset, named(graph, served, DCAT.Dataset).subject)


def state(graph: Graph, shown: Entry, related: Related) -> URIRef:
    """State an entry; what names it."""
    (interface if shown.get("type") == "interface" else catalog)(graph, shown, related)
    return addresses.entry(shown)
