"""Rules about indicators: quantities that say one thing, units that fit, references that end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from luodi.codebook.rules.draft import Draft, Flaw, Path, reach, way
from luodi.codebook.values import Has, Projects, Quantity, While

FUNCTION = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*")
WHATS = ("count", "amount", "rises", "sum", "plan", "indicator")
ADDITIVE = ("flow", "stock", "sum")
# kind -> what its value may be
VALUES = {"flow": ("count", "amount", "rises"), "stock": ("count", "amount"), "sum": ("sum",)}


def what(quantity: Quantity) -> tuple[str, ...]:
    """Tell which of its keys a quantity uses."""
    return tuple(key for key in WHATS if getattr(quantity, key) is not None)


def quantities(draft: Draft) -> Iterator[tuple[int, Any, Path, Quantity]]:
    """Yield every quantity of every indicator with its path."""
    for index, item in draft.of("indicators"):
        for key in ("value", "numerator", "denominator"):
            for path, quantity in reach(item, (key,)):
                yield index, item, path, quantity


def selections(draft: Draft) -> Iterator[tuple[int, Path, Projects]]:
    """Yield every choice of projects with its path."""
    for index, item in draft.of("indicators"):
        for dotted in ("projects", "value.projects", "numerator.projects", "denominator.projects"):
            for path, chosen in reach(item, way(dotted)):
                yield index, path, chosen


def a_quantity_is_one_thing(draft: Draft) -> Iterator[Flaw]:
    """A quantity has exactly one of its keys, and `after` only with rises."""
    for index, item, path, quantity in quantities(draft):
        found, allowed = what(quantity), VALUES.get(item.kind, WHATS)
        if len(found) != 1 or found[0] not in allowed:
            yield Flaw("indicators", index, path, "profile.one_of", {"choices": ", ".join(allowed)})
        elif (quantity.after is not None) != (found == ("rises",)):
            yield Flaw("indicators", index, (*path, "after"), "profile.after_rises", {})


def units_fit(draft: Draft) -> Iterator[Flaw]:
    """A count is a count; amounts, rises and sums of money are money; a rate is a ratio; days are days."""
    units = {measure.id: measure.unit for measure in draft.values("measures")}
    fixed = {"ratio": "ratio", "cohort": "ratio", "target_rate": "ratio", "median": "days", "points": "points"}
    for index, item in draft.of("indicators"):
        wanted = fixed.get(item.kind)
        if item.kind in ADDITIVE:
            key = what(item.value)[0] if len(what(item.value)) == 1 else ""
            wanted = {
                "count": "count",
                "amount": "money",
                "rises": "money",
                "sum": units.get(item.value.sum or ""),
            }.get(key)
        if wanted and item.unit != wanted:
            yield Flaw("indicators", index, ("unit",), "profile.not_allowed", {"found": item.unit, "allowed": wanted})
        if item.printed_in and item.unit != "money":
            yield Flaw("indicators", index, ("printed_in",), "profile.printed_in", {"unit": item.unit})


def indicators_build_on_the_right_kind(draft: Draft) -> Iterator[Flaw]:
    """A rate to target is of something additive, points are of such a rate, a ratio's parts are additive: so none goes in circles."""
    kinds = {item.id: item.kind for item in draft.values("indicators")}
    for index, path, name, allowed in _uses(draft):
        if name in kinds and kinds[name] not in allowed:
            params = {"found": name, "kind": kinds[name], "allowed": ", ".join(allowed)}
            yield Flaw("indicators", index, path, "profile.wrong_kind", params)


def _uses(draft: Draft) -> Iterator[tuple[int, Path, str, tuple[str, ...]]]:
    """Yield every indicator named by another, and of which kinds it may be."""
    for index, item in draft.of("indicators"):
        if item.kind in ("target_rate", "points"):
            yield index, ("of",), item.of, ADDITIVE if item.kind == "target_rate" else ("target_rate",)
    for index, _, path, quantity in quantities(draft):
        if quantity.indicator is not None:
            yield index, (*path, "indicator"), quantity.indicator, ADDITIVE


def conditions_have_known_values(draft: Draft) -> Iterator[Flaw]:
    """A coded column can only have a value of its vocabulary, a choice attribute one of its choices."""
    allowed = {item.id: item.values for item in draft.values("vocabularies")}
    allowed |= {item.id: item.choices for item in draft.values("attributes") if item.type == "choice"}
    for index, path, chosen in selections(draft):
        for inner, condition in _conditions(chosen):
            for value in condition.values:
                if condition.field in allowed and value not in allowed[condition.field]:
                    params = {"found": value, "allowed": ", ".join(allowed[condition.field])}
                    yield Flaw("indicators", index, (*path, *inner, "values"), "profile.not_allowed", params)


def _conditions(chosen: Projects) -> Iterator[tuple[Path, Has | While]]:
    yield from ((("has", place), one) for place, one in enumerate(chosen.has))
    if chosen.first_while is not None:
        yield ("first_while",), chosen.first_while


def conditions_over_time_need_a_first_day(draft: Draft) -> Iterator[Flaw]:
    """`first_while` refines `first`; it says nothing alone."""
    for index, path, chosen in selections(draft):
        if chosen.first_while is not None and chosen.first is None:
            yield Flaw("indicators", index, (*path, "first_while"), "profile.first_while", {})


def a_function_is_named(draft: Draft) -> Iterator[Flaw]:
    """What no kind fits is a function, named as `package.module:function`."""
    for index, item in draft.of("indicators"):
        if item.kind == "python" and not FUNCTION.fullmatch(item.function):
            yield Flaw("indicators", index, ("function",), "profile.function", {"found": item.function})


RULES = (
    a_function_is_named,
    a_quantity_is_one_thing,
    units_fit,
    indicators_build_on_the_right_kind,
    conditions_have_known_values,
    conditions_over_time_need_a_first_day,
)
