"""Facts of papers: one was made. (Trace numbers printed on it are a fact of the indicators, which open them.)"""

from __future__ import annotations

from luodi.indicators.facts import VALUES_REFERENCED
from luodi.ledger.registry import declare
from luodi.ledger.values import FactType

# Details: kind, period, edition, checking, unit, title, digest (SHA-256 of the file), seal, references (how many). The file itself
# is not kept: it may hold names that the law wants erased one day, and can be made again.
PAPER_MADE = declare(FactType("documents.paper.made", 1))
REFERENCES_PRINTED = VALUES_REFERENCED
