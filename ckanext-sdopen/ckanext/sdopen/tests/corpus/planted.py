"""Entries of every class and state with canary words in every part, and readers of every role."""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action
from ckanext.activity.model import Activity
from werkzeug.datastructures import FileStorage

from ckanext.sdopen.access import visibility
from ckanext.sdopen.tests.corpus.elements import filled
from ckanext.sdopen.tests.corpus.examples import as_site, catalog, department, editor_of, interface

CLASSES: dict[str, dict[str, str]] = {
    "open": {"sharing": "unconditional", "opening": "unconditional"},
    "open_conditional": {
        "sharing": "unconditional",
        "opening": "conditional",
        "opening_condition": "实名认证",
    },
    "shared": {"sharing": "unconditional", "opening": "none", "closing_basis": "《条例》第九条"},
    "shared_conditional": {
        "sharing": "conditional",
        "sharing_condition": "说明用途",
        "opening": "none",
        "closing_basis": "《条例》第九条",
    },
    "closed": {
        "sharing": "none",
        "sharing_condition": "《统计法》第二十五条",
        "opening": "none",
        "closing_basis": "《统计法》第二十五条",
    },
}
# what only those who may change an entry see of it
HISTORY = "history"
# of a removed file: what they may come across in its past, and what nobody sees any more
PAST, GONE = "past", "gone"


@dataclass
class Planted:
    """An entry with its canaries: {word: part of the visibility table, or HISTORY}."""

    number: int
    class_name: str
    state: str
    kind: str
    id: str = ""
    name: str = ""
    resource_id: str = ""
    # of a file that was removed
    removed_id: str = ""
    view_id: str = ""
    activity_ids: list[str] = field(default_factory=list)
    words: dict[str, str] = field(default_factory=dict)

    def word(self, stem: str, part: str) -> str:
        """A canary that stands nowhere else."""
        word = f"zq{stem}{self.number:02d}{self.kind[0]}qz"
        self.words[word] = part
        return word

    def expected(self, role: str, edits: bool) -> set[str]:
        """The canaries that a reader of a role finds; every reader is anonymous, too."""
        roles = {role, visibility.ANONYMOUS}
        if role in (visibility.MEMBER, visibility.AUTHORITY):
            roles.add(visibility.GOVERNMENT)
        seen = visibility.parts(self.state, self.class_name, roles)
        return {w for w, part in self.words.items() if part in seen or (part == HISTORY and edits)}


@dataclass
class World:
    """What was planted, and who looks for it: {role: user name, none for anonymous}.

    `strangers` work elsewhere: whatever they are there, they read here like any government account.
    """

    bureau: dict[str, Any]
    catalogs: list[Planted]
    interfaces: list[Planted]
    readers: dict[str, str]
    strangers: dict[str, str]
    tokens: dict[str, str]

    @property
    def entries(self) -> list[Planted]:
        """Everything planted."""
        return [*self.catalogs, *self.interfaces]

    def headers(self, role: str) -> dict[str, str]:
        """The headers of a reader's request."""
        return {"Authorization": self.tokens[role]} if self.tokens[role] else {}


def _strangers() -> dict[str, str]:
    """A cataloguer of the same county, and who publishes in another city."""
    neighbour = department("历下区教育局", "370102")
    elsewhere = department("青岛市大数据局", "370200", is_authority=True)
    found = {
        "cataloguer": editor_of(neighbour),
        "authority elsewhere": editor_of(elsewhere, "admin"),
    }
    return {who: str(user["name"]) for who, user in found.items()}


def _create_in_state(planted: Planted, creator: str, payload: dict[str, Any]) -> None:
    """Create an entry as its creator, change its title once, and bring it to its state."""
    trusted = {"user": creator, "ignore_auth": True}
    state = "draft" if planted.state == visibility.DRAFT else "active"
    first = {**payload, "state": state, "title": planted.word("old", HISTORY)}
    made = call_action("package_create", dict(trusted), **first)
    planted.id, planted.name = made["id"], made["name"]
    title = planted.word("title", visibility.ENTRY)
    call_action("package_patch", dict(trusted), id=planted.id, title=title)


def _finished(planted: Planted) -> None:
    if planted.state == visibility.WITHDRAWN:
        reason = planted.word("reason", visibility.ENTRY)
        call_action("sdopen_entry_withdraw", as_site(), id=planted.id, reason=reason)
    query = model.Session.query(Activity.id).filter(Activity.object_id == planted.id)
    planted.activity_ids = [row[0] for row in query.order_by(Activity.timestamp).limit(2)]


def _file(planted: Planted, stem: str, parts: dict[str, str]) -> str:
    """The id of a file with a table and words that belong to parts of the visibility table."""
    content = f"公开项\n{planted.word(f'{stem}file', parts[visibility.FILE])}\n".encode()
    file_name = f"{planted.word(f'{stem}path', parts[visibility.FILE])}.csv"
    resource = call_action(
        "resource_create",
        as_site(),
        package_id=planted.id,
        name=planted.word(f"{stem}resource", parts[visibility.ENTRY]),
        description=planted.word(f"{stem}about", parts[visibility.ENTRY]),
        url=file_name,
        url_type="upload",
        format="CSV",
        upload=FileStorage(io.BytesIO(content), file_name),
    )
    call_action(
        "datastore_create",
        as_site(),
        resource_id=resource["id"],
        force=True,
        fields=[{"id": "公开项", "type": "text"}],
        records=[{"公开项": planted.word(f"{stem}value", parts[visibility.TABLE])}],
    )
    return str(resource["id"])


