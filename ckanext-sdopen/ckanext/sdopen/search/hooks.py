"""CKAN's hooks of facets and of what a search found, for the plugin."""

from typing import Any

from ckanext.sdopen.search import facet_labels

Titles = dict[str, str]


class SearchHooks:
    """What of IFacets and IPackageController concerns the search."""

    def dataset_facets(self, facets_dict: Titles, package_type: str) -> Titles:
        """The facets of the list of entries."""
        return facet_labels.titles(package_type)

    def group_facets(
        self, facets_dict: Titles, group_type: str, package_type: str | None
    ) -> Titles:
        """The facets of a topic's page."""
        return facet_labels.titles()

    def organization_facets(
        self, facets_dict: Titles, organization_type: str, package_type: str | None
    ) -> Titles:
        """The facets of a department's page."""
        return facet_labels.titles()

    def after_dataset_search(
        self, search_results: dict[str, Any], search_params: dict[str, Any]
    ) -> dict[str, Any]:
        """Give facet values their display names."""
        return facet_labels.label_values(search_results)
