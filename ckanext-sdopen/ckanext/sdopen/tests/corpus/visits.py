"""A visit to a page of the tests' application, and all that its answer says."""

import io
import zipfile


def text_of(body: bytes) -> str:
    """A body as text; of a workbook, that of all its parts."""
    if not body.startswith(b"PK"):
        return body.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        return " ".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())


def visited(app, address: str, headers: dict[str, str]) -> tuple[int, str]:
    """(status, text) of an address."""
    try:
        response = app.get(address, headers=headers, follow_redirects=False)
    except Exception as error:  # noqa: BLE001 what the tests' application lets through is a 500
        return 500, repr(error)
    return response.status_code, text_of(response.get_data())
