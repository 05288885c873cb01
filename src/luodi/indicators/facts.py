"""Facts of the indicators: what printed trace numbers open. Found by the ledger at start."""

from __future__ import annotations

from luodi.ledger.registry import declare
from luodi.ledger.values import FactType

# A paper's numbers in one fact: what each asks for stands in its details, so that a printed number opens it for ever.
VALUES_REFERENCED = declare(FactType("indicators.values.referenced", 1))
