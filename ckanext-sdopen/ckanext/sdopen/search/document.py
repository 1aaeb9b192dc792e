"""The Solr document of an entry."""

from typing import Any


def index_document(doc: dict[str, Any]) -> dict[str, Any]:
    """Return the document."""
    return doc
