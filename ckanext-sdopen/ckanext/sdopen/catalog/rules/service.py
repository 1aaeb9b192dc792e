"""数据服务接口: rows of parameters, returned fields and error codes."""

from collections.abc import Iterator

from ckanext.sdopen.catalog.findings import Finding
from ckanext.sdopen.catalog.rules.base import Entry, Facts

# table → what names its rows
_NAMED_BY = {"request_params": "name", "response_fields": "name", "error_codes": "code"}


def rows_named(entry: Entry, facts: Facts) -> Iterator[Finding]:
    """Every row of a table bears its name, each once."""
    for table, key in _NAMED_BY.items():
        seen: dict[str, int] = {}
        for number, row in enumerate(entry.get(table) or ()):
            name = str(row.get(key) or "").strip()
            if not name:
                if any(value not in (None, "") for value in row.values()):
                    yield Finding("row_name_missing", table, {}, number, key)
                continue
            if name in seen:
                params = {"row_name": name, "first": seen[name] + 1}
                yield Finding("row_name_twice", table, params, number, key)
            seen.setdefault(name, number)
