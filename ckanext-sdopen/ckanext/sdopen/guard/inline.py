"""What CKAN's own pages hold of scripts and styles within their HTML, to the letter.

A policy names each by its hash, so that a browser takes it and nothing else: on pages behind a
login and in views of files only. Where CKAN changes one, a test in a browser shows it.
"""

import base64
import hashlib
from collections.abc import Iterable

_BY_ID = "document.getElementById('{}').{};"


def _steps(indent: int, *steps: str) -> str:
    """The text of an attribute that has each step on a line of its own, as CKAN writes it."""
    margin = "\n" + " " * indent
    return margin + margin.join(steps) + "\n" + " " * max(indent - 2, 0)


def _removed(first_button: str, emptied: str) -> str:
    steps = (
        _BY_ID.format("resource-url-none", "checked = true"),
        _BY_ID.format(first_button, "focus()"),
        emptied,
    )
    return _steps(6, *steps)


_UPLOAD = "$('#field-resource-upload')"

# attributes `style`
STYLES = (
    "width:100%",
    "font-size:150%;font-weight:bold;",
    "width: 100%",
    " display:none;",
    "display:none;",
    "display: none;",
    "display: block",
    "margin-bottom: 15px;",
    "margin-top: 25px;",
    "word-break:break-all;",
)
# attributes `onclick` and `onchange`
SCRIPTS = (
    # user/snippets/api_token_list.html
    "$('#revoke-tokens-button').attr('disabled', !$('[name=token]:checked').length)",
    # package/snippets/resource_upload_field.html
    _removed("resource-upload-button", f"{_UPLOAD}.replaceWith({_UPLOAD}.val('').clone(true))"),
    _removed("resource-upload-button", "$('#field-resource-url').val('')"),
    _removed("resource-link-button", "$('#field-resource-url').val('')"),
    _steps(
        14,
        _BY_ID.format("resource-url-upload", "checked = true"),
        _BY_ID.format("field-resource-upload", "click()"),
    ),
    _steps(
        14,
        _BY_ID.format("resource-url-link", "checked = true"),
        _BY_ID.format("field-resource-url", "focus()"),
    ),
    _steps(
        18,
        _BY_ID.format("field-clear-upload", "checked = true"),
        _BY_ID.format("field-resource-upload", "focus()"),
    ),
)


def hashes(texts: Iterable[str]) -> tuple[str, ...]:
    """The sources of a policy that allow these texts as attributes."""
    digests = (hashlib.sha256(text.encode()).digest() for text in texts)
    return (
        "'unsafe-hashes'",
        *(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests),
    )
