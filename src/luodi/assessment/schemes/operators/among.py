"""Operators that look at peers: minmax, rank_band, peer, children. One corrected figure can move everybody."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from luodi.assessment.schemes import keys
from luodi.assessment.schemes.exact import text_of
from luodi.assessment.schemes.keys import CHOICE, MAY, MUST, Key, Names
from luodi.assessment.schemes.operators.base import (
    ZERO,
    Cell,
    Operator,
    Outcome,
    amount,
    settled,
    show,
    under,
)
from luodi.assessment.schemes.operators.basic import middle, settle_key, word_key
from luodi.assessment.schemes.values import Args
from luodi.kernel.yamltext import Node as Yaml
from luodi.kernel.yamltext import Place

PEERS_SHOWN = 8  # figures written out in a formula


def minmax(cell: Cell, a: Args) -> Outcome:
    """Place a figure between the lowest and the highest of the group (功效系数法)."""
    value = cell.get(a["value"])
    floor, span = amount(cell, a["floor"]), amount(cell, a["span"])
    worst, gap, peers, low, high = cell.memo.get("ends") or _ends(cell, a)
    if gap == 0:
        found = settled(cell, a["if_equal"], "scheme.all_equal", value=text_of(value))
        return Outcome(found, text_of(found), more={"peers": peers, "settled": "if_equal"})
    slope = cell.memo.get("slope")
    if slope is None or a["span"] is not span:  # a span that is a figure differs from unit to unit
        slope = cell.memo["slope"] = span / gap
    raw = (value - worst) * slope + floor
    formula = f"({show(value)}-{low})/({high}-{low})×{show(span)}+{show(floor)}" if cell.traced else ""
    return Outcome(raw, formula, sum=True, more={"peers": peers})


def _ends(cell: Cell, a: Args) -> tuple[Fraction, Fraction, dict[str, Any], str, str]:
    """Settle, once for all units, the worst figure, the distance to the best, and how both are written."""
    lowest, highest = cell.extremes(a["value"], a["over"])
    worst, best = (highest, lowest) if a["direction"] == "lower_is_better" else (lowest, highest)
    peers = {"min": _peer(lowest), "max": _peer(highest)} if cell.traced else {}
    found = (worst[1], best[1] - worst[1], peers, show(worst[1]), show(best[1]))
    cell.memo["ends"] = found
    return found


def _peer(one: tuple[str, Fraction]) -> dict[str, str]:
    return {"unit": one[0], "value": text_of(one[1])}


def place_of(value: Fraction, ordered: Sequence[Fraction], order: str, ties: str) -> Fraction:
    """Give the place of a figure among sorted ones (1 is best), ties settled by rule."""
    below, upto = bisect_left(ordered, value), bisect_right(ordered, value)
    ahead, equal = (len(ordered) - upto, upto - below) if order == "desc" else (below, upto - below)
    if ties == "same_rank_dense":
        better = ordered[upto:] if order == "desc" else ordered[:below]
        return Fraction(len(set(better)) + 1)
    offset = {"same_rank_skip": ZERO, "worst": Fraction(equal - 1), "average": Fraction(equal - 1, 2)}[ties]
    return ahead + 1 + offset


def rank_band(cell: Cell, a: Args) -> Outcome:
    """Give points by the place a figure takes among peers."""
    value, ordered = cell.get(a["value"]), cell.ordered(a["value"], a["over"])
    place = place_of(value, ordered, a["order"], a["ties"])
    if a["gives"] == "place":
        return Outcome(place, text_of(place), more={"place": text_of(place), "of": len(ordered)})
    reached = place * 100 / len(ordered) if a["by"] == "percent" else place
    found, hit = a["otherwise"], "otherwise"
    for band in a["bands"]:
        if reached <= amount(cell, band["to"]):
            found, hit = band["points"], text_of(amount(cell, band["to"]))
            break
    points = amount(cell, found)
    more: dict[str, Any] = {"place": text_of(place), "of": len(ordered), "band": hit}
    return Outcome(points, show(points), more=more)


def _bands_check(args: dict[str, Any], place: Place, names: Names, line: int) -> None:
    for key in ("bands", "otherwise"):
        if args["gives"] == "points" and args.get(key) is None:
            code, named = ("scheme.choice_missing", "choice") if key == "otherwise" else ("scheme.key_missing", "key")
            zh, en = "名次段与段外得分", "the bands, and the points outside them"
            names.refuse(place.at(key), line, code, **{named: key}, form="QUANTITY", meaning_zh=zh, meaning_en=en)
    edges = [band.get("to") for band in args.get("bands") or ()]
    for i, (one, other) in enumerate(pairwise(edges)):
        if isinstance(one, Fraction) and isinstance(other, Fraction) and other <= one:
            names.refuse(place.at("bands").at(i + 1), line, "scheme.unreachable", what=text_of(other))


def peer(cell: Cell, a: Args) -> Outcome:
    """Take the mean, median, highest, lowest, sum or number of the peers' figures."""
    others = cell.peers(a["of"], a["over"])
    if a["self"] == "excluded":
        others = [one for one in others if one[0] != cell.unit]
    if not others and a["take"] != "count":
        empty = settled(cell, a["empty"], "scheme.no_peers")
        return Outcome(empty, text_of(empty), more={"settled": "empty", "peers": {"count": 0}})
    values = sorted(value for _, value in others)
    total = sum(values, ZERO)
    found = {"sum": total, "count": Fraction(len(values))}.get(a["take"])
    raw = middle(values, a["take"]) if found is None else found
    more = {"peers": {"count": len(values), "sum": text_of(total), a["take"]: text_of(raw)}} if cell.traced else {}
    return Outcome(raw, _called(a["take"], values) if cell.traced else "", more=more)


