"""Operators on a unit's own figures: ratio, growth, less, product, sum, pick, deduct, sample_correction, manual."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from luodi.assessment.schemes import keys
from luodi.assessment.schemes.exact import text_of
from luodi.assessment.schemes.keys import CHOICE, MAY, MUST, Key, Names
from luodi.assessment.schemes.operators.base import (
    HUNDRED,
    ONE,
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
    under,
)
from luodi.assessment.schemes.operators.counting import STEPS, steps_of
from luodi.assessment.schemes.values import Args, Ref
from luodi.kernel.yamltext import Map, Place
from luodi.kernel.yamltext import Node as Yaml

SETTLE = "error | zero | full | not_applicable"


def ratio(cell: Cell, a: Args) -> Outcome:
    """Divide a figure by its target; 1 is the target met."""
    value, target = amount(cell, a["value"]), amount(cell, a["to"])
    if target == 0:
        share = settled(cell, a["zero_target"], "scheme.zero_target", value=text_of(value))
        return Outcome(share, f"{text_of(share)}", more={"settled": "zero_target"}, capped=False)
    if (value.numerator < 0 or target.numerator < 0) and a["negative"] != "keep":
        share = settled(cell, a["negative"], "scheme.negative", value=text_of(value), target=text_of(target))
        return Outcome(share, f"{text_of(share)}", more={"settled": "negative"}, capped=False)
    formula = f"{show(value)}/{under(target)}" if cell.traced else ""
    return held(cell, a["cap"], "ratio", Outcome(value / target, formula, capped=False))


def growth(cell: Cell, a: Args) -> Outcome:
    """Measure the change against a base: (value - base) / base."""
    value, base = amount(cell, a["value"]), amount(cell, a["base"])
    factor = HUNDRED if a["as"] == "percent" else ONE
    if base == 0:
        found = settled(cell, a["zero_base"], "scheme.zero_base")
        return Outcome(found, text_of(found), more={"settled": "zero_base"})
    if base < 0 and a["negative_base"] != "absolute":
        found = settled(cell, a["negative_base"], "scheme.negative_base")
        return Outcome(found, text_of(found), more={"settled": "negative_base"})
    times = "×100" if a["as"] == "percent" else ""
    formula = f"({show(value)}-{show(base)})/{under(abs(base))}{times}" if cell.traced else ""
    return held(cell, a["cap"], "growth", Outcome((value - base) / abs(base) * factor, formula))


def less(cell: Cell, a: Args) -> Outcome:
    """Take from a counter what another counter has credited already."""
    value, credited = amount(cell, a["value"]), amount(cell, a["less"])
    rest, formula = value - credited, f"{show(value)}-{show(credited)}" if cell.traced else ""
    return floored(cell, a["floor"], Outcome(rest, formula, sum=True))


def floored(cell: Cell, floor: object, outcome: Outcome) -> Outcome:
    """Hold a result above its floor; `none` is no floor."""
    if isinstance(floor, str) or floor is None:
        return outcome
    lowest = amount(cell, floor)  # type: ignore[arg-type]
    if outcome.raw < lowest:
        formula = f"max({outcome.formula}, {show(lowest)})" if cell.traced else ""
        return Outcome(lowest, formula, capped=outcome.capped, more={**outcome.more, "floored": True})
    return outcome


def deduct(cell: Cell, a: Args) -> Outcome:
    """Start from the full marks and subtract so much for each case."""
    full, per, count = amount(cell, a["from"]), amount(cell, a["per"]), cell.get(a["count"])
    times = count if a["each"] is None else steps_of(count, positive(cell, a["each"], "each"), a["steps"])
    outcome = Outcome(full - per * times, f"{show(full)}-{show(per)}×{show(times)}" if cell.traced else "", sum=True)
    return floored(cell, a["floor"], outcome)


def _deduct_check(args: dict[str, Any], place: Place, names: Names, line: int) -> None:
    if args.get("each") is not None and args.get("steps") is None:
        names.refuse(
            place.at("steps"),
            line,
            "scheme.choice_missing",
            choice="steps",
            form=" | ".join(STEPS),
            meaning_zh="",
            meaning_en="",
        )


def terms_of(cell: Cell, a: Args) -> list[tuple[Ref, Fraction, Fraction]]:
    """List name, figure and factor of each part that applies."""
    found = [(one["value"], cell.maybe(one["value"]), one["times"]) for one in a["of"]]
    if a["not_applicable"] == "whole" and any(value is None for _, value, _ in found):
        raise NotApplicable(next(ref.text for ref, value, _ in found if value is None))
    return [(ref, value, amount(cell, times)) for ref, value, times in found if value is not None]


def add(cell: Cell, a: Args) -> Outcome:
    """Add several figures, each with its factor, under a ceiling on the sum."""
    terms = terms_of(cell, a)
    formula = ""
    if cell.traced:
        written = [show(value) if times == 1 else f"{show(value)}×{show(times)}" for _, value, times in terms]
        formula = "+".join(written) or "0"
    outcome = Outcome(sum((value * times for _, value, times in terms), ZERO), formula, sum=len(terms) > 1)
    outcome = held(cell, a["cap"], "total", held(cell, a["cap"], "sum", outcome))
    return floored(cell, a["floor"], outcome)


def product(cell: Cell, a: Args) -> Outcome:
    """Multiply several figures (a chain of rates)."""
    found, formula = ONE, []
    for factor in a["of"]:
        value = amount(cell, factor)
        found *= value
        formula.append(show(value))
    return held(cell, a["cap"], "product", Outcome(found, "×".join(formula)))


def pick(cell: Cell, a: Args) -> Outcome:
    """Take the highest, lowest, middle or mean of several figures; those that don't apply are left out."""
    values = sorted(value for value in map(cell.maybe, a["of"]) if value is not None)
    if not values:
        raise NotApplicable(a["of"][0].text)
    found = middle(values, a["take"])
    return Outcome(found, f"{a['take']}({', '.join(show(value) for value in values)})" if cell.traced else "")


