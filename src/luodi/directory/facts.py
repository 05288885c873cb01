"""Facts of the directory: enterprises registered, names of projects settled. Found by the ledger at start."""

from __future__ import annotations

from luodi.ledger.registry import declare
from luodi.ledger.values import FactType, Table

KNOWN = ("known_at", "loaded")
ENTERPRISE_COLUMNS = ("code", "name", "uscc", "aliases", "former", *KNOWN)
ALIAS_COLUMNS = ("project", "alias")
VOID_COLUMNS = ("table", "target", "reason", *KNOWN)

ENTERPRISE_RECORDED = declare(
    FactType(
        "directory.enterprise.recorded",
        1,
        (Table("directory.Enterprise", ENTERPRISE_COLUMNS, frozenset({"name", "aliases", "former"})),),
    )
)
ALIAS_SETTLED = declare(FactType("directory.alias.settled", 1, (Table("directory.ProjectAlias", ALIAS_COLUMNS),)))
ROWS_VOIDED = declare(
    FactType("directory.rows.voided", 1, (Table("ledger.Void", VOID_COLUMNS, frozenset({"reason"})),))
)
