"""What the forms and the tables of elements ask for."""

from collections.abc import Iterable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.sdopen import codes
from ckanext.sdopen.entries.display import sections
from ckanext.sdopen.language import SchemaField, label, language

__all__ = [
    "sdopen_code_choices",
    "sdopen_entry_elements",
    "sdopen_form_problems",
    "sdopen_form_title",
    "sdopen_region_choices",
    "sdopen_table_rows",
]


def sdopen_code_choices(field: SchemaField) -> list[dict[str, str]]:
    """{value, label} of each value of the code list that the field names."""
    if not field.get("codes"):
        return []
    return [
        {"value": code.value, "label": code.label(language())}
        for code in codes.load(field["codes"])
    ]


def sdopen_region_choices() -> list[dict[str, str]]:
    """{value, label} of each region; a label names the regions above: 山东省 济南市 历下区."""
    known = codes.load("regions")
    return [
        {
            "value": code,
            "label": " ".join(known.label(c, language()) for c in reversed(codes.path(code))),
        }
        for code in codes.regions()
    ]


def sdopen_form_title(entry_type: str, data: Mapping[str, Any]) -> str:
    """The heading of the form of a catalog or an interface."""
    if entry_type == "interface":
        return tk._("Edit the interface") if data.get("id") else tk._("New interface")
    return tk._("Edit the catalog") if data.get("id") else tk._("New catalog")


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def _posted_rows(table: str, data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Rows as a form posts them: `info_items-3-name`; numbers may have gaps."""
    rows: dict[int, dict[str, Any]] = {}
    for key, value in data.items():
        parts = str(key).split("-", 2)
        if len(parts) == 3 and parts[0] == table and parts[1].isdigit():
            rows.setdefault(int(parts[1]), {})[parts[2]] = value
    return [rows[number] for number in sorted(rows)]


def sdopen_table_rows(
    field: SchemaField, data: Mapping[str, Any], errors: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """{cells, errors} of each row of a table in a form; one blank row where there is none."""
    name = field["field_name"]
    stored = data.get(name)
    rows = _posted_rows(name, data) or (stored if isinstance(stored, list) else []) or [{}]
    problems = errors.get(name) or []
    found = []
    for number, row in enumerate(rows):
        problem = problems[number] if number < len(problems) else {}
        cells = {key: _shown(value) for key, value in row.items()}
        found.append({"cells": cells, "errors": problem if isinstance(problem, Mapping) else {}})
    return found


def _problem_texts(problem: Any) -> list[str]:
    if isinstance(problem, Mapping):
        return [text for value in problem.values() for text in _problem_texts(value)]
    if isinstance(problem, list):
        return [text for value in problem for text in _problem_texts(value)]
    return [str(problem)]


def sdopen_form_problems(
    errors: Mapping[str, Any], fields: Iterable[SchemaField]
) -> list[dict[str, str]]:
    """{field, label, text} of each error of a form, in the order of its elements."""
    left = dict(errors or {})
    found = []
    for field in fields:
        name = field["field_name"]
        for text in dict.fromkeys(_problem_texts(left.pop(name, []))):
            found.append({"field": name, "label": label(field), "text": text})
    for name, problem in left.items():
        where = "tag_string" if name == "tags" else name
        labels = {"tags": tk._("Tags"), "resources": tk._("Data")}
        for text in dict.fromkeys(_problem_texts(problem)):
            found.append({"field": where, "label": labels.get(name, name), "text": text})
    return found


def sdopen_entry_elements(entry: Mapping[str, Any]) -> list[sections.Section]:
    """Every element of an entry by section, decoded, in the order of its schema."""
    schema = tk.h.scheming_get_dataset_schema(entry["type"])
    return sections.sections(schema, entry, _served(entry))


def _served(entry: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The catalog that an interface serves, unless this reader may not see it."""
    if not entry.get("catalog"):
        return None
    try:
        catalog: Mapping[str, Any] = tk.get_action("package_show")({}, {"id": entry["catalog"]})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return None
    return catalog
