"""Where the bytes of a resource's table come from: its uploaded file, or its linked address."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from ckan import model
from ckan.lib.files import FileData, Location, exc

from ckanext.sdopen.entries.files import stored
from ckanext.sdopen.fetching.fetch import fetch
from ckanext.sdopen.standard import addresses
from ckanext.sdopen.table_publishing.loading import settings
from ckanext.sdopen.table_publishing.loading.sentences import LoadRefused

# what the file is called in the folder of a job, where it stood elsewhere
FETCHED = "source"


@dataclass(frozen=True)
class Source:
    """The file behind a table.

    `key` tells it from the file that replaces it; `name` is its own; `address` is empty where it
    was uploaded; `is_copy` says that it is no file but the working copy that clients write.
    """

    key: str
    name: str
    address: str = ""
    is_copy: bool = False


def of(resource: model.Resource) -> Source | None:
    """What the table of a resource is loaded from; None where there is nothing."""
    url = str(resource.url or "")
    if resource.url_type == "upload":
        own = str((resource.extras or {}).get("original_filename") or "")
        return Source(stored.name_of(resource.id), own or url.rsplit("/", 1)[-1])
    if resource.url_type or not addresses.is_address(url) or not url.lower().startswith("http"):
        return None
    name = unquote(PurePosixPath(urlsplit(url).path).name) or resource.name or "data"
    return Source(hashlib.sha256(url.encode()).hexdigest(), str(name), url)


def bring(source: Source, folder: Path, told: Callable[[float], None]) -> Path:
    """The file on this machine; where it must be fetched, in a folder.

    Args:
        source: the file.
        folder: where it is written if it is elsewhere.
        told: called with the share that is here; what it raises ends the fetching.

    Raises:
        LoadRefused: there is no such file.
        FetchError: its address gives none.
    """
    target = folder / FETCHED
    target.unlink(missing_ok=True)
    if source.address:
        rules = settings.fetching()

        def progress(read: int, whole: int) -> None:
            told(min(1.0, read / whole) if whole else 0.0)

        fetch(source.address, target, rules, progress=progress)
        return target
    return _uploaded(source, target)


def _uploaded(source: Source, target: Path) -> Path:
    # a stored file is known by its key as well as by the id of its resource
    upload = stored.StoredUpload({})
    path = Path(upload.get_path(source.key))
    if upload.storage is None:
        if not path.is_file():
            raise LoadRefused("no_file")
        return path
    try:
        with target.open("wb") as file:
            for part in upload.storage.stream(FileData(Location(str(path)))):
                file.write(part)
    except exc.MissingFileError:
        raise LoadRefused("no_file") from None
    return target
