"""
Simulation: a changed scheme or changed figures against a baseline; the whole pool is computed again.

The answer says who moves, by how much and why: own figures, peers' figures, or the scheme. Nothing is stored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from luodi.assessment.schemes import scoring
from luodi.assessment.schemes.data import BadData
from luodi.assessment.schemes.engine import Pool, Run
from luodi.assessment.schemes.exact import NotANumber, figure, text_of
from luodi.assessment.schemes.scoring import Case
from luodi.assessment.schemes.standing import Place, standing_of
from luodi.assessment.schemes.touching import touched
from luodi.kernel.problem import Problem, refuse_if_any, words

Changes = Mapping[tuple[str | None, str, str], str]


def read_changes(case: Case, period: str | None, written: Sequence[str]) -> dict[tuple[str | None, str, str], str]:
    """Read changes written UNIT.INPUT=VALUE. Raises BadData with every one that can't be."""
    found, problems = {}, []
    for one in written:
        target, equals, value = one.partition("=")
        unit, dot, name = target.rpartition(".")
        problem = _unfit(case, period, one, unit, name, value) if equals and dot else _bad(one)
        if problem:
            problems.append(problem)
        found[period, unit, name] = value
    refuse_if_any(problems, BadData)
    return found


def _bad(one: str) -> Problem:
    return Problem("scheme.bad_change", params={"found": one})


def _unfit(case: Case, period: str | None, one: str, unit: str, name: str, value: str) -> Problem | None:
    if unit not in case.data.periods[period].groups:
        return Problem("scheme.no_such_unit", params={"unit": unit})
    source = case.scheme.inputs.get(name)
    if source is None:
        return Problem("scheme.no_such_input", params={"input": name, "known": ", ".join(case.scheme.inputs)})
    try:
        figure(value) if source.type == "number" else None
    except NotANumber:
        return _bad(one)
    return None


def changed_pool(base: Pool, changes: Changes) -> Pool:
    """Compute a pool again with some of its figures changed, keeping what they can't touch. Raises BadData."""
    run = base.run
    names = touched(run.scheme, {name for _, _, name in changes})
    fresh = Run(
        run.scheme, run.data, run.rows, run.known_at, changes={**run.changes, **changes}, traced=run.traced, base=run,
        touched=names, cuts=run.cuts, carried=run.carried, rounds=run.rounds,
    )  # fmt: skip
    fresh.pools.update({label: pool for label, pool in run.pools.items() if label != base.period})
    fresh.reread.update(run.reread)
    fresh.standings.update({label: one for label, one in run.standings.items() if label != base.period})
    pool = fresh.pool(base.period)
    assert pool is not None  # noqa: S101
    scoring.settle(pool)
    return pool


def simulate(
    case: Case, period: str | None, *, changes: Changes | None = None, other: Case | None = None
) -> dict[str, Any]:
    """Compare a baseline with itself after `changes`, or with `other`. Raises BadData."""
    base = scoring.scored(case, period, traced=True)
    if other is not None:
        trial = scoring.scored(replace(other, changes=changes), period, traced=True)
    else:
        trial = changed_pool(base, changes or {})
    return compared(base, trial)


def compared(base: Pool, trial: Pool) -> dict[str, Any]:
    """Say who moves between two pools, by how much and why."""
    was, now = standing_of(base).places, standing_of(trial).places
    moved = [_moved(base, trial, was.get(unit), now.get(unit), unit) for unit in sorted({*was, *now})]
    kept = [one for one in moved if one is not None]
    return {
        "scheme": base.scheme.id,
        "against": trial.scheme.id,
        "period": base.period,
        "moved": sorted(kept, key=lambda one: -abs(Fraction(one["by"] or "0"))),
        "unmoved": len(moved) - len(kept),
    }


def _moved(base: Pool, trial: Pool, was: Place | None, now: Place | None, unit: str) -> dict[str, Any] | None:
    before, after = _place(was), _place(now)
    why, rules = _why(base, trial, was, now), _rules(was, now)
    if before == after and not why:
        return None
    both = was is not None and now is not None and was.score is not None and now.score is not None
    by = text_of(now.score - was.score) if both else None  # type: ignore[union-attr, operator]
    places = was.rank - now.rank if was and now and was.rank and now.rank else None
    told = {"unit": unit, "group": (now or was).group, "was": before, "now": after, "by": by, "up": places}  # type: ignore[union-attr]
    return {**told, "why": why, "rules": rules, "only_others": not (why or rules)}


def _rules(was: Place | None, now: Place | None) -> list[dict[str, Any]]:
    """List the rules after scoring that begin or cease to apply to a unit."""
    before, after = _applied(was), _applied(now)
    return [
        {
            "rule": rule,
            "did": (did := "applies" if rule in after else "applies_no_more"),
            "text": {language: words(f"scheme.because.{did}", language) for language in ("zh", "en")},
        }
        for rule in dict.fromkeys([*before, *after])
        if (rule in before) != (rule in after)
    ]


def _applied(place: Place | None) -> list[str]:
    return [] if place is None else [*place.why, *(rule.id for rule in (*place.vetoes, *place.moves))]


def _place(place: Place | None) -> dict[str, Any] | None:
    if place is None:
        return None
    score = None if place.score is None else text_of(place.score)
    return {"score": score, "rank": place.rank, "state": place.state, "grade": place.grade, "prizes": place.prizes}


def _why(base: Pool, trial: Pool, was: Place | None, now: Place | None) -> list[dict[str, Any]]:
    """List the items that changed, each with the reason."""
    if was is None or now is None:
        return []
    before, after = _items(base, was), _items(trial, now)
    found = []
    for item in dict.fromkeys([*before, *after]):
        old, new = before.get(item), after.get(item)
        if (old and old.score) == (new and new.score) and (old is None) == (new is None):
            continue
        because = _because(base, trial, item, old, new)
        found.append(
            {
                "item": item,
                "was": _text(old.score) if old else None,
                "now": _text(new.score) if new else None,
                "because": because,
                "text": {language: words(f"scheme.because.{because}", language) for language in ("zh", "en")},
                "formula_was": old.outcome.formula if old and old.outcome else None,
                "formula_now": new.outcome.formula if new and new.outcome else None,
            }
        )
    return found


def _items(pool: Pool, place: Place) -> dict[str, Any]:
    names = pool.items_of(pool.scheme.groups[place.group])[0]
    return {name: pool.scored[place.group, name][place.unit] for name in names}


def _because(base: Pool, trial: Pool, item: str, old: Any, new: Any) -> str:
    if old is None or new is None:
        return "item_set"
    one, other = base.scheme.items[item], trial.scheme.items[item]
    if (one.op, one.args, one.scale, one.round) != (other.op, other.args, other.scale, other.round):
        return "scheme"
    if old.weight != new.weight:
        return "weight"
    return "own_figures" if old.used != new.used else "peers_or_rows"


def _text(value: Fraction | None) -> str | None:
    return None if value is None else text_of(value)
