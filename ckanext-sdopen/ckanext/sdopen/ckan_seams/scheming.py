"""What of ckanext-scheming has no public name; another scheming is said, not stumbled over."""

from collections.abc import Mapping
from typing import Any

from ckanext.scheming import plugins

from ckanext.sdopen.errors import SdopenError

# what stands here is reached for below; `guard` looks whether it is there
ATTRIBUTES = (
    "ckanext.scheming.plugins:SchemingDatasetsPlugin.instance._expanded_schemas",
    "ckanext.scheming.plugins:_field_output_validators",
    "ckanext.scheming.plugins:expand_form_composite",
)


class UnknownScheming(SdopenError):
    """ckanext-scheming lacks, or holds in another form, what is reached for here."""


def expanded_schema(package_type: str) -> Mapping[str, Any]:
    """The schema of a package type with its presets in place; the same object until a reload.

    Raises:
        UnknownScheming: this scheming keeps its schemas elsewhere, or otherwise.
    """
    try:
        schema: Mapping[str, Any] = plugins.SchemingDatasetsPlugin.instance._expanded_schemas[
            package_type
        ]
        listed = [schema["dataset_fields"], schema["resource_fields"]]
    except (AttributeError, KeyError, TypeError) as error:
        raise UnknownScheming(f"{package_type}: {type(error).__name__}: {error}") from None
    if not all(isinstance(fields, list) for fields in listed):
        raise UnknownScheming(f"{package_type}: its fields are no lists")
    return schema


def shows(plugin: Any) -> bool:
    """Whether a plugin that shows packages is scheming's."""
    try:
        return isinstance(plugin, plugins.SchemingDatasetsPlugin)
    except AttributeError:
        return False


def shown_by(field: Mapping[str, Any], schema: Mapping[str, Any], converts: bool) -> Any:
    """The validators by which scheming shows a field, of each part where it is a table.

    Raises:
        UnknownScheming: this scheming has no such function, or another one.
    """
    try:
        return plugins._field_output_validators(field, schema, converts)
    except (AttributeError, TypeError) as error:
        raise UnknownScheming(f"{type(error).__name__}: {error}") from None


def join_form_fields(record: dict[str, Any], tables: set[str]) -> None:
    """Join the fields of a form, `table-0-cell`, to the tables that they are parts of."""
    plugins.expand_form_composite(record, tables)
