"""
Checks before a scheme is used: weights, unused names, branches nobody can reach, settled dates, declared directions.

What `read_scheme` refuses (unknown keys, unsettled choices, cycles) is not repeated here.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from luodi.assessment.schemes import scoring
from luodi.assessment.schemes.engine import Pool
from luodi.assessment.schemes.exact import text_of
from luodi.assessment.schemes.operators import OPERATORS
from luodi.assessment.schemes.scoring import Case
from luodi.assessment.schemes.simulating import changed_pool
from luodi.assessment.schemes.values import Node, Ref, Scheme
from luodi.kernel.predicates import All, Predicate, Test, compare, judge, names
from luodi.kernel.problem import Problem, Refused

WHOLES = (Fraction(100), Fraction(1))
UNITS_TRIED, VALUES_TRIED = 12, 9


def check(scheme: Scheme) -> Iterator[Problem]:
    """Yield everything worth knowing about a scheme without data; blocking ones make it unfit for use."""
    for rule in (_weights, _unweighted, _bases, _unused, _dead_bands, _dead_levels, _floors, _dates):
        yield from rule(scheme)


def _at(scheme: Scheme, code: str, line: int, path: str, *, blocking: bool = False, **params: object) -> Problem:
    return Problem(code, where=path, params=params, file=scheme.file, line=line, path=path, blocking=blocking)


def _weights(scheme: Scheme) -> Iterator[Problem]:
    """Weights of a group add up to 100 or 1, or to what the author declares."""
    for group in scheme.groups.values():
        for weights in [group.weights, *(variant.weights for variant in group.variants)]:
            found = sum(weights.values(), Fraction(0))
            wanted = (group.weights_total,) if group.weights_total is not None else WHOLES
            if weights and found not in wanted:
                path, expected = f"groups.{group.name}.weights", text_of(wanted[0])
                params = {"group": group.name, "found": text_of(found), "expected": expected}
                yield _at(scheme, "scheme.weights_sum", group.line, path, blocking=True, **params)


def _unweighted(scheme: Scheme) -> Iterator[Problem]:
    """A rate without a weight scores as it stands: 96% is 0.96 points, which is seldom meant."""
    for group in scheme.groups.values():
        for item in group.items:
            node = scheme.items.get(item)
            bare = node is not None and OPERATORS[node.op].result == "share" and node.scale is not None
            if node is not None and bare and item not in group.weights:
                path = f"groups.{group.name}.weights"
                yield _at(scheme, "scheme.share_unweighted", group.line, path, item=item, group=group.name)


def _bases(scheme: Scheme) -> Iterator[Problem]:
    for item in scheme.items.values():
        if not item.basis:
            yield _at(scheme, "scheme.no_basis", item.line, f"items.{item.name}", item=item.name)


def _unused(scheme: Scheme) -> Iterator[Problem]:
    """Name inputs, values and items that nothing uses."""
    nodes = [*scheme.values.values(), *scheme.items.values(), scheme.total]
    nodes += [group.total for group in scheme.groups.values() if group.total]
    used = {ref.name for node in nodes for ref in node.refs} | set(_later(scheme))
    for group in scheme.groups.values():
        used |= {*group.items, *(item for variant in group.variants for item in variant.items)}
    for section, line_of in (
        ("inputs", {one.name: one.line for one in scheme.inputs.values()}),
        ("values", {one.name: one.line for one in scheme.values.values()}),
        ("items", {one.name: one.line for one in scheme.items.values()}),
    ):
        for name, line in line_of.items():
            if name not in used:
                yield _at(scheme, "scheme.unused", line, f"{section}.{name}", name=name)


def _later(scheme: Scheme) -> Iterator[str]:
    """Yield the names asked for after scoring."""
    rules = (*scheme.not_ranked, *scheme.vetoes, *scheme.moves)
    conditions = [rule.when for rule in rules] + [prize.when for prize in scheme.prizes if prize.when]
    conditions += [level["when"] for level in (scheme.grades.levels if scheme.grades else ()) if level["when"]]
    for when in conditions:
        yield from (name.partition("@")[0] for name in names(when))
    yield from (key.partition("@")[0] for key in (scheme.rank.by, *(one.by for one in scheme.rank.then)))
    yield from (prize.by.partition("@")[0] for prize in scheme.prizes)


# Branches nobody reaches --------------------------------------------------------------------------------------------


def _dead(scheme: Scheme, node: Node, what: str) -> Problem:
    section = "items" if node.name in scheme.items else "values"
    path = f"{section}.{node.name}"
    return _at(scheme, "scheme.dead_branch", node.line, path, blocking=True, item=node.name, what=what)


def _nodes(scheme: Scheme) -> list[Node]:
    return [*scheme.values.values(), *scheme.items.values()]


def _dead_bands(scheme: Scheme) -> Iterator[Problem]:
    """A band of the same size as another, or a higher band that pays no more than a lower one."""
    for node in _nodes(scheme):
        bands = [(one.get("min"), one.get("points")) for one in node.args.get("bands") or () if "min" in one]
        fixed = [(least, points) for least, points in bands if isinstance(least, Fraction)]
        for i, (least, points) in enumerate(fixed):
            if any(least == other for other, _ in fixed[:i]):
                yield _dead(scheme, node, f"min {text_of(least)}")
            elif node.args.get("per_row") == "highest_only" and isinstance(points, Fraction):
                pays = [paid for other, paid in fixed if other < least and isinstance(paid, Fraction)]
                if pays and max(pays) >= points:
                    yield _dead(scheme, node, f"min {text_of(least)} → {text_of(points)}")


def _dead_levels(scheme: Scheme) -> Iterator[Problem]:
    """A level whose condition is already met by a level that wins over it."""
    for node in _nodes(scheme):
        levels = node.args.get("levels") or ()
        for i, level in enumerate(levels):
            for j, other in enumerate(levels):
                if i != j and implies(level["when"], other["when"]) and _wins(node, j, i):
                    yield _dead(scheme, node, level["name"] or f"level {i + 1}")
                    break


def _wins(node: Node, one: int, other: int) -> bool:
    levels = node.args["levels"]
    if node.args["wins"] == "first":
        return one < other
    points, against = levels[one]["points"], levels[other]["points"]
    if not isinstance(points, Fraction) or not isinstance(against, Fraction):
        return False
    return points > against or (points == against and one < other)


def implies(one: Predicate, other: Predicate) -> bool:
    """Tell whether the first condition can't hold without the second; False when that can't be seen at once."""
    if one == other:
        return True
    if isinstance(other, All):
        return all(implies(one, part) for part in other.parts)
    if isinstance(one, All):
        return any(implies(part, other) for part in one.parts)
    if not isinstance(one, Test) or not isinstance(other, Test) or one.name != other.name:
        return False
    if len(one.expected) != 1 or len(other.expected) != 1:
        return False
    sign = compare(one.expected[0], other.expected[0])
    if sign is None:
        return False
    up = {("at_least", "at_least"): 0, ("above", "at_least"): 0, ("above", "above"): 0, ("at_least", "above"): 1}
    pair = (one.relation, other.relation)
    if pair in up:
        return sign >= up[pair]
    down = {("at_most", "at_most"): 0, ("below", "at_most"): 0, ("below", "below"): 0, ("at_most", "below"): -1}
    return pair in down and sign <= down[pair]


def _floors(scheme: Scheme) -> Iterator[Problem]:
    """A deduction that can take nothing away, or a ceiling below the floor."""
    for node in _nodes(scheme):
        floor, start = node.args.get("floor"), node.args.get("from")
        if node.op == "deduct" and isinstance(floor, Fraction) and isinstance(start, Fraction) and floor >= start:
            yield _dead(scheme, node, f"floor {text_of(floor)}")
        for cap in node.args.get("cap") or ():
            if isinstance(floor, Fraction) and isinstance(cap.at, Fraction) and cap.at < floor:
                yield _dead(scheme, node, f"cap {text_of(cap.at)} < floor {text_of(floor)}")


def _dates(scheme: Scheme) -> Iterator[Problem]:
    """Rows that could belong to another period: which day decides has to be said, if only as_listed."""
    for node in _nodes(scheme):
        if "dated" in node.args and node.args["dated"] is None:
            section = "items" if node.name in scheme.items else "values"
            yield _at(scheme, "scheme.dated_unsettled", node.line, f"{section}.{node.name}", item=node.name)


# With data -----------------------------------------------------------------------------------------------------------


def check_on(case: Case, period: str | None) -> Iterator[Problem]:
    """Yield what data show: inputs that fail, and declared directions that don't hold. Raises BadData."""
    base = scoring.scored(case, period)
    yield from scoring.hints(case, period)
    yield from _no_row_fits(case)
    for item in case.scheme.items.values():
        for name, direction in item.monotonic.items():
            yield from _direction(base, item, name, direction)


