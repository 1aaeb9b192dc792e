"""Index anew the entries that an account of many departments reads, when its departments change."""

from collections.abc import Iterator

from ckan import model
from ckan.lib import search
from ckan.logic import index_update_package
from ckan.types import Context
from sqlalchemy import or_

from ckanext.sdopen import codes
from ckanext.sdopen.catalog import labels, scopes

_BATCH = 200


def _within(region: str) -> list[str]:
    return [code for code in codes.regions() if region in codes.path(code)]


def _ids(own: list[str]) -> Iterator[list[str]]:
    """Ids, by batches, of the entries that are not public and carry one of the labels."""
    departments = [one.removeprefix("member-") for one in own if one.startswith("member-")]
    governed = [one.removeprefix("authority-") for one in own if one.startswith("authority-")]
    regions = sorted({code for region in governed for code in _within(region)})
    package, last = model.Package, ""
    while True:
        rows = (
            model.Session.query(package.id)
            .filter(
                package.id > last,
                or_(package.private.is_(True), package.state != model.State.ACTIVE),
                package.state != model.State.DELETED,
                or_(
                    package.owner_org.in_(departments),
                    package.extras["region"].astext.in_(regions),
                ),
            )
            .order_by(package.id)
            .limit(_BATCH)
        )
        found = [row[0] for row in rows]
        if not found:
            return
        last = found[-1]
        yield found


def index_for(user_id: str) -> int:
    """Index the entries of an account's departments and regions; how many they were."""
    scopes.forget()
    user = model.User.get(user_id)
    if user is None:
        return 0
    own = [one for one in labels.all_user_labels(user) if one.startswith(("member-", "authority-"))]
    done = 0
    for ids in _ids(own):
        for entry_id in ids:
            index_update_package(Context(ignore_auth=True), entry_id, True)
        model.Session.remove()
        done += len(ids)
    search.commit()
    return done
