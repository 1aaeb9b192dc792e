"""What of an arriving resource is the client's to say, and what the server's alone."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from ckanext.sdopen.entries.files.receiving import is_upload
from ckanext.sdopen.standard import addresses
from ckanext.sdopen.standard.findings import WARNING, Finding

Resource = dict[str, Any]

UPLOAD = "upload"
# of an uploaded file, and of what CKAN keeps otherwise
_OF_FILE = ("url_type", "size", "hash", "mimetype", "last_modified", "original_filename")
# the DataStore says these itself while it makes a table
_FILLING: ContextVar[bool] = ContextVar("sdopen_datastore_fills", default=False)


@contextmanager
def datastore_fills() -> Iterator[None]:
    """Let the DataStore say here that a resource is its own, and that it has a table."""
    token = _FILLING.set(True)
    try:
        yield
    finally:
        _FILLING.reset(token)


def _same(one: Any, other: Any) -> bool:
    return str(one or "") == str(other or "")


def _restore(resource: Resource, before: Mapping[str, Any], names: Iterable[str]) -> None:
    """Put back what is stored where something else was sent; what is equal stays as it was sent."""
    for name in names:
        stored = before.get(name)
        if _same(resource.get(name), stored):
            continue
        if stored in (None, ""):
            resource.pop(name, None)
        else:
            resource[name] = stored


def _keeps_file(resource: Resource, before: Mapping[str, Any]) -> bool:
    """Whether a resource that CKAN keeps the bytes of goes on giving them."""
    if resource.get("clear_upload"):
        return False
    stated = resource.get("url_type")
    if stated is not None:
        return bool(stated == before["url_type"])
    url = str(resource.get("url") or "")
    return not url or url.rsplit("/")[-1] == str(before.get("url") or "").rsplit("/")[-1]


def _has_own_url(resource: Resource, before: Mapping[str, Any]) -> bool:
    """Whether the address is the stored one, or as CKAN shows it."""
    url, stored = str(resource.get("url") or ""), str(before.get("url") or "")
    if before["url_type"] == UPLOAD:
        return url.rsplit("/")[-1] == stored.rsplit("/")[-1]
    return url == stored or addresses.is_address(url)


def settled(resource: Resource, before: Mapping[str, Any] | None) -> tuple[Resource, list[Finding]]:
    """A resource with what only the server says of it as it is stored, and what was not taken.

    Args:
        resource: as it was sent.
        before: the same resource as it is stored, with its raw address; None for a new one.
    """
    known, kept = before or {}, dict(resource)
    if _FILLING.get():
        return kept, []
    _restore(kept, known, ("datastore_active",))
    if is_upload(kept.get("upload")):
        return kept, []
    kind = known.get("url_type")
    if kind and _keeps_file(kept, known):
        _restore(kept, known, _OF_FILE)
        if not _has_own_url(kept, known):
            kept["url"] = known.get("url")
        return kept, []
    stated = kept.get("url_type")
    found = [Finding("upload_without_file", "resources")] if stated == UPLOAD else []
    if kind or stated:
        kept["url_type"] = ""
    if kind:
        # they told of the file that is not given any more
        for name in ("size", "hash", "original_filename"):
            if _same(kept.get(name), known.get(name)):
                kept[name] = ""
    return kept, found


def gives_own_bytes(resource: Mapping[str, Any]) -> bool:
    """Whether a settled resource gives what CKAN keeps itself; its address is the server's."""
    return is_upload(resource.get("upload")) or addresses.is_of_portal(resource)


def address_problem(resource: Mapping[str, Any], before: Mapping[str, Any] | None) -> str:
    """The code of the finding on the address of a settled resource; empty where it is taken.

    An address that is stored stays, as it is or as CKAN shows it, so that an entry of before can be
    edited; no page gives it as a link.
    """
    url = str(resource.get("url") or "").strip()
    if not url or gives_own_bytes(resource):
        return ""
    stored = str((before or {}).get("url") or "")
    if stored and url in (stored, addresses.shown(stored)):
        return ""
    return addresses.problem(url)


def _finding(code: str, resource: Mapping[str, Any], item: int | None) -> Finding:
    # the user part of an address may be a secret
    value = "" if code == "address_user" else str(resource.get("url") or "").strip()
    return Finding(code, "resources", {"value": value}, item, "url" if item is not None else "")


def _normal(resource: Resource) -> Resource:
    url = resource.get("url")
    if gives_own_bytes(resource) or not isinstance(url, str) or addresses.normal(url) == url:
        return resource
    return {**resource, "url": addresses.normal(url)}


def checked(
    resources: Iterable[Resource], stored: Iterable[Mapping[str, Any]]
) -> tuple[list[Resource], list[Finding | None], list[Finding]]:
    """The resources of a single write: settled, with what keeps each out, and what is remarked.

    Args:
        resources: as they were sent, with ids where they have any.
        stored: those of the entry that are active.
    """
    known = {str(one["id"]): one for one in stored}
    taken: list[Resource] = []
    wrong: list[Finding | None] = []
    remarks: list[Finding] = []
    for resource in resources:
        before = known.get(str(resource.get("id") or ""))
        kept, found = settled(resource, before)
        code = address_problem(kept, before)
        taken.append(_normal(kept))
        wrong.append(_finding(code, kept, None) if code else None)
        remarks += found
    return taken, wrong, remarks


def with_sound_addresses(
    resources: Iterable[Resource], stored: Iterable[Mapping[str, Any]] = ()
) -> tuple[list[Resource], list[Finding]]:
    """The resources of a batch's record: one whose address is not taken is left out and remarked.

    What gives CKAN's own bytes is not asked for an address, before it is settled neither.
    """
    known = {str(one["id"]): one for one in stored}
    kept: list[Resource] = []
    left_out: list[Finding] = []
    for number, resource in enumerate(resources):
        code = address_problem(resource, known.get(str(resource.get("id") or "")))
        if code:
            left_out.append(_finding(code, resource, number))
        else:
            kept.append(_normal(resource))
    return kept, [mild(finding) for finding in left_out]


def mild(finding: Finding) -> Finding:
    """The finding as a remark that keeps nothing out."""
    return Finding(finding.code, finding.field, finding.params, finding.item, finding.part, WARNING)


def address_findings(resources: Any) -> list[Finding]:
    """What is wrong with the addresses of a new entry's resources, each at its row."""
    listed = resources if isinstance(resources, list) else []
    rows = [(number, one) for number, one in enumerate(listed) if isinstance(one, dict)]
    coded = [(address_problem(one, None), one, number) for number, one in rows]
    return [_finding(code, one, number) for code, one, number in coded if code]
