"""What CKAN shows of stored packages, by its default and by the type's own schema, set-based.

Equal to `ckan.logic.package_show_default_and_custom_schemas`, which a package is given to whose
type, plugins or values ask for what the compiled plans do not know.
"""

import copy
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import ckan.plugins as p
from ckan import model
from ckan.lib.plugins import lookup_package_plugin
from ckan.logic import package_show_default_and_custom_schemas
from ckan.logic.schema import default_show_package_schema
from ckan.types import Context

from ckanext.sdopen.ckan_seams import scheming
from ckanext.sdopen.ckan_seams.dictized import dictized
from ckanext.sdopen.ckan_seams.field_validation import Unknown
from ckanext.sdopen.ckan_seams.rows import Stored
from ckanext.sdopen.ckan_seams.scheming import UnknownScheming
from ckanext.sdopen.ckan_seams.show_schema import Plan, compiled
from ckanext.sdopen.standard.elements import KIND_OF_TYPE

Both = tuple[dict[str, Any], dict[str, Any]]
# what a dictized package holds besides the columns of its row
_MADE = {
    *("resources", "num_resources", "tags", "num_tags", "extras", "groups", "organization"),
    *("relationships_as_subject", "relationships_as_object"),
    *("isopen", "license_title", "license_url"),
}
# its hook changes pages only, whose context says `for_view`
_QUIET = ("ckanext.dcat.plugins",)


def own_hooks(interface: Any, name: str) -> list[Callable[..., Any]]:
    """The plugins' own methods of a hook, without those that inherit the interface's."""
    return [
        getattr(plugin, name)
        for plugin in p.PluginImplementations(interface)
        if getattr(type(plugin), name, None) is not getattr(interface, name)
    ]


@cache
def _columns() -> frozenset[str]:
    columns = {str(c.name) for c in model.package_table.columns}
    return frozenset((columns | _MADE) - {"plugin_data"})


@cache
def _default_plan() -> Plan:
    return compiled(default_show_package_schema(), _columns())


# {type: the schema as ckanext-scheming holds it, and its plan}
_PLANS: dict[str, tuple[Any, Plan | None]] = {}


def _custom_plan(kind: str) -> Plan | None:
    """The plan of a type of ckanext-scheming's, compiled once; None of what only CKAN can show."""
    plugin = lookup_package_plugin(kind)
    if not scheming.shows(plugin):
        return None
    try:
        fields = scheming.expanded_schema(kind)
    except UnknownScheming:
        return None
    kept = _PLANS.get(kind)
    if kept is None or kept[0] is not fields:
        try:
            plan = compiled(_custom_schema(plugin, fields), _columns())
        except (Unknown, UnknownScheming):
            plan = None
        kept = _PLANS[kind] = (fields, plan)
    return kept[1]


def _custom_schema(plugin: Any, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The schema by which a type is shown; the plugin adds its fields while it validates."""
    schema = plugin.show_package_schema()
    for listed, place in (("dataset_fields", schema), ("resource_fields", schema["resources"])):
        for field in fields[listed]:
            name = field["field_name"]
            converts = place is schema and name not in schema
            place[name] = scheming.shown_by(field, fields, converts)
    return dict(schema)


class Shows:
    """The plans and hooks of the plugins that are loaded now; made once for many packages."""

    def __init__(self) -> None:
        self._default = _default_plan()
        self._plans: dict[str, Plan | None] = {}
        self._resource_hooks = own_hooks(p.IResourceController, "before_resource_show")
        self._show_hooks = [
            hook
            for hook in own_hooks(p.IPackageController, "after_dataset_show")
            if type(hook.__self__).__module__ not in _QUIET  # type: ignore[attr-defined]
        ]
        self._reads = bool(own_hooks(p.IPackageController, "read"))

    def _plan(self, kind: str) -> Plan | None:
        if kind not in self._plans:
            self._plans[kind] = _custom_plan(kind)
        return self._plans[kind]

    def compiles(self, kind: str) -> bool:
        """Whether the plan of a type is known."""
        return self._plan(kind) is not None

    def knows(self, stored: Stored) -> bool:
        """Whether a package can be shown without CKAN's own functions."""
        kind = stored.package["type"]
        return (
            kind in KIND_OF_TYPE and not (stored.related or self._reads) and bool(self._plan(kind))
        )

    def _dictized(self, stored: Stored) -> dict[str, Any]:
        data = dictized(stored)
        for hook in self._resource_hooks:
            for resource in data["resources"]:
                hook(resource)
        return data

    def default(self, stored: Stored) -> dict[str, Any]:
        """The package as the default schema shows it: its elements are extras."""
        return self._default.shown(self._dictized(stored), stored.extras)

    def custom(self, stored: Stored) -> dict[str, Any]:
        """The package as its type's schema shows it, completed by the plugins.

        Values that the plan does not know, as older schemas left them, CKAN shows from the rows.
        """
        try:
            return self._custom(stored, self._dictized(stored))
        except Unknown:
            # the rows may have been written by statements
            model.Session.expire_all()
            return _by_ckan(stored)[1]

    def _custom(self, stored: Stored, data: Mapping[str, Any]) -> dict[str, Any]:
        plan = self._plan(stored.package["type"])
        if plan is None:
            raise Unknown(stored.package["type"])
        shown = plan.shown(data, stored.extras)
        for hook in self._show_hooks:
            hook(_context(stored), shown)
        return shown

    def both(self, stored: Stored) -> Both:
        """The package by the default and by its own schema, by CKAN's own functions if need be."""
        if self.knows(stored):
            data = self._dictized(stored)
            try:
                own = self._custom(stored, data)
            except Unknown:
                return _by_ckan(stored)
            return self._default.shown(data, stored.extras), own
        return _by_ckan(stored)


def _by_ckan(stored: Stored) -> Both:
    default, own = package_show_default_and_custom_schemas(Context(ignore_auth=True), stored.id)
    return copy.copy(default), own


def _context(stored: Stored) -> Context:
    """What hooks get of CKAN's own way: its own caller, whom nothing is withheld from."""
    return Context(
        ignore_auth=True, use_cache=False, validate=False, model=model, session=model.Session
    )
