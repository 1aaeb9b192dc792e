"""The resources of a single write, which is refused where one has no sound address."""

from collections.abc import Iterable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.sdopen import notices
from ckanext.sdopen.entries.files import arriving, receiving
from ckanext.sdopen.language import language
from ckanext.sdopen.standard.findings import Finding, sentence


def taken(
    sent: Iterable[dict[str, Any]], stored: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The resources as they go on; what is remarked stands on the next page.

    Raises:
        ValidationError: an address or a file is not taken; it is named at its resource.
    """
    resources, wrong, remarks = arriving.checked(sent, stored)
    problems = [
        _problem(resource, finding) for resource, finding in zip(resources, wrong, strict=True)
    ]
    if any(problems):
        raise tk.ValidationError({"resources": problems})
    notices.add(map(arriving.mild, remarks))
    return resources


def _problem(resource: Mapping[str, Any], finding: Finding | None) -> dict[str, list[str]]:
    if finding:
        return {"url": [sentence(finding, language())]}
    upload = resource.get("upload")
    why = receiving.refusal(upload) if receiving.is_upload(upload) else ""
    return {"upload": [why]} if why else {}
