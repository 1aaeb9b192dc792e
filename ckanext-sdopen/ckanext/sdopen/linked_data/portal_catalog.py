"""The portal as dcat:Catalog, and a page of its entries with the addresses of the other pages."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import ckan.plugins.toolkit as tk
from rdflib import Graph, URIRef

from ckanext.sdopen import codes
from ckanext.sdopen.access.authority import governing
from ckanext.sdopen.linked_data import addresses, entries, skos, vocabulary
from ckanext.sdopen.linked_data.common import agent, place
from ckanext.sdopen.linked_data.related import Related, departments
from ckanext.sdopen.linked_data.triples import ZH, About, new_graph, typed
from ckanext.sdopen.linked_data.vocabulary import DCAT, DCT, FOAF, HYDRA, XSD

Entry = Mapping[str, Any]


@dataclass(frozen=True)
class Page:
    """A page of the entries: its number, its size, how many entries there are in all, its address.

    `parameters` are those that the other pages' addresses repeat.
    """

    number: int
    size: int
    count: int
    path: str
    parameters: Mapping[str, str]

    @property
    def last(self) -> int:
        """The number of the last page; the first one where there is no entry."""
        return max(1, math.ceil(self.count / self.size))

    def address(self, number: int) -> URIRef:
        """The address of a page."""
        query = urlencode({**self.parameters, "page": number})
        return URIRef(f"{addresses.portal()}{self.path}?{query}")


def _publisher(graph: Graph, region: str) -> URIRef:
    """The region's data authority; the portal itself where no organization is marked as one."""
    identity = governing(region)
    known = departments([identity]).get(identity) if identity else None
    if identity and known:
        return agent(graph, identity, known)
    portal = About(graph, URIRef(f"{addresses.portal()}/#publisher"), FOAF.Agent)
    portal.text(FOAF.name, tk.config["ckan.site_title"] or addresses.portal(), ZH)
    return portal.subject  # type: ignore[return-value]


def portal(graph: Graph) -> About:
    """The portal as a catalog: title, publisher, language, place, the scheme of its topics."""
    about = About(graph, URIRef(addresses.portal()), DCAT.Catalog)
    title = tk.config["ckan.site_title"] or addresses.portal()
    about.text(DCT.title, title, ZH)
    about.text(DCT.description, tk.config["ckan.site_description"] or title, ZH)
    about.to(FOAF.homepage, typed(graph, URIRef(addresses.portal() + "/"), FOAF.Document))
    about.to(DCT.language, typed(graph, vocabulary.language(), DCT.LinguisticSystem))
    region = str(tk.config["ckanext.sdopen.portal.region"])
    about.to(DCT.publisher, _publisher(graph, region))
    if region in codes.regions():
        about.to(DCT.spatial, place(graph, region))
    about.to(DCAT.themeTaxonomy, skos.named(graph, "topic").subject)  # type: ignore[arg-type]
    return about


def _paging(graph: Graph, page: Page) -> None:
    """The page as hydra says it, with the terms that harvesters of DCAT know."""
    about = About(graph, page.address(page.number), HYDRA.PagedCollection)
    about.to(HYDRA.first, page.address(1)).to(HYDRA.last, page.address(page.last))
    if page.number > 1:
        about.to(HYDRA.previous, page.address(page.number - 1))
    if page.number < page.last:
        about.to(HYDRA.next, page.address(page.number + 1))
    about.number(HYDRA.totalItems, page.count, XSD.integer)
    about.number(HYDRA.itemsPerPage, page.size, XSD.integer)


def page_graph(shown: Sequence[Entry], related: Related, page: Page) -> Graph:
    """The portal and the entries of a page; catalogs are its datasets, interfaces its services."""
    graph = new_graph()
    about = portal(graph)
    for entry in shown:
        is_service = entry.get("type") == "interface"
        relation = DCAT.service if is_service else DCAT.dataset
        about.to(relation, entries.state(graph, entry, related))
    _paging(graph, page)
    return graph
