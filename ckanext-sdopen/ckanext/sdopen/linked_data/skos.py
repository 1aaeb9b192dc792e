"""The topics and the regions as SKOS concept schemes."""

from rdflib import Graph

from ckanext.sdopen import codes
from ckanext.sdopen.linked_data import addresses
from ckanext.sdopen.linked_data.common import place, topic
from ckanext.sdopen.linked_data.triples import EN, ZH, About, new_graph
from ckanext.sdopen.linked_data.vocabulary import DCT, SKOS

_TITLES = {"topic": ("主题", "Topics"), "region": ("行政区划", "Regions")}


def named(graph: Graph, kind: str) -> About:
    """A scheme with its titles."""
    about = About(graph, addresses.scheme(kind), SKOS.ConceptScheme)
    zh, en = _TITLES[kind]
    return about.text(DCT.title, zh, ZH).text(DCT.title, en, EN)


def topics() -> Graph:
    """The scheme of topics: each with its labels, other names and code."""
    graph = new_graph()
    known = codes.load("topics")
    about = named(graph, "topic").text(DCT.source, known.source, ZH)
    for code in known:
        term = topic(graph, code.value)
        concept = About(graph, term).to(SKOS.topConceptOf, about.subject)
        concept.texts(SKOS.altLabel, code.aliases).text(SKOS.notation, code.value)
        about.to(SKOS.hasTopConcept, term)
    return graph


def regions() -> Graph:
    """The scheme of regions: each a location under the one that holds it."""
    graph = new_graph()
    about = named(graph, "region").text(DCT.source, codes.load("regions").source, ZH)
    for code, region in codes.regions().items():
        location = About(graph, place(graph, code), SKOS.Concept)
        location.to(SKOS.inScheme, about.subject).text(SKOS.notation, code)
        if region.parent:
            location.to(SKOS.broader, addresses.region(region.parent))
        else:
            about.to(SKOS.hasTopConcept, location.subject)
            location.to(SKOS.topConceptOf, about.subject)
    return graph


def of_kind(kind: str) -> Graph:
    """The scheme of topics or of regions."""
    return topics() if kind == "topic" else regions()
