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


class TooSlow(TableError):
    """It takes longer than it may."""

    code = "too_slow"


class Broken(TableError):
    """The process ended by itself, which is a fault of ours."""

    code = "broken"
