"""The columns of headings that PostgreSQL cannot name a column by.

PostgreSQL takes 63 bytes, which are 21 Chinese signs, and cuts off the rest without a word. The
column of a long heading is its beginning and a digest of it.
"""

import hashlib
from typing import Any

from ckanext.datastore.helpers import is_valid_field_name

MOST_BYTES = 63
_DIGEST = 8


def is_long(name: str) -> bool:
    """Whether a name has more bytes than PostgreSQL takes."""
    return len(name.encode()) > MOST_BYTES


def column_of(heading: Any) -> Any:
    """The column of a heading: itself where PostgreSQL can name it, or where CKAN refuses it."""
    if not isinstance(heading, str) or not is_long(heading) or not is_valid_field_name(heading):
        return heading
    digest = hashlib.sha256(heading.encode()).hexdigest()[:_DIGEST]
    begin = heading.encode()[: MOST_BYTES - _DIGEST - 1].decode(errors="ignore")
    return f"{begin.rstrip()}_{digest}"
