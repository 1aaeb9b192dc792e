"""How many bundles are packed at a time: each takes a permit of its process until it is sent."""

from threading import Lock
from weakref import WeakSet

from ckanext.sdopen.errors import SdopenError
from ckanext.sdopen.table_publishing.bundles import settings


class TooMany(SdopenError):
    """As many bundles are being packed as one process does at a time."""


class Packing:
    """A permit to pack a bundle; whoever forgets it without an end gives it back, too."""

    def __init__(self) -> None:
        """Take a permit.

        Raises:
            TooMany: there is none.
        """
        with _lock:
            if len(_under_way) >= settings.at_a_time():
                raise TooMany
            _under_way.add(self)

    def end(self) -> None:
        """Give the permit back; once, however often it is said."""
        _under_way.discard(self)


_under_way: WeakSet[Packing] = WeakSet()
_lock = Lock()
