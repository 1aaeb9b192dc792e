"""The profile under which ckanext-dcat's own serializer and commands write our entries."""

from typing import Any

from ckan.types import Context
from ckanext.dcat.profiles import RDFProfile
from rdflib import Graph, URIRef

from ckanext.sdopen.linked_data import entries, related
from ckanext.sdopen.linked_data.portal_catalog import portal


class SdopenProfile(RDFProfile):
    """DCAT-AP 3 of catalogs and interfaces, with what everyone may know of their neighbours."""

    def __init__(
        self, graph: Graph, dataset_type: str = "dataset", compatibility_mode: bool = False
    ) -> None:
        # the base class reads the schema of `dataset_type` for parsing; we parse nothing
        self.g = graph
        self.compatibility_mode = compatibility_mode

    def graph_from_dataset(self, dataset_dict: dict[str, Any], dataset_ref: URIRef) -> None:
        """State an entry."""
        entries.state(self.g, dataset_dict, related.of([dataset_dict], Context(user="")))

    def graph_from_catalog(self, catalog_dict: dict[str, Any] | None, catalog_ref: URIRef) -> None:
        """State the portal."""
        portal(self.g)