def middle(values: Sequence[Fraction], take: str) -> Fraction:
    """Take one figure out of sorted ones."""
    half = len(values) // 2
    if take == "median":
        return values[half] if len(values) % 2 else (values[half - 1] + values[half]) / 2
    return {"highest": values[-1], "lowest": values[0], "mean": sum(values, ZERO) / len(values)}[take]


def sample_correction(cell: Cell, a: Args) -> Outcome:
    """Correct a reported figure by what a sample of it was found to hold: value × found / reported."""
    value, reported, found = cell.get(a["value"]), cell.get(a["reported"]), cell.get(a["found"])
    if reported == 0:
        if a["empty_sample"] == "uncorrected":
            return Outcome(value, show(value), more={"settled": "empty_sample"})
        empty = settled(cell, a["empty_sample"], "scheme.empty_sample")
        return Outcome(empty, text_of(empty), more={"settled": "empty_sample"})
    if found > reported and a["upward"] == "not_allowed":
        return Outcome(value, show(value), more={"settled": "upward"})
    return Outcome(value * found / reported, f"{show(value)}×{show(found)}/{under(reported)}" if cell.traced else "")


def manual(cell: Cell, a: Args) -> Outcome:
    """Take points a department gave by hand, inside a range and with a reason."""
    value, least, most = cell.get(a["value"]), amount(cell, a["least"]), amount(cell, a["most"])
    if a["reason"] != "none" and not cell.word(a["reason"]):
        cell.stop("scheme.reason_missing", reason=a["reason"].text)
    if not least <= value <= most and a["out_of_range"] == "error":
        cell.stop("scheme.out_of_range", value=text_of(value), least=text_of(least), most=text_of(most))
    held_value = min(max(value, least), most)
    return Outcome(held_value, show(held_value), more={} if held_value == value else {"settled": "out_of_range"})


