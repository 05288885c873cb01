"""Operators that turn a figure into points by a drawn line: steps, brackets, targets, lookup, ladder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Any

from luodi.assessment.schemes import keys
from luodi.assessment.schemes.exact import text_of
from luodi.assessment.schemes.keys import CHOICE, MAY, MUST, Key, Names
from luodi.assessment.schemes.operators.base import (
    HUNDRED,
    ZERO,
    Cell,
    NotApplicable,
    Operator,
    Outcome,
    amount,
    held,
    positive,
    settled,
    show,
)
from luodi.assessment.schemes.operators.basic import VALUE, cap_key, floor_key, floored, settle_key, word_key
from luodi.assessment.schemes.operators.counting import STEPS, steps_of
from luodi.assessment.schemes.values import Args
from luodi.kernel.yamltext import Map, Place, Text
from luodi.kernel.yamltext import Node as Yaml

MOST_SLICES = 2000  # of an endless bracket: a figure further away than that is a slip of units


def steps(cell: Cell, a: Args) -> Outcome:
    """Move up or down from a base, so many points for each step away from a reference."""
    value, reference, base = amount(cell, a["value"]), amount(cell, a["from"]), amount(cell, a["base"])
    distance = value - reference
    if a["measure"] == "percent":
        if reference == 0:
            found = settled(cell, a["zero_from"], "scheme.zero_from")
            return Outcome(found, text_of(found), more={"settled": "zero_from"})
        distance = distance / abs(reference) * HUNDRED
    side = a["up"] if distance >= 0 else a["down"]
    if distance == 0 or side == "none":
        return _stepped(cell, a, Outcome(base, show(base)))
    if "to" in side and side["to"] is not None:
        cliff = amount(cell, side["to"])
        return _stepped(cell, a, Outcome(cliff, show(cliff), more={"cliff": True}))
    count = steps_of(abs(distance), positive(cell, side["per"], "per"), a["steps"])
    moved, most = count * amount(cell, side["points"]), side["most"]
    limit = moved if most == "none" else min(moved, amount(cell, most))
    sign = "+" if distance > 0 else "-"
    formula = f"{show(base)}{sign}{show(amount(cell, side['points']))}×{show(count)}" if cell.traced else ""
    if limit < moved:
        formula = f"{show(base)}{sign}{show(limit)}" if cell.traced else ""
    raw = base + limit if distance > 0 else base - limit
    return _stepped(cell, a, Outcome(raw, formula, sum=True, capped=limit < moved))


def _stepped(cell: Cell, a: Args, outcome: Outcome) -> Outcome:
    return floored(cell, a["floor"], outcome)


def _steps_check(args: dict[str, Any], place: Place, names: Names, line: int) -> None:
    if args.get("measure") == "percent" and args.get("zero_from") is None:
        names.refuse(
            place.at("zero_from"),
            line,
            "scheme.choice_missing",
            choice="zero_from",
            form=ZERO_FROM.form,
            meaning_zh=ZERO_FROM.zh,
            meaning_en=ZERO_FROM.en,
        )


def _side(*, down: bool) -> keys.Read:
    table = (*SIDE, CLIFF) if down else SIDE

    def read(node: Yaml, place: Place, names: Names, line: int) -> object:
        if isinstance(node, Text) and node == "none":
            return "none"
        if down and isinstance(node, Map) and "to" in node:
            return keys.read_keys(node, (CLIFF,), place, names, line)
        return keys.read_keys(node, table, place, names, line)

    return read


def brackets(cell: Cell, a: Args) -> Outcome:
    """Add, slice by slice, the distance that falls into each times that slice's rate; below, subtract."""
    value, reference, base = amount(cell, a["value"]), amount(cell, a["from"]), amount(cell, a["base"])
    distance = value - reference
    spec = a["above"] if distance >= 0 else (a["above"] if a["below"] == "mirrored" else a["below"])
    found, parts, rest = ZERO, [], abs(distance)
    for width, rate in _slices(cell, spec):
        if rest <= 0:
            break
        inside = rest if width is None else min(rest, width)
        found += inside * rate
        parts.append({"inside": text_of(inside), "rate": text_of(rate)})
        rest -= inside
    raw = base + found if distance >= 0 else base - found
    sign = "+" if distance >= 0 else "-"
    formula = show(base) + "".join(f"{sign}{one['inside']}×{one['rate']}" for one in parts) if cell.traced else ""
    outcome = Outcome(raw, formula, sum=bool(parts), more={"slices": parts})
    return floored(cell, a["floor"], held(cell, a["cap"], "sum", outcome))


