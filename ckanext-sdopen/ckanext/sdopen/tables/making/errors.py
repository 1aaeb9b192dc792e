"""Why a version could not be made."""

from ckanext.sdopen.tables.findings.sentences import TableError


class TooLarge(TableError):
    """The table needs more memory or temporary room than it may have."""

    code = "too_large"


class Unreadable(TableError):
    """The normalised CSV is not one."""

    code = "unreadable"


class NotWhole(TableError):
    """What was written is not what was to be written."""

    code = "not_whole"
