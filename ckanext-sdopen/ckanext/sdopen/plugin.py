"""The CKAN plugin: declarations only, every hook hands over to its capability."""

from functools import partial
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import flask
from ckan import model
from ckan.common import CKANConfig
from ckan.lib.plugins import DefaultTranslation

from ckanext.sdopen import cli, helpers, views
from ckanext.sdopen.catalog import dependents, entries, labels, withheld
from ckanext.sdopen.catalog.bulk import gate
from ckanext.sdopen.catalog.optional import present
from ckanext.sdopen.catalog.rdf import actions as rdf_actions
from ckanext.sdopen.catalog.rdf.pages import blueprint as rdf_pages
from ckanext.sdopen.catalog.show import complete_entry
from ckanext.sdopen.config import settle_codes
from ckanext.sdopen.logic import action, auth, validators
from ckanext.sdopen.portal.departments import signals
from ckanext.sdopen.search import document, facet_labels


@tk.blanket.actions(partial(present, action))
@tk.blanket.auth_functions(auth)
@tk.blanket.validators(validators)
@tk.blanket.helpers(helpers)
@tk.blanket.blueprints(views)
@tk.blanket.cli(cli)
@tk.blanket.config_declarations
class SdopenPlugin(p.SingletonPlugin, DefaultTranslation):
    """Records, visibility, search, pages and commands of the portal."""

    p.implements(p.IConfigurer)
    p.implements(p.IConfigurable)
    p.implements(p.ISignal)
    p.implements(p.ITranslation)
    p.implements(p.IPermissionLabels)
    p.implements(p.IFacets, inherit=True)
    p.implements(p.IPackageController, inherit=True)

    def update_config(self, config: CKANConfig) -> None:
        """Register templates and assets."""
        tk.add_template_directory(config, "templates")
        tk.add_resource("assets", "sdopen")

    def get_signal_subscriptions(self) -> dict[Any, Any]:
        """What other work a change sets off; see `portal.departments.signals`."""
        renamed = {"sender": "organization_update", "receiver": signals.index_renamed}
        topic = {"sender": "group_update", "receiver": signals.index_topic}
        placed = [
            {"sender": f"organization_{verb}", "receiver": signals.place_departments}
            for verb in ("create", "update", "delete")
        ]
        return {tk.signals.action_succeeded: [renamed, topic, *placed]}

    def configure(self, config: CKANConfig) -> None:
        """Settle the code lists that settings choose; see `config.settle_codes`."""
        settle_codes()

    def get_dataset_labels(self, dataset_obj: model.Package) -> list[str]:
        """Who may read the entry; see `catalog.labels`."""
        return labels.entry_labels(dataset_obj)

    def get_user_dataset_labels(self, user_obj: model.User) -> list[str]:
        """What the user may read; see `catalog.labels`."""
        return labels.user_labels(user_obj)

    def dataset_facets(self, facets_dict: dict[str, str], package_type: str) -> dict[str, str]:
        """The facets of the list of entries; see `search.facet_labels`."""
        return facet_labels.titles(package_type)

    def group_facets(
        self, facets_dict: dict[str, str], group_type: str, package_type: str | None
    ) -> dict[str, str]:
        """The facets of a topic's page."""
        return facet_labels.titles()

    def organization_facets(
        self, facets_dict: dict[str, str], organization_type: str, package_type: str | None
    ) -> dict[str, str]:
        """The facets of a department's page."""
        return facet_labels.titles()

    def before_dataset_index(self, pkg_dict: dict[str, Any]) -> dict[str, Any]:
        """Flatten the entry and add the analysed Chinese text; see `search.document`."""
        withheld.keep_out_of_index(pkg_dict)
        labels.sign(pkg_dict)
        return document.index_document(pkg_dict)

    def after_dataset_search(
        self, search_results: dict[str, Any], search_params: dict[str, Any]
    ) -> dict[str, Any]:
        """Give facet values their display names; see `search.facet_labels`."""
        return facet_labels.label_values(search_results)

    def after_dataset_show(self, context: dict[str, Any], pkg_dict: dict[str, Any]) -> None:
        """Complete what is derived, withhold what the caller does not get; see `catalog.show`."""
        complete_entry(pkg_dict)
        withheld.strip(context, [pkg_dict])

    def after_dataset_create(self, context: dict[str, Any], pkg_dict: dict[str, Any]) -> None:
        """Before the commit: register the entry and its number; see `catalog.entries`."""
        gate.end_trial(context)
        entries.keep_new(pkg_dict["id"])

    def after_dataset_update(self, context: dict[str, Any], pkg_dict: dict[str, Any]) -> None:
        """Before the commit: what hangs on the entry; see `catalog.entries`, `.dependents`."""
        gate.end_trial(context)
        entries.keep(pkg_dict["id"])
        dependents.settle(model.Package.get(pkg_dict["id"]), context.get("sdopen_readers"))

    def after_dataset_delete(self, context: dict[str, Any], pkg_dict: dict[str, Any]) -> None:
        """Before the commit: nobody outside reads a deleted entry; see `catalog.dependents`."""
        dependents.settle_deleted(model.Package.get(pkg_dict["id"]))


@tk.blanket.actions(rdf_actions)
class SdopenRdfPlugin(p.SingletonPlugin):
    """Linked data on ckanext-dcat, whose plugin `dcat` stands after this one."""

    p.implements(p.IBlueprint)

    def get_blueprint(self) -> flask.Blueprint:
        """The pages of linked data; see `catalog.rdf.pages`."""
        return rdf_pages
