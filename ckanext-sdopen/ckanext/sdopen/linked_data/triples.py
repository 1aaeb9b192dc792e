"""Statements about one thing: typed, in the language of the entry, without empty ones."""

import datetime
import re
from collections.abc import Iterable
from typing import Any

from rdflib import BNode, Graph, Literal, URIRef

from ckanext.sdopen.linked_data.vocabulary import PREFIXES, RDF, RDFS, SKOS, XSD

Node = URIRef | BNode
ZH, EN = "zh", "en"
# XML 1.0 §2.2: no serialization of RDF/XML may hold them
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def new_graph() -> Graph:
    """An empty graph with the prefixes of the profile."""
    # rdflib's default store keeps named graphs too, at twice the time
    graph = Graph(store="SimpleMemory", bind_namespaces="none")
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    return graph


def _clean(value: Any) -> str:
    return _FORBIDDEN.sub("", str(value)).strip()


class About:
    """The statements of a graph about one subject."""

    def __init__(self, graph: Graph, subject: Node, *types: URIRef) -> None:
        self.graph = graph
        self.subject = subject
        for kind in types:
            graph.add((subject, RDF.type, kind))

    def to(self, predicate: URIRef, *objects: Node | None) -> "About":
        """State a relation to other things; None states nothing."""
        for node in objects:
            if node is not None:
                self.graph.add((self.subject, predicate, node))
        return self

    def text(self, predicate: URIRef, value: Any, language: str | None = None) -> "About":
        """State a text; an empty one states nothing."""
        written = _clean(value) if value is not None else ""
        if written:
            self.graph.add((self.subject, predicate, Literal(written, lang=language)))
        return self

    def texts(self, predicate: URIRef, values: Iterable[Any], language: str = ZH) -> "About":
        """State several texts."""
        for value in values:
            self.text(predicate, value, language)
        return self

    def day(self, predicate: URIRef, *values: Any) -> "About":
        """State the first of the values that is a day or a moment of ISO 8601, in UTC."""
        for value in values:
            text = str(value or "").strip()
            try:
                moment = datetime.datetime.fromisoformat(text)
            except ValueError:
                continue
            if len(text) == len("2026-01-31"):
                literal = Literal(text, datatype=XSD.date, normalize=False)
            else:
                zoned = moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
                literal = Literal(zoned.isoformat(), datatype=XSD.dateTime, normalize=False)
            self.graph.add((self.subject, predicate, literal))
            break
        return self

    def number(self, predicate: URIRef, value: Any, datatype: URIRef) -> "About":
        """State a whole number; anything else states nothing."""
        text = str(value if value is not None else "")
        if text.isdecimal():
            literal = Literal(str(int(text)), datatype=datatype, normalize=False)
            self.graph.add((self.subject, predicate, literal))
        return self

    def new(self, predicate: URIRef, *types: URIRef, node: Node | None = None) -> "About":
        """State a relation to a thing that is described in turn."""
        other = BNode() if node is None else node
        self.graph.add((self.subject, predicate, other))
        return About(self.graph, other, *types)

    def statement(self, predicate: URIRef, kind: URIRef, value: Any) -> "About":
        """State a described thing that has a text only, such as a condition."""
        if value is not None and _clean(value):
            self.new(predicate, kind).text(RDFS.label, value, ZH)
        return self


def concept(graph: Graph, term: URIRef, zh: str, en: str = "") -> About:
    """A concept of a vocabulary with its labels."""
    about = About(graph, term, SKOS.Concept)
    return about.text(SKOS.prefLabel, zh, ZH).text(SKOS.prefLabel, en, EN)


def typed(graph: Graph, term: URIRef | None, kind: URIRef) -> URIRef | None:
    """A term of a vocabulary with its class, which a validator must find in the graph."""
    if term is not None:
        graph.add((term, RDF.type, kind))
    return term
