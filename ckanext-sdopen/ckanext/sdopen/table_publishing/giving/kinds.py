"""What people call the kinds of values."""

import ckan.plugins.toolkit as tk

from ckanext.sdopen.tables.columns import Kind


def label(kind: Kind) -> str:
    """The name of a kind in the language of the request."""
    labels = {
        Kind.TEXT: tk._("Text"),
        Kind.INTEGER: tk._("Whole number"),
        Kind.NUMBER: tk._("Number"),
        Kind.DATE: tk._("Date"),
        Kind.DATETIME: tk._("Moment"),
        Kind.BOOLEAN: tk._("Yes or no"),
    }
    return str(labels[kind])
