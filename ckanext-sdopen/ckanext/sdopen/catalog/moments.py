"""Days and moments as parameters of a request."""

from datetime import UTC, datetime

import ckan.plugins.toolkit as tk


def moment(text: str, name: str) -> datetime:
    """A day or moment of ISO 8601 in UTC; ValidationError on the parameter otherwise."""
    try:
        # a plus sign that was not escaped arrives as a blank
        written = text.strip().replace(" ", "+") if "T" in text else text.strip()
        found = datetime.fromisoformat(written)
        utc = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        utc = None
    if utc is None or utc.year < 1000:
        message = tk._('"{text}" is no time; write it like 2026-01-31 or 2026-01-31T08:00:00Z')
        raise tk.ValidationError({name: [message.format(text=text[:100])]})
    return utc
