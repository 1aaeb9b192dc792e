"""Scripts and styles of pages are made before the first request.

webassets makes them, and the folders for them, at the first page that wants them; several first
pages at once run into each other (FileExistsError in `webassets.cache.get_cache`, bundles half
written). No released CKAN or webassets (2.0) makes this unnecessary.
"""

import fcntl
import logging
from pathlib import Path

from ckan.lib import webassets_tools
from webassets import Environment
from webassets.exceptions import BundleError

_log = logging.getLogger(__name__)


def prepare() -> None:
    """Make what the pages of this portal load; another process that does so is waited for."""
    build(webassets_tools.env)


def build(environment: Environment) -> None:
    """Make all bundles of an environment that are not there or older than their sources."""
    folder = Path(environment.directory)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".making").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for bundle in environment:
            try:
                bundle.urls()
            except BundleError as error:
                # the page that wants it says so, too
                _log.warning("%s: %s", bundle.output, error)
