"""Figures, targets and attributions."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from luodi.codebook.values import Permission, Profile
from luodi.codebook.values.reporting import Measure
from luodi.exchange import cells, history
from luodi.exchange.context import Context
from luodi.exchange.frame import Frame, Stated
from luodi.exchange.loading import plausible
from luodi.exchange.loading.base import Columns, Loader, refer, text_or_blank
from luodi.exchange.refusals import BadCell
from luodi.kernel import money
from luodi.projects import facts as project_facts
from luodi.statistics import facts

DOLLARS = "USD"
HUNDRED = Decimal(100)


# --- figures ---------------------------------------------------------------------------------------------------


def check_figures(frame: Frame, context: Context) -> None:
    """Subjects must exist where the measure is filed; forms must ask for the measure; values are read in the measure's unit."""
    subjects(frame, context)
    read_values(frame, context)
    if frame.has("rate") or frame.has("rate_on"):
        for index, (rate, on) in enumerate(zip(frame.column("rate"), frame.column("rate_on"), strict=True)):
            if (rate is None) != (on is None) or (isinstance(rate, Decimal) and rate <= 0):
                frame.refuse(index, "rate", "import.row.rate_and_day")
    forms(frame, context)
    plausible.figures(frame)


def subjects(frame: Frame, context: Context) -> None:
    """Refuse subjects that don't exist as what their measure is filed on."""
    filed_on = {measure.id: measure.filed_on for measure in context.profile.measures}
    on_units = {index for index, measure in enumerate(frame.column("measure")) if filed_on.get(str(measure)) == "unit"}
    if len(on_units) < len(frame):
        refer_some(frame, context.store.projects, "import.cell.unknown_project", on_units, inside=False)
    if on_units:
        refer_some(frame, context.store.units, "import.cell.unknown_unit", on_units, inside=True)


def refer_some(frame: Frame, known: frozenset[str], code: str, rows: set[int], *, inside: bool) -> None:
    """Refuse unknown subjects among some rows."""
    from luodi.exchange.loading.base import MOST_SUGGESTED_FOR, nearest

    near: dict[str, str] = {}
    for index, cell in enumerate(frame.column("subject")):
        if cell is None or cell in known or (index in rows) != inside:
            continue
        text = str(cell)
        if text not in near:
            near[text] = ("、".join(nearest(text, known)) or "—") if len(near) < MOST_SUGGESTED_FOR else "—"
        frame.refuse(index, "subject", code, near=near[text])


def read_values(frame: Frame, context: Context) -> None:
    """
    Read the values in the unit of their measure: the one that the header or a corner note says, for money; else the measure's own.

    Fills the columns `amount` (yuan, persons) and `foreign` (the amount in dollars, if the unit is one).
    """
    measures = {measure.id: measure for measure in context.profile.measures}
    raw = frame.column("value")
    keys = list(zip(raw, map(type, raw), frame.column("measure"), frame.column("rate"), stated_of(frame), strict=True))
    read: dict[object, tuple[Decimal | None, Decimal | None] | BadCell] = {}
    for key in set(keys):
        cell, _type, measure, rate, stated = key
        try:
            stands = rate if isinstance(rate, Decimal) else stated.rate
            read[key] = one_value(cell, measures.get(str(measure)), stated.unit, stands)  # type: ignore[arg-type]
        except BadCell as fault:
            read[key] = fault
    amounts: list[object] = []
    foreign: list[object] = []
    for index, key in enumerate(keys):
        found = read[key]
        if isinstance(found, BadCell):
            frame.refuse(index, "value", found.code, **found.params)
            found = (None, None)
        amounts.append(found[0])
        foreign.append(found[1])
    frame.cells["amount"], frame.cells["foreign"] = amounts, foreign


def stated_of(frame: Frame) -> list[Stated]:
    """Give what the file states of each row's value."""
    return frame.stated.get("value") or [Stated()] * len(frame)


def one_value(
    cell: cells.Raw, measure: Measure | None, unit: str | None, rate: Decimal | None
) -> tuple[Decimal | None, Decimal | None]:
    """Read one value: in yuan (or persons, pieces), and in dollars if that is its unit."""
    if measure is None or measure.unit != "money":
        found = cells.in_unit(measure.filed_in if measure else None)(cell)
        if found is not None and measure is not None and measure.places == 0 and found != found.to_integral_value():
            raise BadCell("import.cell.not_whole")
        return found, None
    named = unit if unit in money.YUAN_IN or unit in money.FOREIGN_IN else measure.filed_in
    if named in money.FOREIGN_IN:
        dollars = cells.in_unit(named, money.FOREIGN_IN[named])(cell)
        if dollars is None:
            return None, None
        if rate is None:
            raise BadCell("import.cell.no_rate", unit=named)
        return cells.scaled(dollars, rate), dollars
    return cells.in_unit(named, money.YUAN_IN[named])(cell), None


