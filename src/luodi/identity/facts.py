"""Facts of units, people, posts and tokens. Found by the ledger at start. Names and telephones stand as commitments only."""

from __future__ import annotations

from luodi.ledger.registry import declare
from luodi.ledger.values import FactType, Table

KNOWN = ("known_at", "loaded")

UNIT_COLUMNS = ("code", "name", "parent", "kind", "group", "successor", "valid_from", "valid_to", *KNOWN)
PERSON_COLUMNS = ("person", "name", "phone", "left_on")
POST_COLUMNS = ("person", "unit", "role", "title", "valid_from", "valid_to")
TOKEN_COLUMNS = ("token", "person", "digest", "label", "valid_to")
VOID_COLUMNS = ("table", "target", "reason", *KNOWN)

UNIT_RECORDED = declare(FactType("identity.unit.recorded", 1, (Table("identity.UnitVersion", UNIT_COLUMNS),)))
PERSON_RECORDED = declare(
    FactType("identity.person.recorded", 1, (Table("identity.Person", PERSON_COLUMNS, frozenset({"name", "phone"})),))
)
POST_GIVEN = declare(FactType("identity.post.given", 1, (Table("identity.Post", POST_COLUMNS),)))
POST_ENDED = declare(FactType("identity.post.ended", 1, (Table("identity.Post", POST_COLUMNS),)))
TOKEN_ISSUED = declare(FactType("identity.token.issued", 1, (Table("identity.ApiToken", TOKEN_COLUMNS),)))
TOKEN_REVOKED = declare(FactType("identity.token.revoked", 1, (Table("identity.ApiToken", TOKEN_COLUMNS),)))
ROWS_VOIDED = declare(FactType("identity.rows.voided", 1, (Table("ledger.Void", VOID_COLUMNS, frozenset({"reason"})),)))