def _catalog(planted: Planted, owner: str, creator: str) -> None:
    item = planted.word("item", visibility.ITEMS)
    payload = catalog(
        owner,
        resource_code=f"307001/7{planted.number:05d}",
        notes=planted.word("notes", visibility.ENTRY),
        tags=[{"name": planted.word("tag", visibility.ENTRY)}],
        info_items=[{"name": item, "data_type": "C"}, {"name": "公开项", "data_type": "C"}],
        **CLASSES[planted.class_name],
    )
    _create_in_state(planted, creator, filled(payload, planted.word))
    removed = {visibility.ENTRY: PAST, visibility.FILE: GONE, visibility.TABLE: GONE}
    planted.removed_id = _file(planted, "gone", removed)
    call_action("resource_delete", as_site(), id=planted.removed_id)
    parts = {part: part for part in (visibility.ENTRY, visibility.FILE, visibility.TABLE)}
    planted.resource_id = _file(planted, "", parts)
    views = call_action("resource_view_list", as_site(), id=planted.resource_id)
    planted.view_id = (
        views[0]["id"]
        if views
        else call_action(
            "resource_view_create",
            as_site(),
            resource_id=planted.resource_id,
            title=planted.word("view", visibility.FILE),
            view_type="datatables_view",
        )["id"]
    )


def _interface(planted: Planted, owner: str, creator: str) -> None:
    payload = interface(
        owner,
        resource_code=f"307001/8{planted.number:05d}",
        notes=planted.word("notes", visibility.ENTRY),
        paging="page",
        request_headers=[{"name": planted.word("header", visibility.ENTRY)}],
        request_params=[{"name": planted.word("param", visibility.ENTRY), "type": "string"}],
        response_fields=[{"name": planted.word("field", visibility.ENTRY), "type": "string"}],
        error_codes=[{"code": planted.word("code", visibility.ENTRY), "meaning": "有误"}],
        response_example=json.dumps({"data": planted.word("example", visibility.INTERFACE)}),
        **CLASSES[planted.class_name],
    )
    _create_in_state(planted, creator, filled(payload, planted.word))


def _kinds(whole: bool) -> Iterator[tuple[str, str, str]]:
    for state in visibility.STATES:
        # the table's cells of drafts and withdrawn entries are those of any class
        for name in CLASSES if whole or state == visibility.PUBLISHED else ("open", "closed"):
            yield "catalog", name, state
    for name in CLASSES:
        yield "interface", name, visibility.PUBLISHED
    yield "interface", "open", visibility.DRAFT
    yield "interface", "open", visibility.WITHDRAWN


def plant(whole: bool = True) -> World:
    """Plant an entry of each class and state in a county bureau; who made them left it since.

    Not `whole`, drafts and withdrawn ones are of two classes only.
    """
    authority = department("济南市大数据局", "370100", is_authority=True)
    bureau = department("历下区统计局", "370102")
    other = department("青岛市气象局", "370200")
    users = {
        visibility.GOVERNMENT: editor_of(other),
        visibility.MEMBER: editor_of(bureau, "member"),
        visibility.AUTHORITY: editor_of(authority, "admin"),
        visibility.CREATOR: factories.User(),
        visibility.SYSADMIN: factories.Sysadmin(),
    }
    creator = users[visibility.CREATOR]["name"]
    planted = []
    for number, (kind, class_name, state) in enumerate(_kinds(whole)):
        one = Planted(number, class_name, state, kind)
        planted.append(one)
        (_catalog if kind == "catalog" else _interface)(one, bureau["id"], creator)
        _finished(one)
    readers = {visibility.ANONYMOUS: "", **{role: user["name"] for role, user in users.items()}}
    strangers = _strangers()
    tokens = {
        role: factories.APIToken(user=name)["token"] if name else ""
        for role, name in {**readers, **strangers}.items()
    }
    catalogs = [one for one in planted if one.kind == "catalog"]
    return World(bureau, catalogs, planted[len(catalogs) :], readers, strangers, tokens)


def followed(planted: World) -> World:
    """The same, all of it followed: by readers who read it once, and by who reads all."""
    follower = planted.readers[visibility.SYSADMIN]
    for entry in planted.entries:
        call_action("follow_dataset", {"user": follower, "ignore_auth": True}, id=entry.id)
    for role in (visibility.GOVERNMENT, visibility.MEMBER, visibility.AUTHORITY):
        # they follow everything from a time when they read it
        user = model.User.get(planted.readers[role])
        for entry in planted.entries:
            model.Session.add(model.UserFollowingDataset(user.id, entry.id))
    call_action("group_create", as_site(), name="medical", title="医疗", type="topic")
    model.Session.commit()
    return planted


def called(action: str, reader: str, **parameters: Any) -> Any:
    """What an action answers a reader, with all checks."""
    context = {"user": reader, "ignore_auth": False}
    context["auth_user_obj"] = model.User.get(reader) if reader else model.AnonymousUser()
    return tk.get_action(action)(context, parameters)
