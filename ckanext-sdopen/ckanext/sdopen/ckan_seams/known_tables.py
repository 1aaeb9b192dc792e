"""Whether CKAN's tables are those that the statements of this package were written for."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping

from ckan import model
from ckan.plugins import plugin_loaded
from sqlalchemy import text

# of CKAN 2.12.0 and its activity plugin
KNOWN: Mapping[str, str] = {
    "activity": "e22fd55484f49447",
    "group": "9824420aa56521e9",
    "member": "6630738f685f1fb7",
    "package": "4f1b289366d4b869",
    "package_relationship": "f004d429992fef87",
    "package_tag": "6cb04ae09f20859e",
    "resource": "e32857c2f2cd94a6",
    "tag": "23ba7b5e32788edf",
}
# what takes, refuses or changes a row: columns, constraints, indexes that may refuse, triggers.
# Left out: names, which an upgraded database has others of; plain indexes, which an operator may
# add; NOT NULL as a constraint, as PostgreSQL 18 lists it beside its column; triggers of ours
_PARTS = text(
    """
    WITH known AS (
        SELECT c.oid, c.relname, c.relrowsecurity FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'public' AND c.relname = ANY(:tables)
    )
    SELECT relname, concat_ws(' ', 'column', a.attname, format_type(a.atttypid, a.atttypmod),
        a.attnotnull, a.attgenerated, a.attidentity, pg_get_expr(d.adbin, d.adrelid))
    FROM known JOIN pg_attribute a ON a.attrelid = known.oid
    LEFT JOIN pg_attrdef d ON d.adrelid = known.oid AND d.adnum = a.attnum
    WHERE a.attnum > 0 AND NOT a.attisdropped
    UNION ALL
    SELECT relname, concat_ws(' ', 'constraint', pg_get_constraintdef(k.oid), k.convalidated)
    FROM known JOIN pg_constraint k ON k.conrelid = known.oid WHERE k.contype <> 'n'
    UNION ALL
    SELECT relname, concat_ws(' ', 'index', i.indisunique, i.indisvalid,
        substring(pg_get_indexdef(i.indexrelid) FROM ' USING .*$'))
    FROM known JOIN pg_index i ON i.indrelid = known.oid
    WHERE i.indisunique OR i.indexprs IS NOT NULL OR i.indpred IS NOT NULL
    UNION ALL
    SELECT relname, concat_ws(' ', 'trigger', t.tgenabled,
        regexp_replace(pg_get_triggerdef(t.oid), '^CREATE (CONSTRAINT )?TRIGGER [^ ]+ ', ''))
    FROM known JOIN pg_trigger t ON t.tgrelid = known.oid
    WHERE NOT t.tgisinternal AND NOT starts_with(t.tgname, 'sdopen_')
    UNION ALL
    SELECT relname, concat_ws(' ', 'rule', pg_get_ruledef(r.oid))
    FROM known JOIN pg_rewrite r ON r.ev_class = known.oid
    UNION ALL
    SELECT relname, 'row security' FROM known WHERE relrowsecurity
    """
)


def fingerprints() -> dict[str, str]:
    """{table: hash of all that takes, refuses or changes its rows} of the tables here."""
    lines: dict[str, list[str]] = defaultdict(list)
    for table, part in model.Session.execute(_PARTS, {"tables": list(KNOWN)}):
        lines[table].append(part)
    return {
        table: hashlib.sha256("\n".join(sorted(parts)).encode()).hexdigest()[:16]
        for table, parts in lines.items()
    }


def wanted() -> dict[str, str]:
    """{table: known hash} of the tables that the plugins loaded now need."""
    return {t: h for t, h in KNOWN.items() if t != "activity" or plugin_loaded("activity")}