def _slices(cell: Cell, spec: Any) -> Iterator[tuple[Fraction | None, Fraction]]:
    """Yield width and rate of each slice; the finite list stops, the endless one is stopped by the distance."""
    if spec == "none":
        return
    if isinstance(spec, Mapping):
        width, of = positive(cell, spec["slice"], "slice"), amount(cell, spec["of"])
        first, step = positive(cell, spec["first"], "first"), amount(cell, spec["step"])
        for k in range(MOST_SLICES):
            yield width, of / (first + k * step)
        cell.stop("scheme.too_far", slices=MOST_SLICES)
    for one in spec:
        yield (None if one["width"] is None else amount(cell, one["width"])), amount(cell, one["rate"])


def _bracket(*tokens: str) -> keys.Read:
    def read(node: Yaml, place: Place, names: Names, line: int) -> object:
        if isinstance(node, Text) and str(node) in tokens:
            return str(node)
        if isinstance(node, Map):
            return keys.read_keys(node, ENDLESS, place, names, line)
        return keys.listing(keys.table(SLICE))(node, place, names, line)

    return read


def targets(cell: Cell, a: Args) -> Outcome:
    """Give points by several targets for one figure (basic, planned, stretch), level or sloped between them."""
    value = amount(cell, a["value"])
    marks = [(amount(cell, one["at"]), amount(cell, one["points"])) for one in a["targets"]]
    for (at, _), (after, _) in pairwise(marks):
        if after <= at:
            cell.stop("scheme.targets_order", first=text_of(at), second=text_of(after))
    if value < marks[0][0]:
        return _below(a, value, marks)
    index = max(i for i, (at, _) in enumerate(marks) if at <= value)
    at, points = marks[index]
    last = index == len(marks) - 1
    if value == at or a["between"] == "step" or (last and a["above"] == "last"):
        return Outcome(points, show(points), more={"target": text_of(at)})
    (low, low_points), (high, high_points) = marks[index - 1 : index + 1] if last else marks[index : index + 2]
    return _sloped(value, low, low_points, high, high_points)


def _below(a: Args, value: Fraction, marks: list[tuple[Fraction, Fraction]]) -> Outcome:
    if a["below"] == "extend":
        (low, low_points), (high, high_points) = marks[0], marks[1]
        return _sloped(value, low, low_points, high, high_points)
    if a["below"] == "proportional" and marks[0][0] > 0:
        return _sloped(value, ZERO, ZERO, *marks[0])
    found = marks[0][1] if a["below"] == "first" else ZERO
    return Outcome(found, show(found), more={"target": "below"})


def _sloped(value: Fraction, low: Fraction, low_points: Fraction, high: Fraction, high_points: Fraction) -> Outcome:
    raw = low_points + (value - low) / (high - low) * (high_points - low_points)
    slope = f"({show(value)}-{show(low)})/({show(high)}-{show(low)})×({show(high_points)}-{show(low_points)})"
    more = {"between": [[text_of(low), text_of(low_points)], [text_of(high), text_of(high_points)]]}
    return Outcome(raw, f"{show(low_points)}+{slope}", sum=True, more=more)


def _targets_check(args: dict[str, Any], place: Place, names: Names, line: int) -> None:
    lone = len(args.get("targets", ())) < 2
    if lone and "extend" in (args.get("below"), args.get("above")):
        names.refuse(place.at("targets"), line, "scheme.two_targets")


def lookup(cell: Cell, a: Args) -> Outcome:
    """Read a number off a table: by bands of a figure, or by a word."""
    figure = ZERO
    if a["words"] is not None:
        word = cell.word(a["value"]) or ""
        hit = a["words"].get(word)
        more: dict[str, Any] = {"word": word}
    else:
        figure = cell.get(a["value"])
        reached = [(amount(cell, one["min"]), one["gives"]) for one in a["bands"]]
        met = [(least, gives) for least, gives in reached if least <= figure]
        hit = max(met, key=lambda one: one[0])[1] if met else None
        more = {"band": text_of(max(least for least, _ in met)) if met else "otherwise"}
    if hit is None:
        sought = more.get("word") if a["words"] is not None else text_of(figure)
        found = settled(cell, a["otherwise"], "scheme.not_in_table", value=sought)
        return Outcome(found, text_of(found), more={**more, "settled": "otherwise"})
    raw = amount(cell, hit)
    return Outcome(raw, show(raw), more=more)


