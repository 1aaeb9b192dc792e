"""The CKAN plugins: declarations only, every hook stands with its capability."""

from functools import partial
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import flask
from ckan.common import CKANConfig
from ckan.lib.plugins import DefaultTranslation

from ckanext.sdopen import contents
from ckanext.sdopen.api import hooks as api_hooks
from ckanext.sdopen.audit import events as audit_events
from ckanext.sdopen.breaker import hooks as breaker_hooks
from ckanext.sdopen.ckan_seams import repairs
from ckanext.sdopen.config import choose_codes
from ckanext.sdopen.departments import signals
from ckanext.sdopen.entries import hooks as entry_hooks
from ckanext.sdopen.entries.files import hooks as file_hooks
from ckanext.sdopen.guard import hooks as guard_hooks
from ckanext.sdopen.guard.accounts import hooks as account_hooks
from ckanext.sdopen.guard.requests import request_hooks
from ckanext.sdopen.guard.serving import hooks as serving_hooks
from ckanext.sdopen.index.documents import chinese_fields
from ckanext.sdopen.jobs.kinds import declared
from ckanext.sdopen.jobs.mail import hooks as mail_hooks
from ckanext.sdopen.linked_data import actions as linked_data_actions
from ckanext.sdopen.linked_data.pages import blueprint as linked_data_pages
from ckanext.sdopen.search import hooks as search_hooks


@tk.blanket.actions(partial(contents.offered, contents.ACTIONS))
@tk.blanket.auth_functions(partial(contents.offered, contents.AUTH))
@tk.blanket.validators(partial(contents.offered, contents.VALIDATORS))
@tk.blanket.helpers(partial(contents.offered, contents.HELPERS))
@tk.blanket.blueprints(partial(contents.blueprints))
@tk.blanket.cli(partial(contents.commands))
@tk.blanket.config_declarations
class SdopenPlugin(
    serving_hooks.ServingHooks,
    entry_hooks.EntryHooks,
    file_hooks.FileHooks,
    search_hooks.SearchHooks,
    api_hooks.ApiHooks,
    guard_hooks.GuardHooks,
    breaker_hooks.BreakerHooks,
    account_hooks.AccountHooks,
    mail_hooks.MailHooks,
    p.SingletonPlugin,
    DefaultTranslation,
):
    """Records, visibility, search, pages and commands of the portal."""

    p.implements(p.IConfigurer)
    p.implements(p.IMiddleware, inherit=True)
    p.implements(p.IConfigurable)
    p.implements(p.ISignal)
    p.implements(p.ITranslation)
    p.implements(p.IPermissionLabels)
    p.implements(p.IFacets, inherit=True)
    p.implements(p.IUploader, inherit=True)
    p.implements(p.IPackageController, inherit=True)
    p.implements(p.IAuthenticator, inherit=True)
    p.implements(p.IApiToken, inherit=True)
    p.implements(p.INotifier, inherit=True)

    def update_config(self, config: CKANConfig) -> None:
        """Register templates and assets."""
        tk.add_template_directory(config, "templates")
        tk.add_resource("assets", "sdopen")
        account_hooks.prepare(config)

    def configure(self, config: CKANConfig) -> None:
        """Settle what settings choose, keep secrets out of logs, mend and guard CKAN."""
        choose_codes()
        breaker_hooks.keep_secrets()
        repairs.apply()
        request_hooks.guard_actions()
        declared.use(contents.background)

    def get_signal_subscriptions(self) -> dict[Any, Any]:
        """What changes of departments and topics and logins set off; what the audit log hears."""
        return contents.together(signals, account_hooks, audit_events)

    def before_dataset_index(self, pkg_dict: dict[str, Any]) -> dict[str, Any]:
        """Sign the entry's document, flatten it and add the analysed Chinese text."""
        entry_hooks.sign(pkg_dict)
        return chinese_fields.index_document(pkg_dict)


@tk.blanket.actions(linked_data_actions)
class SdopenRdfPlugin(p.SingletonPlugin):
    """Linked data on ckanext-dcat, whose plugin `dcat` stands after this one."""

    p.implements(p.IBlueprint)

    def get_blueprint(self) -> flask.Blueprint:
        """The pages of linked data."""
        return linked_data_pages