def _term(node: Yaml, place: Place, names: Names, line: int) -> dict[str, object]:
    if isinstance(node, Map):
        return keys.read_keys(node, TERM, place, names, line)
    return {"value": keys.ref(node, place, names, line), "times": ONE}


def _reason(node: Yaml, place: Place, names: Names, line: int) -> object:
    return "none" if node == "none" else keys.any_ref(node, place, names, line)


def floor_key(*, need: str = CHOICE) -> Key:
    """Make the key `floor`."""
    return Key("floor", _none_or_quantity, need, "最低到多少", "the lowest it can be", "none", "none | QUANTITY")


def _none_or_quantity(node: Yaml, place: Place, names: Names, line: int) -> object:
    return "none" if node == "none" else keys.quantity(node, place, names, line)


def settle_key(name: str, zh: str, en: str, *tokens: str) -> Key:
    """Make a choice between words."""
    return Key(name, keys.token_or_number(*tokens), CHOICE, zh, en, form=" | ".join([*tokens, "NUMBER"]))


def word_key(name: str, zh: str, en: str, *tokens: str, need: str = CHOICE, default: object = None) -> Key:
    """Make a choice between words only."""
    return Key(name, keys.token(*tokens), need, zh, en, default, " | ".join(tokens))


def cap_key(*places: str) -> Key:
    """Make the key `cap`."""
    form = f"none | {{on: {' | '.join(places)}, at: QUANTITY}}"
    return Key("cap", keys.cap(*places), CHOICE, "上限封在哪一层", "the ceiling and what it lies on", form=form)


VALUE = Key("value", keys.quantity, MUST, "指标值", "the figure", form="NAME or QUANTITY")
TERM = (
    Key("value", keys.ref, MUST, "名称", "a name", form="NAME"),
    Key("times", keys.quantity, MAY, "系数（固定折算）", "its factor (fixed conversion)", ONE, "QUANTITY"),
)

