"""Setting targets and breaking them down (S1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from luodi.codebook.values import Permission, Profile
from luodi.identity import permissions
from luodi.identity import queries as identity
from luodi.kernel.period import Period
from luodi.kernel.problem import Problem, Refused, refuse_if_any
from luodi.ledger import actions as ledger
from luodi.ledger.values import Act, Actor
from luodi.statistics import facts_workflow as facts
from luodi.statistics.rules.targets import breakdown_problems
from luodi.statistics.values.reporting import TargetPart


class CannotBreakDown(Refused):
    """The parts don't fit the whole. `problems` says why."""

    code = "target.refused"


def break_down(
    *, profile: Profile, unit: str, indicator: str, period: Period, whole: Decimal, parts: Sequence[TargetPart],
    kind: str, source: str, reason: str, actor: Actor, today: date,
) -> int:  # fmt: skip
    """
    Set a unit's target and its parts (for units below, or for months of its own year) in one act. Gives the fact.

    :raises CannotBreakDown: if parts of an additive indicator don't sum to the whole and nobody said why
    """
    permissions.require(actor.person, Permission.SET_TARGETS, unit=unit, on=today)
    chosen = profile.indicator(indicator)
    if chosen is None:
        raise CannotBreakDown(Problem("target.indicator_unknown", params={"indicator": indicator}))
    known = frozenset(identity.tree(on=today).units)
    additive = chosen.kind in ("flow", "sum")
    refuse_if_any(
        breakdown_problems(
            whole=whole, parts=parts, additive=additive, kind=kind, source=source, reason=reason, known_units=known
        ),
        CannotBreakDown,
    )
    targets = [(unit, indicator, period.label, whole, kind, source)]
    targets += [(part.unit, indicator, part.period, part.value, kind, source) for part in parts]
    total = sum((part.value for part in parts), Decimal(0))
    split = [(unit, indicator, period.label, kind, source, whole, total, reason or None)] if parts else []
    act = Act(
        facts.TARGETS_BROKEN_DOWN,
        subject=f"target:{unit}:{indicator}:{period}",
        rows={"statistics.Target": targets, "statistics.Breakdown": split},
    )
    return ledger.record([act], actor=actor)[0]
