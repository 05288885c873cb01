"""
What follows scoring: states, vetoes, ranks, grades, promotion and demotion, prizes.

Hard rules are applied; soft ones are only proposed to people. A condition that can't be told (no earlier rank, a
figure not reported) does not hold, and the unit's answer says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Any

from luodi.assessment.schemes.exact import rounded
from luodi.assessment.schemes.values import Order, Ref, Rule
from luodi.kernel.predicates import Predicate, judge, names
from luodi.kernel.problem import Problem

if TYPE_CHECKING:
    from luodi.assessment.schemes.engine import Pool

AFTER = ("total", "rank", "rank_from_bottom", "grade", "state")


@dataclass
class Place:
    """Where one unit ends up."""

    unit: str
    group: str
    exact: Fraction | None
    score: Fraction | None
    parts: tuple[tuple[str, Fraction, Fraction | None], ...] = ()  # group, share, total there
    carried: Fraction | None = None
    state: str = "ranked"
    why: list[str] = field(default_factory=list)
    last: bool = False
    rank: int | None = None
    rank_from_bottom: int | None = None
    grade: str | None = None
    vetoes: list[Rule] = field(default_factory=list)
    moves: list[Rule] = field(default_factory=list)
    proposed: list[Rule] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)
    prizes: list[str] = field(default_factory=list)


@dataclass
class Standing:
    """The places of all units of a pool."""

    pool: Pool
    places: dict[str, Place]

    @cached_property
    def ranked(self) -> Counter[str]:
        """Count the ranked units of each group."""
        return Counter(place.group for place in self.places.values() if place.state == "ranked")

    def number(self, unit: str, name: str) -> Fraction | None:
        """Give a unit's rank or rank from the bottom as a number."""
        found = getattr(self.places[unit], name) if unit in self.places else None
        return None if found is None else Fraction(found)


def standing_of(pool: Pool) -> Standing:
    """Settle the standing of a pool, once."""
    kept = pool.run.standings.get(pool.period)
    if isinstance(kept, Standing) and kept.pool is pool:
        return kept
    found = Standing(pool, {unit: _place(pool, unit) for unit in sorted(pool.members.home)})
    _states(found)
    _vetoes(found)
    for group in _fields(found):
        _rank(pool, group)
    _grades(found)
    _prizes(found)
    pool.run.standings[pool.period] = found
    return found


def _place(pool: Pool, unit: str) -> Place:
    """Take a unit's total; of one that changed group, the mean of its totals by shares."""
    home = pool.members.home[unit]
    totals = []
    for group, share in pool.members.parts[unit]:
        pool.column(group, Ref("total"))
        totals.append((group, share, pool.scored[group, "total"][unit]))
    if len(totals) == 1:
        scored = totals[0][2]
        exact, score = scored.exact, scored.score
        parts: tuple[tuple[str, Fraction, Fraction | None], ...] = ()
    else:
        parts = tuple((group, share, scored.score) for group, share, scored in totals)
        known = [(share, score) for _, share, score in parts if score is not None]
        whole = sum((share for share, _ in known), Fraction(0))
        exact = sum((share * score for share, score in known), Fraction(0)) / whole if known else None
        score = None if exact is None else rounded(exact, pool.scheme.total.round if pool.run.rounds else None)
    place = Place(unit, home, exact, score, parts)
    carried = pool.run.carried.get((pool.period, unit))
    if carried is not None and place.score is not None and place.exact is not None:
        place.carried, place.score, place.exact = carried, place.score + carried, place.exact + carried
    return place


class _After:
    """Answers the names a rule after scoring may ask for."""

    def __init__(self, pool: Pool, place: Place) -> None:
        self.pool, self.place = pool, place

    def get(self, name: str, /) -> object:
        base, _, when = name.partition("@")
        if when:
            return self._earlier(self.pool.run.earlier(self.pool.period, when), base)
        if base in AFTER:
            return self.place.score if base == "total" else getattr(self.place, base)
        return _plain(self.pool, self.place.group, self.place.unit, base)

    def _earlier(self, label: str | None, base: str) -> object:
        pool = self.pool.run.pool_behind(label, base, self.pool.cut)
        if pool is None or self.place.unit not in pool.members.home:
            return None
        if base in AFTER:
            then = standing_of(pool).places[self.place.unit]
            return then.score if base == "total" else getattr(then, base)
        return _plain(pool, pool.members.home[self.place.unit], self.place.unit, base)