OPERATORS = (
    Operator(
        "ratio",
        (
            VALUE,
            Key("to", keys.quantity, MUST, "目标（计划、上年、平均、基年、最好）", "the target", form="QUANTITY"),
            cap_key("ratio", "item"),
            settle_key(
                "zero_target", "目标为零怎么算", "what a zero target gives", "error", "zero", "full", "not_applicable"
            ),
            settle_key(
                "negative",
                "出现负数怎么算",
                "what a negative figure or target gives",
                "error",
                "zero",
                "not_applicable",
                "keep",
            ),
        ),
        ratio,
        "share",
        "完成率 = 实绩 ÷ 目标，1 即完成。",
        "Rate = figure ÷ target; 1 is the target met.",
        primitives="P1 P2 P3 P6 P39",
    ),
    Operator(
        "growth",
        (
            VALUE,
            Key(
                "base",
                keys.quantity,
                MUST,
                "基数（如 funds@last_year）",
                "the base, such as funds@last_year",
                form="QUANTITY",
            ),
            word_key("as", "按百分数还是小数", "as a percentage or a plain ratio", "percent", "ratio"),
            settle_key("zero_base", "基数为零怎么算", "what a zero base gives", "error", "zero", "not_applicable"),
            settle_key(
                "negative_base",
                "基数为负怎么算",
                "what a negative base gives",
                "error",
                "zero",
                "not_applicable",
                "absolute",
            ),
            cap_key("growth", "item"),
        ),
        growth,
        "ask",
        "增长 =（本期 - 基数）÷ 基数。",
        "Change = (figure - base) ÷ base.",
        primitives="P6 P27",
    ),
    Operator(
        "less",
        (
            VALUE,
            Key("less", keys.quantity, MUST, "已在别处计过的数", "what was credited elsewhere", form="QUANTITY"),
            floor_key(),
        ),
        less,
        "ask",
        "一个计数减去另一个计数已计过的。",
        "A counter less what another counter credited.",
        primitives="P17 P34",
    ),
    Operator(
        "deduct",
        (
            Key(
                "from",
                keys.quantity,
                MUST,
                "从多少起扣，full 为满分",
                "start from; full = full marks",
                form="full | QUANTITY",
            ),
            Key(
                "per",
                keys.quantity,
                MUST,
                "每件（每 each）扣多少",
                "points off per case (or per `each`)",
                form="QUANTITY",
            ),
            Key("count", keys.ref, MUST, "件数", "how many", form="NAME"),
            floor_key(),
            Key("each", keys.quantity, MAY, "每多少算一次", "how many make one step", None, "QUANTITY"),
            word_key(
                "steps", "不足一步怎么算（写了 each 必选）", "parts of a step (needed with each)", *STEPS, need=MAY
            ),
        ),
        deduct,
        "points",
        "从满分起，逐件扣分。",
        "Start from full marks and subtract per case.",
        check=_deduct_check,
        primitives="P14 P32",
    ),
    Operator(
        "sum",
        (
            Key("of", keys.listing(_term), MUST, "各部分", "the parts", form="[NAME | {value: NAME, times: QUANTITY}]"),
            cap_key("sum", "total", "item"),
            floor_key(need=MAY),
            word_key(
                "not_applicable",
                "有一部分不适用时",
                "when a part is not applicable",
                "skip",
                "whole",
                need=MAY,
                default="skip",
            ),
        ),
        add,
        "ask",
        "各部分乘系数后相加，上限只封总和。",
        "The parts times their factors, added; the ceiling lies on the sum.",
        primitives="P3 P5 P13 P34",
    ),
    Operator(
        "product",
        (
            Key("of", keys.listing(keys.quantity), MUST, "各因数", "the factors", form="[QUANTITY]"),
            cap_key("product", "item"),
        ),
        product,
        "ask",
        "各数连乘（率的链条）。",
        "The figures multiplied (a chain of rates).",
        primitives="P26",
    ),
    Operator(
        "pick",
        (
            Key("of", keys.listing(keys.ref), MUST, "从哪些里取", "out of which", form="[NAME]"),
            word_key("take", "取哪个", "which one", "highest", "lowest", "median", "mean"),
        ),
        pick,
        "ask",
        "从几个数里取最高、最低、中位或平均。",
        "The highest, lowest, middle or mean of several figures.",
        primitives="P17 P39",
    ),
    Operator(
        "sample_correction",
        (
            Key("value", keys.ref, MUST, "上报数", "the reported figure", form="NAME"),
            Key("reported", keys.ref, MUST, "抽中样本的上报数", "what the sample had reported", form="NAME"),
            Key("found", keys.ref, MUST, "抽中样本的核实数", "what was found in the sample", form="NAME"),
            word_key("empty_sample", "没有抽到样本", "no sample", "error", "uncorrected", "zero", "not_applicable"),
            word_key("upward", "核实数更高时是否上调", "whether it may go up", "allowed", "not_allowed"),
        ),
        sample_correction,
        "ask",
        "按抽查结果校正上报数。",
        "A reported figure corrected by an audited sample.",
        primitives="P33",
    ),
    Operator(
        "manual",
        (
            Key("value", keys.ref, MUST, "部门打的分", "the points given", form="NAME"),
            Key("least", keys.quantity, MUST, "下限", "lowest allowed", form="QUANTITY"),
            Key("most", keys.quantity, MUST, "上限", "highest allowed", form="QUANTITY"),
            word_key("out_of_range", "超出范围怎么办", "outside the range", "error", "clamp"),
            Key(
                "reason",
                _reason,
                CHOICE,
                "理由在哪个文字输入里",
                "the text input that holds the reason",
                form="none | NAME",
            ),
        ),
        manual,
        "ask",
        "部门在范围内手工打分，附理由。",
        "Points given by hand inside a range, with a reason.",
        primitives="P23",
    ),
)
