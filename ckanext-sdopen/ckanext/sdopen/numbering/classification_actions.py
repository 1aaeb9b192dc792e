"""Actions on the classification: the tree 类, 项, 目, 细目 and the parts of a code."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.sdopen.identifiers.resource_code import parsed
from ckanext.sdopen.numbering import classification
from ckanext.sdopen.numbering.code_actions import asked_region
from ckanext.sdopen.numbering.refusals import refuse

__all__ = [
    "sdopen_classification_show",
    "sdopen_classification_update",
    "sdopen_code_show",
]


@tk.side_effect_free
def sdopen_code_show(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Take a code apart: 类, 项, 目, 细目 and the sequence number, with their names.

    Args:
        data_dict: `code`; `region` whose classification names them (the portal's).

    Returns:
        `{"code", "prefix", "number", "parts": [{"digits", "title"}]}`, from 类 to 细目.

    Raises:
        ValidationError: the code has another shape.

    `curl "$PORTAL/api/3/action/sdopen_code_show?code=307001/000123"`
    """
    tk.check_access("sdopen_code_show", context, data_dict)
    code = parsed(str(data_dict.get("code") or ""))
    if code is None:
        refuse("code", tk._("Write a code like 307001/000123"))
    tree = classification.tree(asked_region(data_dict))
    ends = [1, 3, 6, *([len(code.prefix)] if code.detail else [])]
    digits = [code.prefix[:end] for end in ends]
    parts = [{"digits": part, "title": tree.get(part, "")} for part in digits]
    return {
        "code": str(data_dict["code"]),
        "prefix": code.prefix,
        "number": code.number,
        "parts": parts,
    }


@tk.side_effect_free
def sdopen_classification_show(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Show the classification of a region with the departments that use each prefix.

    Args:
        data_dict: `region` (the portal's).

    Returns:
        `{"region", "table": the whole table as text, "nodes": how many}`.

    Raises:
        ValidationError: no such region.

    `curl "$PORTAL/api/3/action/sdopen_classification_show?region=370100"`
    """
    tk.check_access("sdopen_classification_show", context, data_dict)
    region = asked_region(data_dict)
    table = classification.written(region)
    return {"region": region, "table": table, "nodes": table.count("\n") - 1}


def sdopen_classification_update(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Replace the classification of a region and the prefixes of its departments.

    Args:
        data_dict: `region` (the portal's); `table`: the whole table as text, columns 代码, 名称,
            使用单位 (names or codes of departments, separated by 、), tabs or commas between them.

    Returns:
        `{"region", "nodes": how many}`.

    Raises:
        ValidationError: a row is wrong; the message names its line, nothing was changed.
        NotAuthorized: the caller is no data authority of the region.

    `curl -H "Authorization: $TOKEN" $PORTAL/api/3/action/sdopen_classification_update -d @t.json`
    """
    region = asked_region(data_dict)
    tk.check_access("sdopen_classification_update", context, {"region": region})
    try:
        nodes = classification.parse(str(tk.get_or_bust(data_dict, "table")))
    except classification.ClassificationError as error:
        raise tk.ValidationError({"table": [str(error)]}) from None
    named = classification.departments_named(
        {n for node in nodes for n in node.departments}, region
    )
    unknown = sorted({n for node in nodes for n in node.departments} - set(named))
    if unknown:
        message = tk._("These are no departments of the region: {names}")
        refuse("table", message.format(names="、".join(unknown[:10])))
    classification.replace(region, nodes, named)
    model.repo.commit()
    return {"region": region, "nodes": len(nodes)}
