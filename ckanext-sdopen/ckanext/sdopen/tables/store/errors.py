"""Why a file of a version could not be kept or read."""

from ckanext.sdopen.tables.findings.sentences import TableError


class NoRoom(TableError):
    """The disk would have less room than must stay."""

    code = "no_room"


class MissingVersion(TableError):
    """The file of a version is not in the storage."""

    code = "missing_version"


class StorageAway(TableError):
    """The storage does not answer, or refuses."""

    code = "storage_away"
