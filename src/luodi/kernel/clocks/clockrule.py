"""Reading one clock of a policy: its keys, their defaults, and which of them go together."""

from __future__ import annotations

from datetime import date

from luodi.kernel import recurrence, yamltext
from luodi.kernel.clocks import values
from luodi.kernel.clocks.events import YEARS
from luodi.kernel.clocks.reading import Reader
from luodi.kernel.clocks.values import (
    Amount,
    ClockRule,
    ExcuseRule,
    ExtensionRule,
    StreakRule,
    Threshold,
)
from luodi.kernel.recurrence import Deadline, Recurrence

KEYS = (
    "id", "title", "kind", "preset", "budget", "by", "start", "ends", "roll", "pauses", "thresholds", "light", "extension",
    "excuse", "promise", "starts_on", "parent", "resets_on", "done_on", "every", "streak", "deemed_acceptance", "reopening",
)  # fmt: skip

# Ways of counting by name. civil_code: 民法典 art. 201 to 203: the first day isn't counted, a last day that is a holiday
# moves on.
PRESETS = {
    "civil_code": {"start": "next_day", "ends": "end_of_day", "roll": "next_workday"},
    "civil_code_office": {"start": "next_day", "ends": "end_of_hours", "roll": "next_workday"},
    "civil_code_hours": {"start": "instant", "ends": "instant", "roll": "none"},
}

SHIFT_UNITS = ("day", "workday", "month", "year")
NEEDS = ("reason", "new_date", "granted_by", "asked_by")
EXCUSE_NEEDS = ("reason", "accepted_by", "until")
ASKED = ("before_due", "any_time")


def read_clock(reader: Reader, has_hours: bool) -> ClockRule:
    """Read one clock; what is wrong goes to the reader's problems."""
    budget = amount(reader, "budget", values.UNITS)
    by = _by(reader)
    every = _every(reader)
    preset = PRESETS.get(reader.choice("preset", tuple(PRESETS), ""), {})
    timed = budget is not None and budget.unit in values.TIME_UNITS
    start = reader.choice(
        "start", values.STARTS, preset.get("start") or _start(timed, by is not None or every is not None)
    )
    ends = preset.get("ends") or ("instant" if timed or start == "instant" else "end_of_day")
    starts_on, starts_on_event = _starts_on(reader)
    parent, cap = _parent(reader)
    kind = reader.choice("kind", ("limit", "permit"), "limit")
    rule = ClockRule(
        id=reader.text("id", required=True) or "",
        budget=budget,
        by=by,
        start=start,
        ends=reader.choice("ends", values.ENDS, ends),
        roll=reader.choice("roll", values.ROLLS, preset.get("roll", "none")),
        pauses=reader.choice("pauses", values.PAUSES, "none"),
        thresholds=tuple(_threshold(item) for item in reader.items("thresholds", THRESHOLD_KEYS)),
        extension=_extension(reader) or (ExtensionRule() if kind == "permit" else None),
        excuse=_excuse(reader),
        promise=amount(reader, "promise", values.UNITS),
        starts_on=starts_on,
        starts_on_event=starts_on_event,
        parent=parent,
        cap=cap,
        resets_on=reader.words("resets_on", values.EVENT_KINDS[:-1]),
        done_on=reader.words("done_on", values.EVENT_KINDS[:-1]),
        every=every,
        streak=_streak(reader),
        deemed_acceptance=amount(reader, "deemed_acceptance", values.UNITS),
        reopening=reader.choice("reopening", ("resume", "continue", "restart"), "resume"),
        kind=kind,
        light=reader.choice("light", values.LIGHTS, "red"),
        title=reader.text("title"),
    )
    _check(reader, rule, has_hours)
    return rule


def _start(timed: bool, dated: bool) -> str:
    """The start when none is written: time runs at once; a fixed day may be today; else the first day isn't counted."""
    return "instant" if timed else "same_day" if dated else "next_day"


