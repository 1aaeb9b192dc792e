"""Now and today, asked here and nowhere else; days and moments as parameters of a request."""

from datetime import UTC, date, datetime, timedelta

import ckan.plugins.toolkit as tk


def instant() -> datetime:
    """The present moment, with its zone: UTC."""
    return datetime.now(UTC)


def now() -> datetime:
    """The present moment in UTC without a zone, as CKAN keeps moments."""
    return instant().replace(tzinfo=None)


def now_of_change() -> datetime:
    """Now for an entry: with milliseconds, as Solr drops zeros and CKAN's copy would not agree."""
    found = now()
    return found if found.microsecond >= 1000 else found + timedelta(milliseconds=1)


def today() -> date:
    """The day that the portal's clock shows to its readers (`ckan.display_timezone`)."""
    return instant().astimezone(tk.h.get_display_timezone()).date()


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
