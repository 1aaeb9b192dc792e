"""An entry in the words of schema.org, as search engines read it in a page."""

import json
from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.sdopen import codes
from ckanext.sdopen.linked_data import addresses, csvw, vocabulary
from ckanext.sdopen.standard import classes
from ckanext.sdopen.standard.addresses import link_of

Entry = Mapping[str, Any]


def _without_empty(thing: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in thing.items() if value not in (None, "", [], {})}


def _organization(shown: Entry) -> dict[str, Any] | None:
    organization = shown.get("organization")
    if not organization:
        return None
    contact = {"@type": "ContactPoint", "telephone": shown.get("contact_phone")}
    contact |= {"email": shown.get("contact_email"), "contactType": "customer service"}
    reached = shown.get("contact_phone") or shown.get("contact_email")
    return _without_empty(
        {
            "@type": "GovernmentOrganization",
            "@id": addresses.department(organization["id"]),
            "name": organization["title"],
            "identifier": shown.get("provider_code"),
            "contactPoint": _without_empty(contact) if reached else None,
        }
    )


def _place(shown: Entry) -> dict[str, Any] | None:
    if shown.get("region") not in codes.regions():
        return None
    name = codes.load("regions").label(shown["region"], "zh")
    return {"@type": "AdministrativeArea", "identifier": shown["region"], "name": name}


def _download(shown: Entry, resource: Mapping[str, Any]) -> dict[str, Any]:
    ending = str(resource.get("format") or "")
    media = vocabulary.media_type(ending)
    return _without_empty(
        {
            "@type": "DataDownload",
            "name": resource.get("name"),
            "contentUrl": addresses.foreign(link_of(resource)) or addresses.page(shown),
            "encodingFormat": media.split("media-types/")[1] if media else ending,
        }
    )


def _common(shown: Entry) -> dict[str, Any]:
    topics = codes.load("topics")
    words = [tag.get("name") for tag in shown.get("tags") or []]
    words += [topics.label(topic, "zh") for topic in shown.get("topics") or []]
    return {
        "@context": "https://schema.org",
        "@id": addresses.entry(shown),
        "name": shown.get("title"),
        "description": shown.get("notes"),
        "url": addresses.page(shown),
        "identifier": shown.get("resource_code") or shown["id"],
        "inLanguage": "zh-Hans",
        "keywords": list(dict.fromkeys(words)),
        "datePublished": shown.get("released_on"),
        "dateModified": shown.get("updated_on") or shown.get("metadata_modified"),
        "conditionsOfAccess": codes.load("opening").label(str(shown.get("opening")), "zh"),
        "isAccessibleForFree": True if shown.get("opening") == classes.UNCONDITIONAL else None,
    }


def thing(shown: Entry) -> dict[str, Any]:
    """A catalog as schema:Dataset, an interface as schema:WebAPI."""
    if shown.get("type") == "interface":
        endpoint = addresses.served(shown.get("service_path"))
        service = {"@type": "WebAPI", "provider": _organization(shown), "areaServed": _place(shown)}
        service |= {"documentation": addresses.page(shown), "urlTemplate": endpoint}
        # what describes creative works only
        foreign = {"datePublished", "dateModified", "inLanguage", "conditionsOfAccess"}
        foreign |= {"keywords", "isAccessibleForFree"}
        kept = {name: v for name, v in _common(shown).items() if name not in foreign}
        return _without_empty({**kept, **service})
    items = [item for item in shown.get("info_items") or [] if not csvw.is_narrower(item, shown)]
    return _without_empty(
        {
            **_common(shown),
            "@type": "Dataset",
            "publisher": _organization(shown),
            "spatialCoverage": _place(shown),
            "variableMeasured": [item["name"] for item in items if item.get("name")],
            "distribution": [_download(shown, one) for one in shown.get("resources") or []],
            "includedInDataCatalog": {
                "@type": "DataCatalog",
                "name": tk.config["ckan.site_title"],
                "url": addresses.portal() + "/",
            },
        }
    )


def script(shown: Entry) -> str:
    """The text for a script element of a page: no character in it ends the element."""
    text = json.dumps(thing(shown), ensure_ascii=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text