def _check(reader: Reader, rule: ClockRule, has_hours: bool) -> None:
    both = "budget" in reader.map and "by" in reader.map
    if both or not {"budget", "by", "every"} & set(reader.map):
        reader.problem("clock.budget_or_by", "budget")
    unit = rule.budget.unit if rule.budget else "day"
    if not has_hours and (unit == "workminute" or rule.ends == "end_of_hours"):
        reader.problem("clock.needs_hours", "budget" if unit == "workminute" else "ends")
    if rule.streak is not None and rule.every is None:
        reader.problem("clock.needs_key", "streak", needs="every")
    if rule.promise is not None and rule.budget is None:
        reader.problem("clock.needs_key", "promise", needs="budget")
    if rule.promise and rule.budget and rule.promise.unit == unit and rule.promise.n > rule.budget.n:
        reader.problem("clock.promise_longer", "promise", promise=rule.promise.n, budget=rule.budget.n)
    counted = "day" if unit in ("month", "year") else unit
    for threshold in rule.thresholds:
        own = threshold.kind == "used" or threshold.unit == "workminute"
        if own and threshold.unit not in (None, counted):
            reader.problem("clock.not_one_of", "thresholds", found=threshold.unit, allowed=counted)
    ids = [threshold.id for threshold in rule.thresholds]
    for twice in sorted({id_ for id_ in ids if id_ and ids.count(id_) > 1}):
        reader.problem("clock.id_twice", "thresholds", id=twice)


def amount(reader: Reader, key: str, units: tuple[str, ...]) -> Amount | None:
    """Read `{n: 10, unit: workday}`."""
    inner = reader.inner(key, ("n", "unit"))
    if inner is None:
        return None
    before = len(inner.problems)
    unit = inner.choice("unit", units, "day", required=True)
    n = inner.number("n", most=MOST.get(unit, 36_500), required=True)
    return Amount(n, unit) if n is not None and len(inner.problems) == before else Amount(0, "day")


# The longest limit taken seriously: a hundred years.
MOST = {
    "minute": 52_560_000,
    "workminute": 12_000_000,
    "hour": 876_000,
    "day": 36_500,
    "workday": 25_000,
    "week": 5_200,
    "month": 1200,
    "year": 100,
}


def _by(reader: Reader) -> Deadline | None:
    inner = reader.inner("by", (*recurrence.DEADLINES, "n", "unit"))
    if inner is None:
        return None
    kinds = [kind for kind in recurrence.DEADLINES if kind in inner.map]
    if len(kinds) != 1:
        reader.problem("clock.one_deadline", "by", found=", ".join(kinds), allowed=", ".join(recurrence.DEADLINES))
        return None
    kind = kinds[0]
    if kind != "after":
        for key in ("n", "unit"):
            if key in inner.map:
                inner.problem("clock.needs_key", key, needs="after")
    if kind == "after":
        unit = inner.choice("unit", recurrence.ROLLING_UNITS, "day")
        n = inner.number("n", most=MOST[unit], required=True) or 0
        return Deadline(kind, inner.choice("after", recurrence.AFTER, "month_end"), n, unit)
    return Deadline(kind, _at(inner, kind))


def _at(inner: Reader, kind: str) -> date | int | str | tuple[int, int]:
    """Read what a deadline names."""
    if kind == "last":
        return inner.choice(kind, recurrence.LAST, "day_of_month", required=True)
    if kind == "inside":
        return inner.choice(kind, recurrence.INSIDE, "year", required=True)
    if kind == "day":
        named = inner.day(kind)
        if named is not None and named.year not in YEARS:
            inner.problem("clock.out_of_bounds", kind, found=named, least=YEARS[0], most=YEARS[-1])
        return named or date(2000, 1, 1)
    if kind == "month_day":
        return inner.value(kind, _month_day, (1, 1), required=True)
    most = {"day_of_month": 31, "workday_of_month": 15, "day_of_week": 7}[kind]
    return inner.number(kind, least=1, most=most, required=True) or 1


def _month_day(node: yamltext.Node) -> tuple[int, int]:
    """Read `06-30` as (6, 30); 02-29 is the month's end in other years."""
    try:
        found = yamltext.day(yamltext.Text(f"2000-{node}") if isinstance(node, yamltext.Text) else None)
    except yamltext.Unfit:
        raise yamltext.Unfit("text", node) from None
    return found.month, found.day


def _every(reader: Reader) -> Recurrence | None:
    node = reader.map.get("every")
    if isinstance(node, yamltext.Map):
        found = amount_of(reader, "every", recurrence.ROLLING_UNITS)
        return Recurrence(found.unit, found.n)
    return None if node is None else Recurrence(reader.choice("every", recurrence.SPANS, "month"))