def forms(frame: Frame, context: Context) -> None:
    """
    Resolve what kind of column each figure stood in, kept in `column`. Filed now, the form must ask for the measure; of history a blank
    or unknown form is taken as in-period, with a note.
    """
    columns: list[object] = []
    resolved: list[object] = []
    answers = {
        (form, measure): column_of(context, form, measure)
        for form, measure in set(zip(frame.column("form"), frame.column("measure"), strict=True))
    }
    for index, (form, measure) in enumerate(zip(frame.column("form"), frame.column("measure"), strict=True)):
        name, column, problem = answers[form, measure]
        if problem and context.history:
            frame.remark(index, "form", "import.row.taken_as_period", form=form or "—")
        elif problem and index not in frame.bad:
            frame.refuse(
                index,
                "form",
                problem,
                form=form or "—",
                measure=measure,
                allowed="、".join(item.id for item in context.profile.forms if item.column(str(measure))) or "—",
            )
        columns.append(column)
        resolved.append(name)
    frame.cells["column"], frame.cells["resolved_form"] = columns, resolved


def column_of(context: Context, form: object, measure: object) -> tuple[str, str, str | None]:
    """Give form, column kind, and what is wrong if the profile doesn't say. Filed now without a form: the one form that asks for the measure."""
    if form is None and not context.history:
        asking = [item for item in context.profile.forms if item.column(str(measure))]
        if len(asking) == 1:
            return asking[0].id, asking[0].column(str(measure)) or "period", None
        return "", "period", "import.cell.form_needed"
    found = context.profile.form(str(form)) if form is not None else None
    if found is None:
        return str(form or ""), "period", "import.cell.unknown_form"
    column = found.column(str(measure))
    return found.id, column or "period", None if column else "import.cell.form_without_measure"


def figure_columns(frame: Frame, context: Context, known: Sequence[int | None]) -> Columns:
    """Figures as the ledger keeps them."""
    periods = frame.column("period")
    stated = stated_of(frame)
    filed_on = {measure.id: measure.filed_on for measure in context.profile.measures}
    kinds = [filed_on.get(str(measure), "project") for measure in frame.column("measure")]
    foreign = frame.column("foreign")
    rates = [
        (rate or says.rate) if dollars is not None else None
        for rate, dollars, says in zip(frame.column("rate"), foreign, stated, strict=True)
    ]
    days = [
        (on or says.rate_on) if dollars is not None else None
        for on, dollars, says in zip(frame.column("rate_on"), foreign, stated, strict=True)
    ]
    return {
        "subject": frame.column("subject"),
        "subject_kind": kinds,
        "measure": frame.column("measure"),
        "period": [period.label if period else None for period in periods],  # type: ignore[attr-defined]
        "period_first": [period.first if period else None for period in periods],  # type: ignore[attr-defined]
        "period_last": [period.last if period else None for period in periods],  # type: ignore[attr-defined]
        "value": frame.column("amount"),
        "column": frame.column("column"),
        "form": text_or_blank(frame.column("resolved_form")),
        "unit": filers(frame, context, kinds),
        "accepted_at": history.accepted_times(frame, context, list(known), says="accepted", when="accepted_at"),
        "foreign_amount": foreign,
        "foreign_currency": ["" if dollars is None else DOLLARS for dollars in foreign],
        "rate": rates,
        "rate_on": days,
    }


def filers(frame: Frame, context: Context, kinds: Sequence[str]) -> list[str]:
    """Tell which unit files each figure: the subject itself, or its project's host. History doesn't say."""
    if context.history:
        return [""] * len(frame)
    hosts = context.store.hosts
    pairs = zip(frame.column("subject"), kinds, strict=True)
    return [str(subject) if kind == "unit" else hosts.get(str(subject), ("", "", ""))[0] for subject, kind in pairs]


# --- targets ---------------------------------------------------------------------------------------------------


def check_targets(frame: Frame, context: Context) -> None:
    """Units must exist; values are read in the indicator's filing unit; kind and source have defaults."""
    refer(frame, "unit", context.units(), "import.cell.unknown_unit")
    frame.cells["kind"] = [kind or "guaranteed" for kind in frame.column("kind")]
    frame.cells["source"] = [source or "above" for source in frame.column("source")]
    units = {
        indicator.id: (indicator.unit, measure_of_indicator(indicator, context.profile))
        for indicator in context.profile.indicators
    }
    amounts: list[object] = []
    voids = frame.column("void")
    for index, (cell, indicator, stated) in enumerate(
        zip(frame.column("value"), frame.column("indicator"), stated_of(frame), strict=True)
    ):
        try:
            amounts.append(one_target(cell, *units.get(str(indicator), ("count", None)), stated.unit))  # type: ignore[arg-type]
        except BadCell as fault:
            frame.refuse(index, "value", fault.code, **fault.params)
            amounts.append(None)
        if amounts[-1] is None and index not in frame.bad and not voids[index]:
            frame.refuse(index, "value", "import.cell.required")
    frame.cells["amount"] = amounts


def measure_of_indicator(indicator: object, profile: Profile) -> str | None:
    """Tell in which unit a money indicator's targets are filed: its measure's, if it sums one."""
    value = getattr(indicator, "value", None)
    measure = profile.measure(value.sum) if value is not None and value.sum else None
    return measure.filed_in if measure else None