def _plain(pool: Pool, group: str, unit: str, name: str) -> object:
    source = pool.scheme.inputs.get(name)
    if source is not None and source.type != "number":
        return pool.words(group, Ref(name))[unit]
    if name in pool.scheme.items and name not in pool.items_of(pool.scheme.groups[group])[0]:
        return None  # this group is not measured by it
    return pool.column(group, Ref(name))[unit]


def _holds(pool: Pool, place: Place, when: Predicate, id: str) -> bool:
    truth = judge(when, _After(pool, place))
    if truth is None:
        place.untold.append(id)
    return truth is True


def unranked(pool: Pool) -> Iterator[str]:
    """Yield the units that a rule keeps out of the ranking, judged on what was put in, not on scores."""
    for unit, group in pool.members.home.items():
        place = Place(unit, group, None, None)
        if any(judge(rule.when, _After(pool, place)) for rule in pool.scheme.not_ranked if not _asks_scores(rule)):
            yield unit


def _asks_scores(rule: Rule) -> bool:
    return any(name in AFTER for name in names(rule.when))


def _states(found: Standing) -> None:
    for place in found.places.values():
        if place.score is None:
            place.state = "not_scored"
        for rule in found.pool.scheme.not_ranked:
            if place.state != "not_scored" and _holds(found.pool, place, rule.when, rule.id):
                place.state = "not_ranked"
                place.why.append(rule.id)


def _vetoes(found: Standing) -> None:
    """Apply what a veto does to score and ranking; its effect on the grade follows after grading."""
    for place in found.places.values():
        before = place.score
        for rule in found.pool.scheme.vetoes:
            asks = names(rule.when) & {"rank", "rank_from_bottom", "grade"}
            if asks or place.score is None or not _holds(found.pool, place, rule.when, rule.id):
                continue
            if not rule.hard:
                place.proposed.append(rule)
                continue
            place.vetoes.append(rule)
            _apply_veto(place, rule.effect)
        if place.score != before:
            place.exact = place.score


def _apply_veto(place: Place, effect: Any) -> None:
    if effect.get("score") is not None:
        place.score = effect["score"]
    if effect.get("points") is not None and place.score is not None:
        place.score = place.score + effect["points"]
    if effect.get("not_ranked"):
        place.state = "not_ranked"
    place.last = place.last or effect.get("rank") == "last"


# Ranks ------------------------------------------------------------------------------------------------------------


def _fields(found: Standing) -> Iterator[list[Place]]:
    """Yield those who are ranked among themselves."""
    ranked = [place for place in found.places.values() if place.state == "ranked"]
    if found.pool.scheme.rank.within == "all":
        yield ranked
        return
    for group in found.pool.scheme.groups:
        yield [place for place in ranked if place.group == group]


def ordering(pool: Pool, place: Place) -> tuple[Fraction | None, ...]:
    """Give what a unit is ordered by, smaller first, at the declared precision."""
    rank = pool.scheme.rank
    keys = [Order(rank.by, rank.descending), *rank.then]
    return tuple(_signed(pool, place, key) for key in keys)


def _signed(pool: Pool, place: Place, key: Order) -> Fraction | None:
    found = _After(pool, place).get(key.by)
    if not isinstance(found, Fraction | int):
        return None
    precise = rounded(Fraction(found), pool.scheme.rank.precision)
    return -precise if key.descending else precise


def _rank(pool: Pool, group: Sequence[Place]) -> None:
    order = {place.unit: _sortable(pool, place) for place in group}
    ahead = 0
    runs = groupby(sorted(group, key=lambda place: order[place.unit]), key=lambda place: order[place.unit])
    for dense, (_, same) in enumerate(runs, start=1):
        equals = sorted(same, key=lambda place: place.unit)
        if len(equals) > 1 and pool.scheme.rank.ties == "refuse":
            _tied(pool, equals)
        for place in equals:
            place.rank = dense if pool.scheme.rank.ties == "same_rank_dense" else ahead + 1
            place.rank_from_bottom = len(group) - ahead - len(equals) + 1
        ahead += len(equals)


def _sortable(pool: Pool, place: Place) -> tuple[object, ...]:
    return (place.last, *((value is None, value or Fraction(0)) for value in ordering(pool, place)))


