"""Acts with forms of the moment 临时报表: sent, filed, reminded, sent back, ended, made regular."""

from __future__ import annotations

from luodi.ledger.registry import declare
from luodi.ledger.values import FactType, Table

SENT = Table(
    "statistics.MomentForm",
    ("title", "unit", "subject", "sent_on", "due_on", "closes_on", "basis", "number", "note"),
    texts=frozenset({"title", "basis", "number", "note"}),
)
COLUMN = Table(
    "statistics.MomentColumn",
    ("target", "name", "label", "type", "filed_in", "required", "choices", "known"),
    texts=frozenset({"label"}),
)
OWED = Table("statistics.MomentOwed", ("target", "unit", "subjects"))
RETURNED = Table(
    "statistics.MomentReturn",
    ("target", "unit", "asked", "known", "filler", "telephone"),
    texts=frozenset({"filler", "telephone"}),
)
CELL = Table("statistics.MomentCell", ("target", "subject", "name", "value"), texts=frozenset({"value"}))
EVENT = Table("statistics.MomentEvent", ("target", "kind", "unit", "words"), texts=frozenset({"words"}))

MOMENT_SENT = declare(FactType("statistics.moment.sent", 1, (SENT, COLUMN, OWED)))
MOMENT_FILED = declare(FactType("statistics.moment.filed", 1, (RETURNED, CELL)))
MOMENT_REMINDED = declare(FactType("statistics.moment.reminded", 1, (EVENT,)))
MOMENT_SENT_BACK = declare(FactType("statistics.moment.sent_back", 1, (EVENT,)))
MOMENT_ENDED = declare(FactType("statistics.moment.ended", 1, (EVENT,)))
MOMENT_MADE_REGULAR = declare(FactType("statistics.moment.made_regular", 1, (EVENT,)))
