"""Targets 任务分解: each unit's target of the year beside what is done, against time; who set it when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from luodi.codebook.values import Permission, Profile
from luodi.codebook.values.indicators import Flow, Indicator, Stock, Sum
from luodi.identity import queries as identity
from luodi.indicators import queries
from luodi.kernel.money import in_unit, round_away
from luodi.kernel.period import AccountingYear, Period
from luodi.statistics.queries import targets as known_targets
from luodi.web.access import needs
from luodi.web.exporting import workbook
from luodi.web.periods import asked_period, current_month
from luodi.web.views.cockpit_figures import HEADLINES, hundredths, month_words, tone
from luodi.web.views.indicators import filing_kinds, name_of
from luodi.web.views.ranking import edition


@dataclass(frozen=True)
class Row:
    """A unit's line: what it is to reach, what it strives for, what it has done. None: no target, or nothing reported."""

    unit: str
    target: known_targets.Set | None
    striving: known_targets.Set | None
    done: Fraction | None
    baseline: Fraction
    who: str

    @property
    def aim(self) -> Decimal | None:
        """Give the target that counts."""
        return self.target.value if self.target else None

    @property
    def more(self) -> Decimal | None:
        """Give what the unit strives for."""
        return self.striving.value if self.striving else None

    @property
    def rate(self) -> Fraction | None:
        """Give what is done as a share of the target."""
        if self.done is None or self.target is None or not self.target.value:
            return None
        return self.done / Fraction(self.target.value)

    @property
    def gap(self) -> Fraction | None:
        """Give the points between attainment and time progress."""
        return None if self.rate is None else 100 * (self.rate - self.baseline)

    @property
    def distance(self) -> str:
        """Write those points without their sign."""
        return "" if self.gap is None else f"{round_away(abs(self.gap), 1):f}"

    @property
    def bar(self) -> str:
        """Give how far the bar reaches."""
        return hundredths(self.rate or Fraction(0))

    @property
    def mark(self) -> str:
        """Give where time progress stands on the bar."""
        return hundredths(self.baseline)


@needs(Permission.SEE_FIGURES)
@require_GET
def targets(request: HttpRequest) -> HttpResponse:
    """Show the targets of a year by unit for one indicator, with attainment; months of a unit below."""
    viewer = request.viewer  # type: ignore[attr-defined]
    profile = viewer.profile
    indicator = asked_indicator(request)
    year = asked_year(request)
    period = shown_period(viewer, year)
    known = known_targets.targets_of(indicator.id)
    rows = listed(viewer, indicator, year, period, known)
    if request.GET.get("as") == "xlsx":
        return export(request, indicator, year, rows)
    root = viewer.who.root
    splits = known_targets.splits_of(indicator.id, year.label)
    main = rows[0].target
    context = {
        "indicator": indicator,
        "year": year,
        "years": [str(n) for n in range(viewer.today.year + 1, viewer.today.year - 4, -1)],
        "when": month_words(period, viewer.language),
        "level": edition(period)[1],
        "rows": [(row, tone(profile, row.gap)) for row in rows],
        "split": splits.get((root, main.kind, main.source)) if main else None,
        "months": months(known, year, profile, root),
        "offered": offered(profile),
        "may_set": viewer.may(Permission.SET_TARGETS, root),
        "root": root,
    }
    return render(request, "web/targets.html", context)


def offered(profile: Profile) -> list[Indicator]:
    """List the indicators that can have an amount as a target: not rates, whose parts have no sum."""
    return [
        one
        for one in profile.indicators
        if isinstance(one, Flow | Stock | Sum) and one.unit in ("money", "count", "persons")
    ]


def asked_indicator(request: HttpRequest) -> Indicator:
    """Read the indicator from the address; without one the first headline that somebody has a target for."""
    profile = request.viewer.profile  # type: ignore[attr-defined]
    choices = {one.id: one for one in offered(profile)}
    wanted = request.GET.get("indicator", "")
    if wanted:
        if wanted not in choices:
            raise Http404
        return choices[wanted]
    known = known_targets.indicators_with_targets()
    first = [one for one in (*HEADLINES, *choices) if one in choices]
    return choices[next((one for one in first if one in known), first[0])]


