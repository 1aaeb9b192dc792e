"""The serializations of a graph, by the ending of an address."""

from collections.abc import Mapping
from dataclasses import dataclass

from rdflib import Graph


@dataclass(frozen=True)
class Format:
    """A serialization: what rdflib calls it, its media type."""

    rdflib: str
    media: str


FORMATS: Mapping[str, Format] = {
    "ttl": Format("turtle", "text/turtle"),
    "n3": Format("n3", "text/n3"),
    "rdf": Format("xml", "application/rdf+xml"),
    "xml": Format("xml", "application/rdf+xml"),
    "jsonld": Format("json-ld", "application/ld+json"),
}


def written(graph: Graph, ending: str) -> str:
    """The graph in a serialization; its prefixes are in the text, nothing is fetched."""
    name = FORMATS[ending].rdflib
    if name == "json-ld":
        # short names by the graph's own prefixes, which stand in the document itself
        return graph.serialize(format=name, auto_compact=True)
    return graph.serialize(format=name)
