"""One tree of errors: each says what is wrong, where, and what to do."""


class SdopenError(Exception):
    """An error that a user can act on; `str(error)` is the whole sentence."""