def amount_of(reader: Reader, key: str, units: tuple[str, ...]) -> Amount:
    """Read an amount of at least 1."""
    found = amount(reader, key, units) or Amount(1, "day")
    if found.n < 1:
        reader.problem("clock.out_of_bounds", key, found=found.n, least=1, most=36_500)
    return found


THRESHOLD_KEYS = ("id", "used_percent", "used", "left", "over", "unit", "light")
THRESHOLD_UNITS = {
    "used_percent": (),
    "used": values.UNITS,
    "left": values.UNITS,
    "over": ("minute", "hour", *SHIFT_UNITS),
}


def _threshold(reader: Reader) -> Threshold:
    id_ = reader.text("id", required=True) or ""
    kinds = [kind for kind in THRESHOLD_UNITS if kind in reader.map]
    if len(kinds) != 1:
        reader.problem("clock.one_threshold", "id", found=", ".join(kinds), allowed=", ".join(THRESHOLD_UNITS))
        return Threshold(id_, "used", 0)
    kind = kinds[0]
    unit = reader.choice("unit", THRESHOLD_UNITS[kind], "") or None
    most = 100 if kind == "used_percent" else MOST[unit] if unit else MOST["day" if kind == "over" else "minute"]
    n = reader.number(kind, most=most, required=True) or 0
    return Threshold(id_, kind, n, unit, reader.choice("light", values.LIGHTS, "red" if kind == "over" else "yellow"))


def _extension(reader: Reader) -> ExtensionRule | None:
    inner = reader.inner("extension", ("max_times", "asked", "needs", "n", "unit"))
    if inner is None:
        return None
    by = None
    if "n" in inner.map or "unit" in inner.map:
        unit = inner.choice("unit", SHIFT_UNITS, "day", required=True)
        by = Amount(inner.number("n", least=1, most=MOST[unit], required=True) or 1, unit)
    return ExtensionRule(
        inner.number("max_times"), inner.choice("asked", ASKED, "before_due"), inner.words("needs", NEEDS), by
    )


def _excuse(reader: Reader) -> ExcuseRule | None:
    inner = reader.inner("excuse", ("asked", "needs"))
    if inner is None:
        return None
    needs = inner.words("needs", EXCUSE_NEEDS) if "needs" in inner.map else ExcuseRule().needs
    return ExcuseRule(inner.choice("asked", ASKED, "before_due"), needs)


def _starts_on(reader: Reader) -> tuple[str | None, str | None]:
    """Read `starts_on: blue`, `{clock: blue}` or `{event: accepted}`."""
    if not isinstance(reader.map.get("starts_on"), yamltext.Map):
        return reader.text("starts_on"), None
    inner = reader.inner("starts_on", ("clock", "on", "event"))
    assert inner is not None  # noqa: S101  a mapping stands there; for the type checker
    inner.choice("on", ("expiry",), "expiry")
    event = inner.choice("event", values.EVENT_KINDS[:-1], "") or None
    clock = inner.text("clock")
    if (event is None) == (clock is None):
        reader.problem("clock.clock_or_event", "starts_on")
    return clock, event


def _parent(reader: Reader) -> tuple[str | None, bool]:
    """Read `parent: decide` or `{clock: decide, cap: true}`."""
    if not isinstance(reader.map.get("parent"), yamltext.Map):
        return reader.text("parent"), False
    inner = reader.inner("parent", ("clock", "cap"))
    assert inner is not None  # noqa: S101  a mapping stands there; for the type checker
    return inner.text("clock", required=True), inner.flag("cap", default=False)


def _streak(reader: Reader) -> StreakRule | None:
    node = reader.map.get("streak")
    if node is None:
        return None
    if not isinstance(node, yamltext.Map):
        return StreakRule(reader.number("streak", least=1) or 1)
    inner = reader.inner("streak", ("n", "late", "excused", "light"))
    assert inner is not None  # noqa: S101  a mapping stands there; for the type checker
    return StreakRule(
        inner.number("n", least=1, required=True) or 1,
        inner.choice("late", ("counts", "breaks"), "counts"),
        inner.choice("excused", ("breaks", "left_out"), "breaks"),
        inner.choice("light", values.LIGHTS, "red"),
    )
