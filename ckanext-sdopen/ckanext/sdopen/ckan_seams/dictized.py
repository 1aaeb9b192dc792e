"""A stored package as CKAN's package_dictize gives it, without a query."""

import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import munge
from flask import has_request_context

from ckanext.sdopen.ckan_seams.rows import Row, Stored

_ID = "00000000-0000-4000-8000-000000000000"
_RESOURCE, _FILE = _ID.replace("0", "1"), "name.ext"


def _plain(row: Row) -> Row:
    """The values as `table_dictize` gives them: moments in ISO form."""
    return {
        name: value.isoformat() if isinstance(value, datetime.datetime) else value
        for name, value in row.items()
    }


@lru_cache(maxsize=32)
def _download_address(kind: str, site_url: str, root_path: str | None) -> str:
    return str(
        tk.url_for(
            f"{kind}_resource.download",
            id=_ID,
            resource_id=_RESOURCE,
            filename=_FILE,
            _external=True,
        )
    )


def _download(kind: str, package_id: str, resource_id: str, url: str) -> str:
    """Where an uploaded file is fetched; the route is asked for once where no request says more."""
    filename = munge.munge_filename(url.rsplit("/")[-1])
    named = {"id": package_id, "resource_id": resource_id, "filename": filename}
    whole = package_id + resource_id + filename
    if has_request_context() or not whole.replace("-", "").replace(".", "").isalnum():
        return str(tk.url_for(f"{kind}_resource.download", **named, _external=True))
    pattern = _download_address(kind, tk.config["ckan.site_url"], tk.config.get("ckan.root_path"))
    for placed, value in ((_ID, package_id), (_RESOURCE, resource_id), (_FILE, filename)):
        pattern = pattern.replace(placed, value)
    return pattern


def _resource(row: Row, package: Row) -> Row:
    shown = _plain(row)
    extras = shown.pop("extras", None)
    if extras:
        shown.update(extras)
    url = shown["url"]
    if shown.get("url_type") == "upload":
        kind = package["type"] or "dataset"
        shown["url"] = _download(kind, row["package_id"], row["id"], url)
    elif url and not url.startswith(("http://", "https://")) and not urlsplit(url).scheme:
        shown["url"] = "http://" + url.lstrip("/")
    return shown


def _tags(stored: Stored) -> list[Row]:
    return [
        {
            "id": tag["id"],
            "name": tag["name"],
            "vocabulary_id": tag["vocabulary_id"],
            "state": "active",
            "display_name": tag["name"],
        }
        for tag in sorted(stored.tags, key=lambda tag: tag["name"])
    ]


def _licence(licence_id: str | None) -> dict[str, Any]:
    licence = model.Package.get_license_register().get(licence_id) if licence_id else None
    if licence is None:
        return {"isopen": False, "license_title": licence_id}
    found = {"isopen": bool(licence.isopen()), "license_title": licence.title}
    if licence.url:
        found["license_url"] = licence.url
        found["license_title"] = licence.title.split("::")[-1]
    return found


def dictized(stored: Stored) -> dict[str, Any]:
    """What `ckan.lib.dictization.model_dictize.package_dictize` gives of the package.

    Not for packages with groups or relationships (`Stored.related`).
    """
    package = stored.package
    shown = _plain(package)
    shown.pop("plugin_data", None)
    if shown["title"]:
        shown["title"] = shown["title"].strip()
    shown["extras"] = [{"key": k, "value": v} for k, v in stored.extras.items()]
    resources = sorted(stored.resources, key=lambda row: row["position"])
    shown["resources"] = [_resource(row, package) for row in resources]
    shown["num_resources"] = len(resources)
    shown["tags"] = _tags(stored)
    shown["num_tags"] = len(stored.tags)
    shown["groups"] = []
    owner = stored.organization
    shown["organization"] = (
        _plain({k: v for k, v in owner.items() if k != "extras"}) if owner else None
    )
    shown["relationships_as_subject"] = []
    shown["relationships_as_object"] = []
    shown["type"] = package["type"] or "dataset"
    return shown | _licence(package["license_id"])
