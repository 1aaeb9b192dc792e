"""How much a request may bring before anything reads it; each bound is a setting of the guard.

What never reaches the application is bounded by the web server in front of it.
"""

from collections.abc import Iterator

import ckan.plugins.toolkit as tk
from flask import Request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from ckanext.sdopen import parameters
from ckanext.sdopen.guard.requests.action_types import FITS, MOST_WHOLE, Kind

# its lines are counted and bounded where they are read, packed and unpacked
_STREAMED = "/api/3/bulk/"
_UPLOAD = "multipart/form-data"
_FORMS = (_UPLOAD, "application/x-www-form-urlencoded")


class OutOfBounds(HTTPException):
    """A request brings more than a setting allows; its sentence says what to do."""

    def __init__(self, code: int, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


def setting(name: str) -> int:
    """A bound of requests."""
    return int(tk.config[f"ckanext.sdopen.guard.{name}"])


def refuse_long_head(request: Request) -> None:
    """Refuse an address or headers that are too long, or an address with a sign nothing stores.

    Raises:
        OutOfBounds: 414, 431 or 400.
    """
    query = request.query_string
    length, most = len(request.environ.get("PATH_INFO", "")) + len(query), setting("address_bytes")
    if length > most:
        message = tk._("The address is longer than {most} bytes; send a shorter one, or POST")
        raise OutOfBounds(414, message.format(most=most))
    most = setting("parameters")
    if query.count(b"&") >= most:
        message = tk._("The address has more than {most} parameters; send fewer, or POST")
        raise OutOfBounds(414, message.format(most=most))
    most = setting("header_bytes")
    if sum(len(name) + len(value) for name, value in request.headers) > most:
        message = tk._("The headers (cookies among them) are longer than {most} bytes together")
        raise OutOfBounds(431, message.format(most=most))
    if "\x00" in request.path or (b"%00" in query and not request.path.startswith("/api/")):
        raise OutOfBounds(400, tk._("The address holds the sign U+0000, which nothing can store"))
    if not request.path.startswith("/api/"):
        _refuse_odd_list(request)


def _refuse_odd_list(request: Request) -> None:
    """Refuse what CKAN's pages of lists take apart without a look: an order, a length.

    Raises:
        OutOfBounds: 400 nothing stands between two commas of a `sort`, or a `limit` is no number.
    """
    for order in request.args.getlist("sort"):
        if order and not all(part.strip() for part in order.split(",")):
            raise OutOfBounds(400, tk._("sort is a list like “title_sort asc, score desc”"))
    # CKAN's list of accounts; other pages read the number themselves
    for limit in request.args.getlist("limit") if request.endpoint == "user.index" else ():
        if not FITS[Kind.WHOLE](limit):
            raise OutOfBounds(400, f"limit: {parameters.wanted(0, MOST_WHOLE)}")


def bound_body(request: Request, known: bool) -> None:
    """Set how much of a request's body is read, and read a form or a JSON value up to there.

    Args:
        request: the request, whose body nothing has read yet.
        known: whether an account sends it; strangers upload nothing.

    Raises:
        OutOfBounds: 413 the body or its form is too large, 400 a field holds U+0000.
    """
    if request.method in ("GET", "HEAD", "OPTIONS") or request.path.startswith(_STREAMED):
        return
    most = _bytes(request, known)
    # one more is read to tell a body of that length from one that was cut there
    request.max_content_length = most + 1
    request.max_form_memory_size = setting("form_bytes" if known else "anonymous_bytes")
    request.max_form_parts = setting("form_fields" if known else "anonymous_fields")
    try:
        if request.mimetype != _UPLOAD and len(request.get_data()) > most:
            raise RequestEntityTooLarge
        if request.mimetype in _FORMS:
            _refuse_odd_form(request)
    except RequestEntityTooLarge:
        raise OutOfBounds(413, _too_large(request, most)) from None


def _bytes(request: Request, known: bool) -> int:
    """The bytes of a body: of a file its own bound, of a form and a JSON value theirs."""
    if not known:
        return setting("anonymous_bytes")
    if request.mimetype == _UPLOAD:
        megabytes = max(
            int(tk.config[name])
            for name in (
                "ckan.max_resource_size",
                "ckan.max_image_size",
                "ckanext.sdopen.workbook.megabytes",
            )
        )
        return (megabytes << 20) + setting("form_bytes")
    return setting("form_bytes" if request.mimetype in _FORMS else "json_bytes")


def _too_large(request: Request, most: int) -> str:
    message = tk._(
        "The request is too large: at most {bytes} bytes, of it at most {form} in a form of at"
        " most {fields} fields. Send it in parts, or sign in: accounts may send more"
    )
    return message.format(
        bytes=most,
        form=request.max_form_memory_size,
        fields=request.max_form_parts,
    )


def _refuse_odd_form(request: Request) -> None:
    if len(list(request.form.items(multi=True))) > (request.max_form_parts or 0):
        raise RequestEntityTooLarge
    if request.path.startswith("/api/"):
        # there the guard of actions names the parameter
        return
    if any("\x00" in text for text in _texts(request)):
        raise OutOfBounds(400, tk._("A field holds the sign U+0000, which nothing can store"))


def _texts(request: Request) -> Iterator[str]:
    for name, value in request.form.items(multi=True):
        yield name
        yield value
    for name, file in request.files.items(multi=True):
        yield name
        yield file.filename or ""