def _lookup_check(args: dict[str, Any], place: Place, names: Names, line: int) -> None:
    if (args.get("words") is None) == (args.get("bands") is None):
        names.refuse(place, line, "scheme.one_of", choices="bands, words")
    value = args.get("value")
    kind = names.inputs.get(getattr(value, "name", ""), "number")
    if args.get("bands") is not None and kind != "number":
        names.refuse(place.at("value"), line, "scheme.not_numeric", name=getattr(value, "name", ""))


def ladder(cell: Cell, a: Args) -> Outcome:
    """Give the points of the best (or first) level whose joint conditions hold."""
    met = []
    for index, level in enumerate(a["levels"]):
        truth = cell.judge(level["when"])
        if truth is None and a["unknown"] != "fails":
            settled(cell, a["unknown"], "scheme.unknown_condition", level=index + 1)
        if truth:
            met.append((amount(cell, level["points"]), index, level["name"] or str(index + 1)))
    if not met:
        if a["otherwise"] == "not_applicable":
            raise NotApplicable("levels")
        found = settled(cell, a["otherwise"], "scheme.no_level")
        return Outcome(found, text_of(found), more={"level": "otherwise"})
    points, _, name = max(met, key=lambda one: (one[0], -one[1])) if a["wins"] == "best" else met[0]
    return Outcome(points, show(points), more={"level": name})


MOST = Key(
    "most", lambda *node: _none_or(*node), CHOICE, "最多加（减）多少", "at most how many points", form="none | QUANTITY"
)


def _none_or(node: Yaml, place: Place, names: Names, line: int) -> object:
    return "none" if isinstance(node, Text) and node == "none" else keys.quantity(node, place, names, line)


SIDE = (
    Key("per", keys.quantity, MUST, "每多少", "for each so much", form="QUANTITY"),
    Key("points", keys.quantity, MUST, "加（减）多少分", "so many points", form="QUANTITY"),
    MOST,
)
CLIFF = Key("to", keys.quantity, MAY, "一旦低于就得多少（断崖）", "drop to this at once (cliff)", None, "QUANTITY")
ZERO_FROM = settle_key(
    "zero_from",
    "基准为零怎么算（按百分比时必选）",
    "a zero reference (needed with percent)",
    "error",
    "zero",
    "not_applicable",
)
SLICE = (
    Key(
        "width",
        keys.quantity,
        MAY,
        "这一段有多宽（最后一段可不写）",
        "width of the slice (the last may leave it out)",
        None,
        "QUANTITY",
    ),
    Key("rate", keys.quantity, MUST, "段内每 1 计多少分", "points for each 1 inside it", form="QUANTITY"),
)
ENDLESS = (
    Key("slice", keys.quantity, MUST, "每段多宽", "width of each slice", form="QUANTITY"),
    Key(
        "of",
        keys.quantity,
        MUST,
        "B：各段为 B/first、B/(first+step) ...",
        "B of B/first, B/(first+step) ...",
        form="QUANTITY",
    ),
    Key("first", keys.quantity, MUST, "第一段的除数", "the first divisor", form="QUANTITY"),
    Key("step", keys.quantity, MUST, "除数每段加多少", "what each slice adds to it", form="QUANTITY"),
)
TARGET = (
    Key("at", keys.quantity, MUST, "目标值", "the target", form="QUANTITY"),
    Key("points", keys.quantity, MUST, "得多少分", "its points", form="QUANTITY"),
)
STEP_BAND = (
    Key("min", keys.quantity, MUST, "从多少起（含）", "from this on, inclusive", form="QUANTITY"),
    Key("gives", keys.quantity, MUST, "取多少", "what it gives", form="QUANTITY"),
)
LEVEL = (
    Key("when", keys.condition("attribute"), MUST, "条件", "the condition", form="CONDITION"),
    Key("points", keys.quantity, MUST, "得多少分", "its points", form="QUANTITY"),
    Key("name", keys.text, MAY, "叫什么", "its name", "", "TEXT"),
)
FROM = Key("from", keys.quantity, MUST, "从哪里算起", "the reference", form="QUANTITY")
BASE = Key("base", keys.quantity, MUST, "在基准处得多少", "the score at the reference", form="QUANTITY")