def _tied(pool: Pool, equals: Sequence[Place]) -> None:
    scheme = pool.scheme
    units = ", ".join(place.unit for place in equals)
    params = {"units": units}
    problem = Problem("scheme.tied", params=params, file=scheme.file, line=scheme.rank.line, path="rank.ties")
    pool.run.problems.append(problem)


# Grades and prizes ------------------------------------------------------------------------------------------------


def _grades(found: Standing) -> None:
    grades = found.pool.scheme.grades
    if grades is not None:
        for group in _fields(found):
            _grade(found.pool, group)
    for place in found.places.values():
        if grades is not None:
            for rule in place.vetoes:
                _limit(place, rule.effect, grades.names)
        _late_rules(found.pool, place, grades.names if grades else ())


def _grade(pool: Pool, group: Sequence[Place]) -> None:
    """Fill the grades from the best down in order of rank; equals enter together or not at all."""
    grades = pool.scheme.grades
    assert grades is not None  # noqa: S101
    waiting = sorted(group, key=lambda place: (place.rank or 0, place.unit))
    for level in grades.levels:
        room = _room(level, len(group))
        taken: list[Place] = []
        for _, same in groupby(waiting, key=lambda place: place.rank):
            fit = [one for one in same if level["when"] is None or _holds(pool, one, level["when"], level["grade"])]
            if room is not None and len(taken) + len(fit) > room:
                break
            taken += fit
        for place in taken:
            place.grade = level["grade"]
        waiting = [place for place in waiting if place not in taken]
    for place in waiting:
        place.grade = grades.otherwise


def _room(level: Any, count: int) -> int | None:
    limits = [level["places"]] if level["places"] is not None else []
    if level["percent"] is not None:
        limits.append(int(level["percent"] * count / 100))
    return min(limits) if limits else None


def _limit(place: Place, effect: Any, order: Sequence[str]) -> None:
    if effect.get("grade"):
        place.grade = effect["grade"]
    most = effect.get("grade_at_most")
    if most and place.grade in order and order.index(place.grade) < order.index(most):
        place.grade = most


def _late_rules(pool: Pool, place: Place, order: Sequence[str]) -> None:
    """Judge vetoes that ask for rank or grade, then promotion and demotion."""
    for rule in pool.scheme.vetoes:
        if names(rule.when) & {"rank", "rank_from_bottom", "grade"} and _holds(pool, place, rule.when, rule.id):
            (place.vetoes if rule.hard else place.proposed).append(rule)
            if rule.hard:
                _limit(place, rule.effect, order)
    for rule in pool.scheme.moves:
        if _holds(pool, place, rule.when, rule.id):
            (place.moves if rule.hard else place.proposed).append(rule)
            if rule.hard and place.grade in order:
                step = rule.effect["levels"] * (-1 if rule.effect["move"] == "up" else 1)
                place.grade = order[min(max(order.index(place.grade) + step, 0), len(order) - 1)]


def _prizes(found: Standing) -> None:
    for prize in found.pool.scheme.prizes:
        groups = [None] if prize.within == "all" else list(found.pool.scheme.groups)
        for group in groups:
            _award(found, prize, [place for place in found.places.values() if group in (None, place.group)])


def _award(found: Standing, prize: Any, places: Sequence[Place]) -> None:
    """Give a prize's places from the best down; equals at the last place as the scheme says."""
    pool, order = found.pool, Order(prize.by, prize.descending)
    able = [
        (key, place)
        for place in places
        if place.state == "ranked"
        and not any(rule.effect.get("no_prize") for rule in place.vetoes)
        and (prize.when is None or _holds(pool, place, prize.when, prize.id))
        and (key := _signed(pool, place, order)) is not None
    ]
    left = prize.places
    for _, same in groupby(sorted(able, key=lambda one: (one[0], one[1].unit)), key=lambda one: one[0]):
        equals = [place for _, place in same]
        if left <= 0:
            break
        if len(equals) > left and prize.ties != "all_in":
            if prize.ties == "refuse":
                params = {"prize": prize.id, "units": ", ".join(place.unit for place in equals)}
                file = pool.scheme.file
                problem = Problem("scheme.prize_tied", params=params, file=file, line=prize.line, path="prizes")
                pool.run.problems.append(problem)
            break
        for place in equals:
            place.prizes.append(prize.id)
        left -= len(equals)
