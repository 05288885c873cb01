"""Operators over earlier periods: over_periods (cumulative, windows, caps per window) and streak (twice running)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from luodi.assessment.schemes import keys
from luodi.assessment.schemes.exact import text_of
from luodi.assessment.schemes.keys import MAY, MUST, Key, Names
from luodi.assessment.schemes.operators.base import ZERO, Cell, NotApplicable, Operator, Outcome, amount, show
from luodi.assessment.schemes.operators.basic import word_key
from luodi.assessment.schemes.periods import part_of_year
from luodi.assessment.schemes.values import Args
from luodi.kernel.yamltext import Node as Yaml
from luodi.kernel.yamltext import Place, Text

MONTHS = {"month": 1, "quarter": 3, "year": 12}


def over_periods(cell: Cell, a: Args) -> Outcome:
    """Add, average or pick one figure over the periods of a window that ends with the present one."""
    found: list[tuple[str, Fraction]] = []
    for period, value in cell.history(a["value"], a["window"]):
        if value is None and a["absent"] == "error":
            cell.stop("scheme.period_missing", missing=period, name=a["value"].text)
        if value is not None or a["absent"] == "zero":
            found.append((period, ZERO if value is None else value))
    if not found:
        raise NotApplicable(a["value"].text)
    values = [value for _, value in (_per_window(cell, a, found) if a["each"] else found)]
    total = sum(values, ZERO)
    ordered = {"sum": total, "mean": total / len(values), "highest": max(values), "lowest": min(values)}
    raw = {**ordered, "first": values[0], "last": values[-1], "count": Fraction(len(values))}[a["take"]]
    formula = f"{a['take']}({', '.join(show(value) for value in values)})" if cell.traced else ""
    more = {"periods": [[period, text_of(value)] for period, value in found]} if cell.traced else {}
    if a["each"] and cell.traced:
        return Outcome(raw, formula, more={**more, "windows": [text_of(value) for value in values]})
    return Outcome(raw, formula, more=more)


def _per_window(cell: Cell, a: Args, found: list[tuple[str, Fraction]]) -> list[tuple[str, Fraction]]:
    """Add up each month, quarter or year and hold it under its ceiling."""
    windows: dict[str, Fraction] = {}
    for period, value in found:
        number = part_of_year(period, MONTHS[a["each"]["by"]])
        window = period if number is None else str(number)
        windows[window] = windows.get(window, ZERO) + value
    most = a["each"]["most"]
    return [(window, min(value, amount(cell, most))) for window, value in windows.items()]


def streak(cell: Cell, a: Args) -> Outcome:
    """Count how many periods running, up to this one or the one before, a condition has held."""
    count, seen = 0, []
    for period, truth in cell.running(a["holds"], a["ending"], a["unknown"]):
        seen.append([period, truth])
        if truth is not True:
            break
        count += 1
    return Outcome(Fraction(count), str(count), more={"running": seen})


def _window(node: Yaml, place: Place, names: Names, line: int) -> object:
    if isinstance(node, Text) and node in ("year_to_date", "all"):
        return str(node)
    return keys.read_keys(node, LAST, place, names, line).get("last", 1)


def _streak_check(args: dict[str, Any], place: Place, names: Names, line: int) -> None:
    """What is asked of earlier periods only does not make this period's score depend on itself."""
    if args.get("ending") == "previous":
        names.refs.clear()
    for ref in names.refs:
        if ref.name in keys.COMPUTED and not ref.when:
            names.refuse(place.at("holds"), line, "scheme.needs_period", name=ref.name)


LAST = (Key("last", keys.whole, MUST, "最近几期（含本期）", "the last so many, this one included", form="1, 2, ..."),)
EACH = (
    word_key("by", "按月、季、年", "by month, quarter or year", "month", "quarter", "year"),
    Key("most", keys.quantity, MUST, "每个时段最多多少", "at most so much in each", form="QUANTITY"),
)

OPERATORS = (
    Operator(
        "over_periods",
        (
            Key("value", keys.ref, MUST, "哪项", "which figure", form="NAME"),
            Key("window", _window, MUST, "从哪期到本期", "the window", form="year_to_date | all | {last: N}"),
            word_key("take", "取什么", "what is taken", "sum", "mean", "highest", "lowest", "first", "last", "count"),
            word_key("absent", "缺的期怎么算", "a period without the figure", "skip", "zero", "error"),
            Key(
                "each",
                keys.table(EACH),
                MAY,
                "每月（季、年）封顶",
                "a ceiling for each month, quarter or year",
                None,
                "{by, most}",
            ),
        ),
        over_periods,
        "ask",
        "一段时期的累计、平均、最高或最低。",
        "One figure over a window of periods.",
        primitives="P13 P27 P35",
    ),
    Operator(
        "streak",
        (
            Key(
                "holds", keys.condition("attribute", any_time=True), MUST, "什么条件", "the condition", form="CONDITION"
            ),
            word_key("ending", "数到本期还是上期", "count up to this period or the one before", "current", "previous"),
            word_key("unknown", "某期说不清时", "a period where it can't be told", "breaks", "error"),
        ),
        streak,
        "ask",
        "连续几期满足条件。",
        "How many periods running a condition has held.",
        check=_streak_check,
        primitives="P31",
    ),
)