OPERATORS = (
    Operator(
        "steps",
        (
            VALUE,
            FROM,
            BASE,
            word_key(
                "measure",
                "差额还是差额占基准的百分比",
                "plain difference, or percent of the reference",
                "difference",
                "percent",
            ),
            word_key(
                "steps",
                "按比例、只算整步、还是不足一步算一步",
                "in proportion, whole steps only, or steps begun",
                *STEPS,
            ),
            Key("up", _side(down=False), CHOICE, "超过时怎么加", "above", form="none | {per, points, most}"),
            Key("down", _side(down=True), CHOICE, "不足时怎么减", "below", form="none | {per, points, most} | {to}"),
            floor_key(),
            Key("zero_from", ZERO_FROM.read, MAY, ZERO_FROM.zh, ZERO_FROM.en, form=ZERO_FROM.form),
        ),
        steps,
        "ask",
        "每超（欠）多少加（减）多少分。",
        "So many points for each step above or below a reference.",
        check=_steps_check,
        primitives="P7 P10 P12 P20 P21",
    ),
    Operator(
        "brackets",
        (
            VALUE,
            FROM,
            BASE,
            Key(
                "above",
                _bracket("none"),
                MUST,
                "超过部分各段",
                "slices above",
                form="none | [{width, rate}, ...] | {slice, of, first, step}",
            ),
            Key(
                "below",
                _bracket("none", "mirrored"),
                CHOICE,
                "不足部分各段",
                "slices below",
                form="none | mirrored | as above",
            ),
            cap_key("sum", "item"),
            floor_key(),
        ),
        brackets,
        "ask",
        "分段累进：落在各段的部分乘各段的分率，可有限可无穷。",
        "Marginal brackets: what falls into each slice times its rate; a list, or generated without end.",
        primitives="P8 P9",
    ),
    Operator(
        "targets",
        (
            VALUE,
            Key(
                "targets",
                keys.listing(keys.table(TARGET)),
                MUST,
                "各档目标，由低到高",
                "the targets, ascending",
                form="[{at, points}, ...]",
            ),
            word_key(
                "between",
                "两档之间按比例还是按低的算",
                "between two targets: sloped, or the lower one's",
                "linear",
                "step",
            ),
            word_key("below", "低于第一档", "below the first", "zero", "first", "proportional", "extend"),
            word_key("above", "高于最后一档", "above the last", "last", "extend"),
        ),
        targets,
        "ask",
        "一项指标几档目标（基本、力争、奋斗）。",
        "Several targets for one figure.",
        check=_targets_check,
        primitives="P39 P10",
    ),
    Operator(
        "lookup",
        (
            Key("value", keys.any_ref, MUST, "按哪个数（或文字）查", "what is looked up", form="NAME"),
            Key(
                "bands",
                keys.listing(keys.table(STEP_BAND)),
                MAY,
                "按数的大小查",
                "by size",
                None,
                "[{min, gives}, ...]",
            ),
            Key("words", keys.by_name(keys.quantity), MAY, "按文字查", "by word", None, "{WORD: QUANTITY}"),
            settle_key("otherwise", "表里没有时", "when the table has no row", "error", "zero", "not_applicable"),
        ),
        lookup,
        "ask",
        "按大小段或文字查出一个数（分数、门槛、斜率）。",
        "A number read off a table: points, a threshold, a slope.",
        check=_lookup_check,
        primitives="P20 P21 P34",
    ),
    Operator(
        "ladder",
        (
            Key(
                "levels",
                keys.listing(keys.table(LEVEL)),
                MUST,
                "各级条件与分",
                "the levels",
                form="[{when, points, name}, ...]",
            ),
            word_key("wins", "满足几级时取最高还是第一个", "which level wins", "best", "first"),
            settle_key("otherwise", "一级都不满足时", "when none holds", "error", "zero", "not_applicable"),
            word_key(
                "unknown", "条件说不清（缺数）时", "when a condition can't be told", "error", "fails", "not_applicable"
            ),
        ),
        ladder,
        "ask",
        "联合条件的阶梯，取最好的一级。",
        "A ladder of joint conditions; the best level wins.",
        primitives="P11 P12 P22 P29 P37",
    ),
)
