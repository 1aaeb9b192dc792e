"""What was made of a file goes with it where it is erased: versions, files, findings."""

from ckan import model

from ckanext.sdopen.table_publishing.comparing import kept as differences
from ckanext.sdopen.table_publishing.loading import kept
from ckanext.sdopen.table_publishing.made import kept_files
from ckanext.sdopen.tables import history, settings


def erase(resource_id: str) -> None:
    """Remove every version of a resource's table that no other table reads, and its last load.

    Their end is committed before the first byte goes, so that a sweep finishes what is broken off.
    """
    hashes = history.end(resource_id)
    model.Session.commit()
    for digest in hashes:
        settings.store().delete(digest)
        kept_files.remove(digest)
        differences.remove(digest)
    kept.remove(resource_id)
