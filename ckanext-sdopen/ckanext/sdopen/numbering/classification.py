"""The tree 类, 项, 目, 细目 and the prefixes of departments, as the data authority maintains them.

One table of text holds both, so that it is changed on the portal and by file alike: a row has the
digits of a node, its name, and the departments that count their codes under it.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ckan import model
from sqlalchemy import ScalarSelect, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from ckanext.sdopen import codes
from ckanext.sdopen.errors import SdopenError
from ckanext.sdopen.numbering.model import classification, prefixes

HEADER = ("代码", "名称", "使用单位")
SEPARATOR = "、"
# 类 1, 项 2, 目 3 digits, then 细目 of any length
_LEVELS = (1, 3, 6)
_LONGEST, _MOST = 30, 20_000


class ClassificationError(SdopenError):
    """A row of the table that cannot be used; names the line and what to do."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"第 {line} 行：{reason}")
        self.line = line


@dataclass(frozen=True, slots=True)
class Node:
    """One node: its digits from 类 on, its name, the departments (as written) that use it."""

    code: str
    title: str
    departments: tuple[str, ...] = ()


def parse(table: str) -> list[Node]:
    """Read the table, tabs or commas between the columns.

    Raises:
        ClassificationError: names the first line that is wrong.
    """
    text = table.lstrip("\ufeff")
    head = text.split("\n", 1)[0]
    rows = csv.reader(io.StringIO(text), delimiter="\t" if "\t" in head else ",")
    nodes: list[Node] = []
    seen: dict[str, int] = {}
    for number, cells in enumerate(rows, start=1):
        cells = [cell.strip() for cell in cells]
        if number == 1:
            if tuple(cells[:3]) != HEADER:
                raise ClassificationError(1, f"表头应为：{'，'.join(HEADER)}。")
            continue
        if not any(cells):
            continue
        nodes.append(_node(cells, number, seen))
        if len(nodes) > _MOST:
            raise ClassificationError(number, f"超过 {_MOST} 行，请检查文件。")
    for node in nodes:
        parent = _parent(node.code)
        if parent and parent not in seen:
            raise ClassificationError(seen[node.code], f"“{node.code}”的上级“{parent}”不在表中。")
    return nodes


def _node(cells: list[str], number: int, seen: dict[str, int]) -> Node:
    code, title, users = (*cells, "", "", "")[:3]
    if not code.isascii() or not code.isdigit() or len(code) > _LONGEST or code[0] not in "123":
        raise ClassificationError(number, f"代码“{code}”应以 1、2 或 3 开头，全部由数字组成。")
    if len(code) not in _LEVELS and len(code) < _LEVELS[-1]:
        raise ClassificationError(number, f"代码“{code}”应为类 1 位、项 3 位或目 6 位以上。")
    if code in seen:
        raise ClassificationError(number, f"代码“{code}”与第 {seen[code]} 行重复。")
    if not title:
        raise ClassificationError(number, f"代码“{code}”没有名称。")
    seen[code] = number
    named = tuple(dict.fromkeys(name.strip() for name in users.split(SEPARATOR) if name.strip()))
    return Node(code, title, named)


def _parent(code: str) -> str:
    shorter = [length for length in _LEVELS if length < len(code)]
    return code[: shorter[-1]] if shorter else ""


def replace(region: str, nodes: Iterable[Node], organizations: Mapping[str, str]) -> None:
    """Replace the tree of a region and the prefixes of its departments; no commit.

    `organizations`: id of each department that a node names.
    """
    listed = list(nodes)
    model.Session.execute(delete(classification).where(classification.c.region == region))
    if listed:
        rows = [{"region": region, "code": n.code, "title": n.title} for n in listed]
        model.Session.execute(insert(classification), rows)
    mine = select(model.Group.id).where(model.Group.extras["region"].astext == region)
    model.Session.execute(delete(prefixes).where(prefixes.c.organization_id.in_(mine)))
    used = [
        {"organization_id": organizations[name], "prefix": node.code}
        for node in listed
        for name in node.departments
    ]
    if used:
        model.Session.execute(insert(prefixes).on_conflict_do_nothing(), used)


def tree(region: str) -> dict[str, str]:
    """{digits: name} of a region's tree, or of the nearest region above that has one."""
    for code in codes.path(region) if region in codes.regions() else ():
        rows = model.Session.execute(
            select(classification.c.code, classification.c.title)
            .where(classification.c.region == code)
            .order_by(classification.c.code)
        ).all()
        if rows:
            return {row.code: row.title for row in rows}
    return {}


def prefixes_of(organization_id: str) -> list[str]:
    """The prefixes of a department, in their order."""
    rows = model.Session.execute(
        select(prefixes.c.prefix)
        .where(prefixes.c.organization_id == organization_id)
        .order_by(prefixes.c.prefix)
    )
    return [row.prefix for row in rows]


def own_prefixes(organization_id: str) -> ScalarSelect[Any]:
    """The prefixes of a department as an array, as a query; null where it has none."""
    return (
        select(func.array_agg(prefixes.c.prefix))
        .where(prefixes.c.organization_id == organization_id)
        .scalar_subquery()
    )


def knows(path: Sequence[str], prefix: str) -> ScalarSelect[Any]:
    """Whether the tree of the nearest region of a path that has one holds a prefix, as a query.

    Null where no region of the path has a tree.
    """
    return (
        select(func.bool_or(classification.c.code == prefix))
        .where(classification.c.region.in_(list(path)))
        .group_by(classification.c.region)
        # 370102, 370100, 370000: the nearest region has the highest code of a path
        .order_by(classification.c.region.desc())
        .limit(1)
        .scalar_subquery()
    )


def users(region: str) -> dict[str, list[str]]:
    """{prefix: titles of the departments of the region that use it}."""
    rows = model.Session.execute(
        select(prefixes.c.prefix, model.Group.title)
        .join(model.Group, model.Group.id == prefixes.c.organization_id)
        .where(model.Group.extras["region"].astext == region)
        .order_by(prefixes.c.prefix, model.Group.title)
    )
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row.prefix, []).append(row.title)
    return found


def written(region: str) -> str:
    """The table of a region as text, as `parse` reads it."""
    used = users(region)
    lines = ["\t".join(HEADER)]
    lines += [
        f"{code}\t{title}\t{SEPARATOR.join(used.get(code, ()))}"
        for code, title in tree(region).items()
    ]
    return "\n".join(lines) + "\n"


def departments_named(names: Iterable[str], region: str) -> dict[str, str]:
    """{name as written: id} of the departments of a region, by title, name or 信用代码."""
    wanted = set(names)
    if not wanted:
        return {}
    group = model.Group
    rows = model.Session.execute(
        select(
            group.id, group.name, group.title, group.extras["provider_code"].astext.label("code")
        )
        .where(group.is_organization.is_(True), group.state == model.State.ACTIVE)
        .where(group.extras["region"].astext == region)
    )
    found: dict[str, str] = {}
    for row in rows:
        found.update({name: row.id for name in (row.title, row.name, row.code) if name in wanted})
    return found
