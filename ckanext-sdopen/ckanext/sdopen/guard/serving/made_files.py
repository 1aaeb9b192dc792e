"""Files that nginx sends: the application allows, a slow reader holds no thread."""

from pathlib import Path
from urllib.parse import quote

from flask import Response

# nginx sets it on every request, whatever the caller said; its value is the internal place of files
HEADER = "X-Sdopen-Files"


def hand_over(answer: Response, place: str, storage: Path) -> None:
    """Leave a whole file of the storage to the front door, in place of its bytes.

    Args:
        answer: an answer of the application; any other than such a file stays as it is.
        place: where the front door keeps the storage, "/_files/".
        storage: the folder of files.
    """
    if answer.status_code != 200 or not answer.direct_passthrough:
        return
    file = getattr(answer.response, "file", None) or getattr(answer.response, "filelike", None)
    name = getattr(file, "name", None)
    if not isinstance(name, str):
        return
    path, root = Path(name).resolve(), storage.resolve()
    if not path.is_relative_to(root):
        return
    answer.response.close()  # type: ignore[union-attr]
    answer.direct_passthrough = False
    # empty, with the length that nginx will know
    answer.set_data(b"")
    answer.headers.pop("Content-Length", None)
    answer.headers["X-Accel-Redirect"] = place + quote(path.relative_to(root).as_posix())
