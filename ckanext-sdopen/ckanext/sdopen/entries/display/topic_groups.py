"""What an entry shows besides what is stored."""

from typing import Any

from ckanext.sdopen import codes
from ckanext.sdopen.standard.elements import KIND_OF_TYPE


def topic_groups(topics: list[str]) -> list[dict[str, str]]:
    """The topics as CKAN shows groups, named by the code list: no query.

    Always by their official Chinese names, as a group of the database would be: what is shown is
    stored in the index and must not depend on the language of the last editor.
    """
    known = codes.load("topics")
    return [
        {
            "name": topic,
            "type": "topic",
            "title": known.label(topic, "zh"),
            "display_name": known.label(topic, "zh"),
        }
        for topic in topics
        if topic in known
    ]


def complete_entry(entry: dict[str, Any]) -> None:
    """Show an entry's topics in the active set, and the groups that they are."""
    topics = entry.get("topics")
    if entry.get("type") in KIND_OF_TYPE and isinstance(topics, list):
        entry["topics"] = codes.topic_codes(map(str, topics))
        entry["groups"] = topic_groups(entry["topics"])
