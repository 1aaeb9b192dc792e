"""What templates ask about parts that are away."""

from ckanext.sdopen.breaker import noted

__all__ = ["sdopen_index_is_away"]


def sdopen_index_is_away() -> bool:
    """Whether Solr did not answer in this request: what the page shows is from the database."""
    return noted.SOLR in noted.away()