def _called(take: str, values: Sequence[Fraction]) -> str:
    """Write `mean(5, 9)`; of many peers the ends only."""
    listed = [show(value) for value in values]
    if len(listed) > PEERS_SHOWN:
        listed = [*listed[: PEERS_SHOWN - 1], "...", listed[-1]]
    return f"{take}({', '.join(listed)})"


def children(cell: Cell, a: Args) -> Outcome:
    """Take the weighted mean of the children's figures, who stand in another group and name their parent."""
    found = []
    for unit, group, value in cell.children(a["value"], a["group"], a["parent"]):
        if value is not None:
            weight = Fraction(1) if a["weight"] == "equal" else cell.child(a["weight"], group, unit)
            found.append((unit, value, weight))
    weights = sum((weight for _, _, weight in found), ZERO)
    if not found or weights == 0:
        childless = settled(cell, a["none"], "scheme.no_children")
        return Outcome(childless, text_of(childless), more={"settled": "none", "children": []})
    raw = sum((value * weight for _, value, weight in found), ZERO) / weights
    if not cell.traced:
        return Outcome(raw)
    terms = "+".join(f"{show(value)}×{show(weight)}" for _, value, weight in found)
    listed = [{"unit": unit, "value": text_of(value), "weight": text_of(weight)} for unit, value, weight in found]
    return Outcome(raw, f"({terms})/{under(weights)}", more={"children": listed})


def _weight(node: Yaml, place: Place, names: Names, line: int) -> object:
    return "equal" if node == "equal" else keys.ref(node, place, names, line)


RANKED = ("same_rank_skip", "same_rank_dense", "average", "worst")
OVER = Key(
    "over",
    keys.groups,
    MAY,
    "同谁比：本组（缺省）、全部或指定组",
    "among whom: the own group unless said",
    (),
    "group | all | GROUP | [GROUP]",
)
BAND = (
    Key("to", keys.quantity, MUST, "到第几名（含）", "up to which place, inclusive", form="QUANTITY"),
    Key("points", keys.quantity, MUST, "得多少分", "the points", form="QUANTITY"),
)

OPERATORS = (
    Operator(
        "minmax",
        (
            Key("value", keys.ref, MUST, "指标值", "the figure", form="NAME"),
            Key("floor", keys.quantity, MUST, "最差者得多少", "what the worst gets", form="QUANTITY"),
            Key("span", keys.quantity, MUST, "最好者再加多少", "what the best gets on top", form="QUANTITY"),
            settle_key(
                "if_equal", "全组相等时得多少", "what everybody gets when all are equal", "error", "not_applicable"
            ),
            OVER,
            word_key(
                "direction",
                "越高越好还是越低越好",
                "which way is better",
                "higher_is_better",
                "lower_is_better",
                need=MAY,
                default="higher_is_better",
            ),
        ),
        minmax,
        "ask",
        "功效系数：（本值 - 组内最差）÷（最好 - 最差）× 幅度 + 底分。",
        "(figure - worst) ÷ (best - worst) × span + floor, inside the group.",
        reach="over",
        primitives="P4 P5",
    ),
    Operator(
        "rank_band",
        (
            Key("value", keys.ref, MUST, "按什么排", "what is ranked", form="NAME"),
            word_key("order", "从高到低还是从低到高", "which end is first", "desc", "asc"),
            word_key("ties", "并列怎么算名次", "the place of equals", *RANKED),
            Key(
                "bands",
                keys.listing(keys.table(BAND)),
                MAY,
                "名次段（得分时必写）",
                "the bands (needed for points)",
                None,
                "[{to: 3, points: 10}, ...]",
            ),
            word_key(
                "gives",
                "给分还是给名次本身",
                "points, or the place itself",
                "points",
                "place",
                need=MAY,
                default="points",
            ),
            Key(
                "otherwise",
                keys.quantity,
                MAY,
                "段外得多少（得分时必写）",
                "points outside every band (needed for points)",
                form="QUANTITY",
            ),
            OVER,
            word_key(
                "by",
                "按名次还是百分位",
                "by place or by percentage of units",
                "place",
                "percent",
                need=MAY,
                default="place",
            ),
        ),
        rank_band,
        "ask",
        "按名次段得分。",
        "Points by the place among peers.",
        check=_bands_check,
        reach="over",
        primitives="P18",
    ),
    Operator(
        "peer",
        (
            Key("of", keys.ref, MUST, "哪项指标", "which figure", form="NAME"),
            word_key("take", "取什么", "what is taken", "mean", "median", "highest", "lowest", "sum", "count"),
            word_key("self", "含不含本单位", "whether the unit itself counts", "included", "excluded"),
            settle_key("empty", "没有可比单位时", "when there is nobody", "error", "zero", "not_applicable"),
            OVER,
        ),
        peer,
        "ask",
        "同类单位的平均、中位、最高、最低、合计或个数。",
        "A statistic of the peers' figures.",
        reach="over",
        primitives="P6",
    ),
    Operator(
        "children",
        (
            Key("value", keys.ref, MUST, "取下级的哪项", "which figure of the children", form="NAME"),
            Key("group", keys.groups, MUST, "下级在哪个组", "the children's group", form="GROUP | [GROUP]"),
            Key(
                "parent",
                keys.any_ref,
                MUST,
                "下级写明上级的文字输入",
                "the children's text input naming the parent",
                form="NAME",
            ),
            Key("weight", _weight, CHOICE, "下级各占多重", "each child's weight", form="equal | NAME"),
            settle_key("none", "没有下级时", "when there is no child", "error", "zero", "not_applicable"),
        ),
        children,
        "ask",
        "下级单位某项的加权平均。",
        "The weighted mean of the children's figures.",
        reach="group",
        primitives="P28",
    ),
)