def one_target(cell: cells.Raw, unit: str, filed_in: str | None, stated: str | None) -> Decimal | None:
    """Read a target: money in the stated unit, else its measure's, else 万元; a ratio in percent; others as they are."""
    if unit == "money":
        named = stated if stated in money.YUAN_IN else filed_in if filed_in in money.YUAN_IN else "万元"
        return cells.in_unit(named, money.YUAN_IN[named])(cell)
    if unit == "ratio":
        found = cells.number(cell.rstrip("%％ ") if isinstance(cell, str) else cell)
        return None if found is None else found / HUNDRED
    return cells.in_unit("人" if unit == "persons" else None)(cell)


def target_columns(frame: Frame, context: Context, known: Sequence[int | None]) -> Columns:
    """Targets as the ledger keeps them."""
    return {
        "unit": frame.column("unit"),
        "indicator": frame.column("indicator"),
        "period": [period.label if period else None for period in frame.column("period")],  # type: ignore[attr-defined]
        "value": frame.column("amount"),
        "kind": frame.column("kind"),
        "source": frame.column("source"),
    }


# --- attributions ----------------------------------------------------------------------------------------------


def check_attributions(frame: Frame, context: Context) -> None:
    """Projects and units must exist; a set is of one mode, names a unit once, and a split one adds up to 1."""
    refer(frame, "project", context.store.projects, "import.cell.unknown_project")
    refer(frame, "unit", context.units(), "import.cell.unknown_unit")
    frame.cells["mode"] = [mode or "split" for mode in frame.column("mode")]
    frame.cells["share"] = [
        share or ((1, 1) if mode == "full" else None)
        for share, mode in zip(frame.column("share"), frame.cells["mode"], strict=True)
    ]
    voids = frame.column("void")
    sets: defaultdict[object, list[int]] = defaultdict(list)
    for index, key in enumerate(set_keys(frame, frame.column("known_at"))):
        if not voids[index]:
            sets[key].append(index)
    for rows in sets.values():
        for column, code, params in set_problems(frame, rows):
            for index in rows:
                frame.refuse(index, column, code, **params)
            break


def set_keys(frame: Frame, known: Sequence[object]) -> list[object]:
    """Name the set that each row belongs to."""
    return list(
        zip(
            frame.column("project"),
            frame.column("role"),
            frame.column("measure"),
            frame.column("valid_from"),
            known,
            strict=True,
        )
    )


def set_problems(frame: Frame, rows: Sequence[int]) -> Iterator[tuple[str, str, Mapping[str, object]]]:
    """Yield what is wrong with one set: a row of it that can't be read, mixed modes, a unit twice, shares that don't add up."""
    if any(index in frame.bad for index in rows):
        yield (
            "unit",
            "import.row.set_has_bad_row",
            {"rows": "、".join(str(frame.row(index)) for index in rows if index in frame.bad)},
        )
        return
    modes = {frame.column("mode")[index] for index in rows}
    units = [frame.column("unit")[index] for index in rows]
    shares = [frame.column("share")[index] for index in rows]
    if len(modes) > 1:
        yield "mode", "import.row.modes_mixed", {}
    elif len(set(units)) < len(units):
        yield "unit", "import.row.unit_twice", {}
    elif None in shares:
        yield "share", "import.row.share_needed", {}
    elif modes == {"split"} and (total := sum(Fraction(*share) for share in shares)) != 1:  # type: ignore[misc]
        yield (
            "share",
            "import.row.shares_sum",
            {"sum": str(total), "rows": "、".join(str(frame.row(index)) for index in rows)},
        )


def attribution_columns(frame: Frame, context: Context, known: Sequence[int | None]) -> Columns:
    """Attributions as the ledger keeps them; rows of one set share a filing id."""
    shares = [share or (0, 1) for share in frame.column("share")]
    return {
        "project": frame.column("project"),
        "role": frame.column("role"),
        "unit": frame.column("unit"),
        "share_num": [share[0] for share in shares],  # type: ignore[index]
        "share_den": [share[1] for share in shares],  # type: ignore[index]
        "measure": text_or_blank(frame.column("measure")),
        "mode": frame.column("mode"),
        "valid_from": frame.column("valid_from"),
        "filing": [filing(context.digest, key) for key in set_keys(frame, known)],
    }


def filing(digest: str, key: object) -> str:
    """Name a set by its file and key."""
    parts = [part.isoformat() if isinstance(part, date) else "" if part is None else str(part) for part in key]  # type: ignore[attr-defined]
    return hashlib.sha256("\n".join([digest, *parts]).encode()).hexdigest()


FIGURES = Loader(facts.FIGURE_RECORDED, facts.ROWS_VOIDED, check_figures, figure_columns, Permission.FILL_FORM)
TARGETS = Loader(facts.TARGET_RECORDED, facts.ROWS_VOIDED, check_targets, target_columns, Permission.SET_TARGETS)
ATTRIBUTIONS = Loader(
    project_facts.ATTRIBUTION_RECORDED,
    project_facts.ROWS_VOIDED,
    check_attributions,
    attribution_columns,
    Permission.SHARE_CREDIT,
    lambda frame, context, known: set_keys(frame, known),
)