def _no_row_fits(case: Case) -> Iterator[Problem]:
    """A condition that every row of its file fails is probably written otherwise than the rows are."""
    for node in _nodes(case.scheme):
        where, name = node.args.get("where"), str(node.args.get("rows"))
        if where is None or not case.rows[name].rows or any(judge(where, row.fields) for row in case.rows[name].rows):
            continue
        path = f"{'items' if node.name in case.scheme.items else 'values'}.{node.name}.where"
        yield _at(case.scheme, "scheme.no_row_fits", node.line, path, item=node.name, name=name)


def _direction(base: Pool, item: Node, name: str, direction: str) -> Iterator[Problem]:
    """Move an input of each of some units through the values seen, and watch the unit's score."""
    for group in base.scheme.groups:
        if item.name not in base.items_of(base.scheme.groups[group])[0]:
            continue
        column = base.column(group, Ref(name))
        seen = sorted({value for value in column.values() if value is not None})
        tried = seen[:: max(1, len(seen) // VALUES_TRIED)] + ([seen[-1] * 2] if seen and seen[-1] > 0 else [])
        for unit in list(base.members.units[group])[:UNITS_TRIED]:
            problem = _slips(base, item, name, direction, group, unit, tried)
            if problem:
                yield problem
                return


def _slips(
    base: Pool, item: Node, name: str, direction: str, group: str, unit: str, values: list[Fraction]
) -> Problem | None:
    last: tuple[Fraction, Fraction] | None = None
    for value in values:
        try:
            pool = changed_pool(base, {(base.period, unit, name): text_of(value)})
        except Refused:
            continue
        score = pool.scored[group, item.name][unit].exact
        if score is None:
            continue
        if last is not None and (score < last[1] if direction == "up" else score > last[1]):
            params = {"item": item.name, "input": name, "direction": direction, "unit": unit}
            params |= {"from": text_of(last[0]), "to": text_of(value), "was": text_of(last[1]), "now": text_of(score)}
            path = f"items.{item.name}.monotonic"
            return _at(base.scheme, "scheme.not_monotonic", item.line, path, blocking=True, **params)
        last = (value, score)
    return None
