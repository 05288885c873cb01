"""Rules about measures, forms and data checks."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from luodi.codebook.rules.draft import Draft, Flaw
from luodi.codebook.values import CHECKS, REQUIRED_MEASURES, Form
from luodi.kernel.money import YUAN_IN

FILED_IN = {"money": tuple(YUAN_IN), "persons": ("人",), "count": ("个",)}


def every_city_has_the_basic_measures(draft: Draft) -> Iterator[Flaw]:
    """Six measures are common to all cities, so that provinces and outside programs can rely on them."""
    missing = [name for name in REQUIRED_MEASURES if name not in draft.names["measures"]]
    if missing and draft.of("measures"):
        yield Flaw(
            "measures", draft.of("measures")[0][0], (), "profile.basic_measures", {"missing": ", ".join(missing)}
        )


def measures_are_filed_in_their_unit(draft: Draft) -> Iterator[Flaw]:
    """Money is filed in units of money, persons in 人, counts in 个."""
    for index, measure in draft.of("measures"):
        if measure.filed_in not in FILED_IN[measure.unit]:
            params = {"found": measure.filed_in, "allowed": ", ".join(FILED_IN[measure.unit])}
            yield Flaw("measures", index, ("filed_in",), "profile.not_allowed", params)


def forms_ask_measures_of_their_subject(draft: Draft) -> Iterator[Flaw]:
    """A measure is filed on projects or on units, never on both into one sum."""
    filed_on = {measure.id: measure.filed_on for measure in draft.values("measures")}
    for index, form in draft.of("forms"):
        for place, column in enumerate(form.measures):
            found = filed_on.get(column.measure, form.subject)
            if found != form.subject:
                params = {"measure": column.measure, "filed_on": found, "subject": form.subject}
                yield Flaw("forms", index, ("measures", place), "profile.measure_of_other_subject", params)


def forms_ask_something_once(draft: Draft) -> Iterator[Flaw]:
    """A form has columns, and none of them twice."""
    for index, form in draft.of("forms"):
        names = [column.measure for column in form.measures]
        if not names and not form.notes:
            yield Flaw("forms", index, (), "profile.form_is_empty", {"form": form.id})
        for place, name in enumerate(names):
            if name in names[:place]:
                yield Flaw("forms", index, ("measures", place), "profile.measure_twice", {"measure": name})


def _same_days(one: Form, other: Form) -> bool:
    begins_in_time = one.valid_from is None or other.valid_to is None or one.valid_from < other.valid_to
    ends_late_enough = other.valid_from is None or one.valid_to is None or other.valid_from < one.valid_to
    return begins_in_time and ends_late_enough


def no_figure_is_asked_twice(draft: Draft) -> Iterator[Flaw]:
    """Two forms of one rhythm must not ask the same units the same measure (一次填报多方共享)."""
    for (_, one), (index, other) in combinations(draft.of("forms"), 2):
        same_filers = set(one.owes.unit_kinds) & set(other.owes.unit_kinds) and one.owes.role == other.owes.role
        kinds_meet = not one.owes.kinds or not other.owes.kinds or set(one.owes.kinds) & set(other.owes.kinds)
        if one.every != other.every or not same_filers or not kinds_meet or not _same_days(one, other):
            continue
        twice = {column.measure for column in one.measures} & {column.measure for column in other.measures}
        if twice:
            params = {"measures": ", ".join(sorted(twice)), "form": one.id}
            yield Flaw("forms", index, ("measures",), "profile.asked_twice", params)


def windows_open_before_they_close(draft: Draft) -> Iterator[Flaw]:
    """Filling opens, is due, and closes, in this order."""
    for index, form in draft.of("forms"):
        window = form.window
        if window.opens > window.due or (window.closes is not None and window.closes < window.due):
            yield Flaw("forms", index, ("window",), "profile.window_out_of_order", {"form": form.id})


def checks_are_known(draft: Draft) -> Iterator[Flaw]:
    """A check is one of those the system has, with exactly the numbers it uses."""
    for index, check in draft.of("checks"):
        if check.id not in CHECKS:
            params = {"found": check.id, "allowed": ", ".join(sorted(CHECKS))}
            yield Flaw("checks", index, ("id",), "profile.not_allowed", params)
            continue
        given = sorted(threshold.id for threshold in check.thresholds)
        if given != sorted(CHECKS[check.id]):
            params = {"check": check.id, "found": ", ".join(given) or "∅", "needed": ", ".join(CHECKS[check.id]) or "∅"}
            yield Flaw("checks", index, ("thresholds",), "profile.thresholds", params)


RULES = (
    every_city_has_the_basic_measures,
    measures_are_filed_in_their_unit,
    forms_ask_measures_of_their_subject,
    forms_ask_something_once,
    no_figure_is_asked_twice,
    windows_open_before_they_close,
    checks_are_known,
)