def asked_year(request: HttpRequest) -> Period:
    """Read the accounting year from the address; without one (or with a wrong one) that of the month being reported."""
    viewer = request.viewer  # type: ignore[attr-defined]
    year: AccountingYear = viewer.profile.calendar.accounting_year
    asked = request.GET.get("year", "")
    if asked.isascii() and asked.isdigit() and len(asked) == 4 and asked >= "1990":
        return year.named(int(asked))
    return year.of(current_month(viewer.today, viewer.profile).first)


def shown_period(viewer: Any, year: Period) -> Period:
    """Give the month up to which attainment is shown: the last sealed one of the year, else the last that has begun."""
    last = asked_period(None, today=viewer.today, profile=viewer.profile)
    if year.covers(last):
        return last
    months: Sequence[Period] = viewer.profile.calendar.accounting_year.months(int(year.label))
    return months[-1] if last.last > year.last else months[0]


def listed(
    viewer: Any, indicator: Indicator, year: Period, period: Period, known: Sequence[known_targets.Set]
) -> list[Row]:
    """List the whole, the units that file to it, and whoever else has a target."""
    profile, tree = viewer.profile, viewer.who.tree
    root = viewer.who.root
    below = [one.code for one in tree.children(root) if one.kind in filing_kinds(profile)]
    others = sorted({one.unit for one in known if one.period == year.label and tree.exists(one.unit)} - {root, *below})
    units = [root, *below, *others]
    done = computed(profile, indicator, period, units)
    people = identity.people()
    rows = []
    for unit in units:
        target = known_targets.measured_by(list(known), unit, year.label)
        striving = known_targets.measured_by(list(known), unit, year.label, known_targets.STRIVING)
        baseline = profile.calendar.baseline(unit=unit, day=period.last)
        rows.append(
            Row(unit, target, striving, done.get(unit), baseline, name_of(people, target.actor) if target else "")
        )
    return rows


def computed(
    profile: Profile, indicator: Indicator, period: Period, units: Sequence[str]
) -> dict[str, Fraction | None]:
    """Compute what is done, year to date, by unit."""
    cut, level = edition(period)
    then = identity.tree(on=period.last).units
    answer = queries.compute(
        period=period, units=[unit for unit in units if unit in then], cut=cut,
        basis="verified" if level == "sealed" else "filed", indicators=[indicator.id], profile=profile,
    )  # fmt: skip
    return {str(line.unit): line.values[indicator.id] for line in answer.lines}


def months(
    known: Sequence[known_targets.Set], year: Period, profile: Profile, unit: str
) -> list[tuple[str, Decimal | None, Decimal]]:
    """List a unit's targets by month with their running total; empty where nobody split the year."""
    found, total = [], Decimal(0)
    for month in profile.calendar.accounting_year.months(int(year.label)):
        one = known_targets.measured_by(list(known), unit, month.label)
        total += one.value if one and one.value else Decimal(0)
        found.append((month.label, one.value if one else None, total))
    return found if any(value is not None for _, value, _ in found) else []


def export(request: HttpRequest, indicator: Indicator, year: Period, rows: Sequence[Row]) -> HttpResponse:
    """Put the targets into a workbook."""
    tree, money_unit = request.viewer.who.tree, request.money_unit  # type: ignore[attr-defined]
    money = indicator.unit == "money"

    def cell(value: Decimal | Fraction | None) -> Decimal | None:
        if value is None:
            return None
        return in_unit(value, money_unit, 2) if money else round_away(value, 2)

    unit = f"（{money_unit}）" if money else ""
    head = (
        "单位",
        f"{indicator.zh}保证目标{unit}",
        f"奋斗目标{unit}",
        f"完成{unit}",
        "完成率（%）",
        "与序时进度差（百分点）",
    )
    body = [
        (
            tree.name(row.unit),
            cell(row.aim),
            cell(row.more),
            cell(row.done),
            None if row.rate is None else round_away(row.rate * 100, 1),
            None if row.gap is None else round_away(row.gap, 1),
        )
        for row in rows
    ]
    return workbook(f"{year.label}-targets", head, body)
