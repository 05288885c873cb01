"""
A second, slow and obvious evaluator: it recomputes an item's score from its trace alone.

It imports nothing of luodi and sees neither scheme nor data: only what the trace of one score says (operator,
inputs, which name plays which part, parameters, settled choices, peers, rows, weight, rounding).
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor
from typing import Any


def number(text: str) -> Fraction:
    top, _, bottom = text.partition("/")
    return Fraction(top) / Fraction(bottom) if bottom else Fraction(top)


class Trace:
    def __init__(self, item: dict[str, Any]) -> None:
        self.item = item
        self.keys = {**item["parameters"], **item["choices"], **item["uses"]}

    def has(self, key: str) -> bool:
        return self.keys.get(key) is not None

    def of(self, what: Any) -> Fraction:
        """Resolve a quantity: a number, a name among the inputs, full marks, or a percentage of one of these."""
        if isinstance(what, dict):
            return number(what["percent"]) / 100 * self.of(what["of"])
        if what == "full":
            return number(self.item["parameters"]["weight"])
        if what in self.item["inputs"]:
            return number(self.item["inputs"][what])
        return number(what)

    def get(self, key: str) -> Fraction:
        return self.of(self.keys[key])

    def caps(self, *places: str) -> list[Fraction]:
        found = self.keys.get("cap", "none")
        listed = [] if found == "none" else found if isinstance(found, list) else [found]
        return [self.of(one["at"]) for one in listed if one["on"] in places]

    def capped(self, value: Fraction, *places: str) -> Fraction:
        return min([value, *self.caps(*places)])

    def floored(self, value: Fraction) -> Fraction:
        return value if self.keys.get("floor", "none") == "none" else max(value, self.get("floor"))


def stepped(distance: Fraction, width: Fraction, how: str) -> Fraction:
    exact = distance / width
    return Fraction(floor(exact)) if how == "whole" else Fraction(ceil(exact)) if how == "begun" else exact


def ratio(t: Trace) -> Fraction:
    return t.capped(t.get("value") / t.get("to"), "ratio")


def growth(t: Trace) -> Fraction:
    base = t.get("base")
    change = (t.get("value") - base) / abs(base)
    return t.capped(change * 100 if t.keys["as"] == "percent" else change, "growth")


def less(t: Trace) -> Fraction:
    return t.floored(t.get("value") - t.get("less"))


def deduct(t: Trace) -> Fraction:
    count = t.get("count")
    if t.has("each"):
        count = stepped(count, t.get("each"), t.keys["steps"])
    return t.floored(t.get("from") - t.get("per") * count)


def add(t: Trace) -> Fraction:
    total = Fraction(0)
    for part in t.keys["of"]:
        name, times = (part["value"], part.get("times", "1")) if isinstance(part, dict) else (part, "1")
        if t.item["inputs"][name] is not None:
            total += t.of(name) * t.of(times)
    return t.floored(t.capped(total, "sum", "total"))


def product(t: Trace) -> Fraction:
    found = Fraction(1)
    for factor in t.keys["of"]:
        found *= t.of(factor)
    return t.capped(found, "product")


def taken(values: list[Fraction], how: str) -> Fraction:
    values = sorted(values)
    middle = (values[(len(values) - 1) // 2] + values[len(values) // 2]) / 2
    return {"highest": values[-1], "lowest": values[0], "median": middle, "mean": sum(values) / Fraction(len(values))}[
        how
    ]


def pick(t: Trace) -> Fraction:
    return taken([t.of(name) for name in t.keys["of"] if t.item["inputs"][name] is not None], t.keys["take"])


def sample_correction(t: Trace) -> Fraction:
    return t.get("value") * t.get("found") / t.get("reported")


def manual(t: Trace) -> Fraction:
    return min(max(t.get("value"), t.get("least")), t.get("most"))


def minmax(t: Trace) -> Fraction:
    low, high = (number(t.item["peers"][end]["value"]) for end in ("min", "max"))
    if t.keys.get("direction") == "lower_is_better":
        low, high = high, low
    return (t.get("value") - low) / (high - low) * t.get("span") + t.get("floor")


def rank_band(t: Trace) -> Fraction:
    place = number(t.item["place"])
    if t.keys.get("gives") == "place":
        return place
    reached = place * 100 / t.item["of"] if t.keys.get("by") == "percent" else place
    for band in t.keys["bands"]:
        if reached <= t.of(band["to"]):
            return t.of(band["points"])
    return t.get("otherwise")


def peer(t: Trace) -> Fraction:
    peers, take = t.item["peers"], t.keys["take"]
    if take == "count":
        return Fraction(peers["count"])
    return number(peers["sum"]) / peers["count"] if take == "mean" else number(peers[take])


def children(t: Trace) -> Fraction:
    found = [(number(one["value"]), number(one["weight"])) for one in t.item["children"]]
    return sum((value * weight for value, weight in found), Fraction(0)) / sum(weight for _, weight in found)


def steps(t: Trace) -> Fraction:
    reference, base = t.get("from"), t.get("base")
    distance = t.get("value") - reference
    if t.keys["measure"] == "percent":
        distance = distance * 100 / abs(reference)
    side = t.keys["up"] if distance >= 0 else t.keys["down"]
    if distance == 0 or side == "none":
        return t.floored(base)
    if "to" in side:
        return t.floored(t.of(side["to"]))
    moved = stepped(abs(distance), t.of(side["per"]), t.keys["steps"]) * t.of(side["points"])
    if side["most"] != "none":
        moved = min(moved, t.of(side["most"]))
    return t.floored(base + moved if distance > 0 else base - moved)


def brackets(t: Trace) -> Fraction:
    distance = t.get("value") - t.get("from")
    spec = t.keys["above"] if distance >= 0 or t.keys["below"] == "mirrored" else t.keys["below"]
    rest, found, k = abs(distance), Fraction(0), 0
    while rest > 0 and spec != "none" and (isinstance(spec, dict) or k < len(spec)):
        if isinstance(spec, dict):
            width, rate = t.of(spec["slice"]), t.of(spec["of"]) / (t.of(spec["first"]) + k * t.of(spec["step"]))
        else:
            width, rate = (t.of(spec[k]["width"]) if "width" in spec[k] else rest), t.of(spec[k]["rate"])
        found += min(rest, width) * rate
        rest, k = rest - min(rest, width), k + 1
    return t.floored(t.capped(t.get("base") + (found if distance >= 0 else -found), "sum"))


def targets(t: Trace) -> Fraction:
    value = t.get("value")
    marks = [(t.of(one["at"]), t.of(one["points"])) for one in t.keys["targets"]]

    def line(a: tuple[Fraction, Fraction], b: tuple[Fraction, Fraction]) -> Fraction:
        return a[1] + (value - a[0]) * (b[1] - a[1]) / (b[0] - a[0])

    if value < marks[0][0]:
        how = t.keys["below"]
        if how == "extend":
            return line(marks[0], marks[1])
        if how == "proportional" and marks[0][0] > 0:
            return line((Fraction(0), Fraction(0)), marks[0])
        return marks[0][1] if how == "first" else Fraction(0)
    if value >= marks[-1][0]:
        beyond = t.keys["above"] == "extend" and t.keys["between"] == "linear" and value > marks[-1][0]
        return line(marks[-2], marks[-1]) if beyond else marks[-1][1]
    below = max(mark for mark in marks if mark[0] <= value)
    above = min(mark for mark in marks if mark[0] > value)
    return below[1] if t.keys["between"] == "step" or value == below[0] else line(below, above)


def lookup(t: Trace) -> Fraction:
    if "words" in t.keys:
        return t.of(t.keys["words"][t.item["inputs"][t.keys["value"]]])
    met = [one for one in t.keys["bands"] if t.of(one["min"]) <= t.get("value")]
    return t.of(max(met, key=lambda one: t.of(one["min"]))["gives"])


def ladder(t: Trace) -> Fraction:
    if t.item["level"] == "otherwise":
        chosen = t.keys["otherwise"]
        return Fraction(0) if chosen == "zero" else number(chosen)
    levels = {one.get("name", str(i)): one for i, one in enumerate(t.keys["levels"], 1)}
    return t.of(levels[t.item["level"]]["points"])


def points_by_row(t: Trace) -> Fraction:
    return t.floored(sum((number(row["points"]) for row in t.item["rows"]), Fraction(0)))


def rows_total(t: Trace) -> Fraction:
    rows, take = t.item["rows"], t.keys["take"]
    values = [number(row["value"]) * number(row["share"]) for row in rows]
    total = sum(values, Fraction(0))
    if take == "mean":
        return total / sum(number(row["share"]) for row in rows)
    return {"highest": max, "lowest": min}[take](values) if take in ("highest", "lowest") else total


def quota(t: Trace) -> Fraction:
    short, spare = Fraction(0), Fraction(0)
    for band in t.item["bands"]:
        have = number(band["have"]) + (spare if t.keys["offset"] == "downwards" else 0)
        short += max(number(band["need"]) - have, Fraction(0))
        spare = max(have - number(band["need"]), Fraction(0))
    return t.floored(t.get("from") - t.get("per") * short)


def ratings(t: Trace) -> Fraction:
    given, weights = t.item["ratings"], {name: t.of(weight) for name, weight in t.keys["weights"].items()}
    whole = sum(weights[name] for name in (given if t.keys["absent_group"] == "redistribute" else weights))
    return sum((number(one["mean"]) * weights[name] for name, one in given.items()), Fraction(0)) / whole


def over_periods(t: Trace) -> Fraction:
    values = [number(one) for one in t.item.get("windows") or [value for _, value in t.item["periods"]]]
    total = sum(values, Fraction(0))
    ends = {"first": values[0], "last": values[-1], "highest": max(values), "lowest": min(values)}
    return {**ends, "sum": total, "mean": total / len(values), "count": Fraction(len(values))}[t.keys["take"]]


def streak(t: Trace) -> Fraction:
    truths = [truth for _, truth in t.item["running"]]
    return Fraction(truths.index(False) if False in truths else truths.index(None) if None in truths else len(truths))


OPERATORS = {
    "ratio": ratio, "growth": growth, "less": less, "deduct": deduct, "sum": add, "product": product, "pick": pick,
    "sample_correction": sample_correction, "manual": manual, "minmax": minmax, "rank_band": rank_band, "peer": peer,
    "children": children, "steps": steps, "brackets": brackets, "targets": targets, "lookup": lookup, "ladder": ladder,
    "points_by_row": points_by_row, "rows_total": rows_total, "quota": quota, "ratings": ratings, "over_periods": over_periods, "streak": streak,
}  # fmt: skip


def settled(t: Trace, choice: str) -> Fraction:
    if choice == "when":
        return number(t.keys.get("else", "0"))
    chosen = t.keys[choice]
    if chosen in ("uncorrected", "not_allowed"):
        return t.get("value")
    return {"zero": Fraction(0), "full": Fraction(1)}.get(chosen) if chosen in ("zero", "full") else number(chosen)


def recompute(item: dict[str, Any]) -> tuple[Fraction, Fraction]:
    """Give an item's exact and rounded score by its trace."""
    t = Trace(item)
    choice = item.get("settled")
    if choice and choice != "out_of_range":
        raw = settled(t, choice)
    else:
        raw = OPERATORS[item["op"]](t)
    scale = item["choices"].get("scale") or ({"from": "1"} if item["op"] == "ratio" else "none")
    if "weight" in item["parameters"] and scale != "none" and choice != "when":
        raw = raw * number(item["parameters"]["weight"]) / number(scale["from"])
    exact = t.capped(raw, "item")
    return exact, rounded(exact, item["choices"]["round"])


def rounded(value: Fraction, rule: Any) -> Fraction:
    """Round half away from zero, or as the rule says, the slow way."""
    if rule == "none":
        return value
    scaled = value * 10 ** int(rule["places"])
    size, sign = abs(scaled), -1 if scaled < 0 else 1
    whole, rest = size.__floor__(), size - size.__floor__()
    up = {
        "half_up": rest >= Fraction(1, 2),
        "half_down": rest > Fraction(1, 2),
        "half_even": rest > Fraction(1, 2) or (rest == Fraction(1, 2) and whole % 2 == 1),
        "down": False,
        "up": rest > 0,
        "floor": rest > 0 and sign < 0,
        "ceiling": rest > 0 and sign > 0,
    }[rule["mode"]]
    return Fraction(sign * (whole + up)) / 10 ** int(rule["places"])
