"""
The slow, obvious counter: every indicator of the design's page of basic indicators, computed one project at a time with fractions.

Written from that page alone. Imports nothing of luodi. For one question it forgets everything not known by the cut, then looks.
"""

from __future__ import annotations

import calendar
import itertools
import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from tests.slowcounter.city import City, Figure, Stage, Version

AFTER_TALKS = ("签约", "落地", "开工", "竣工", "投产", "达产", "达效")
AFTER_START = ("竣工", "投产", "达产", "达效")
YI = 100_000_000
FINE_TO_COARSE = ("ten days", "month", "jan-feb", "quarter", "half", "year")
NOWHERE = None  # the line of what no unit holds


# Periods ------------------------------------------------------------------------------------------------------------


def month_after(day: date, months: int) -> date:
    """First day of the month so many months after the month of `day`."""
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def year_starts(city: City, name: int) -> date:
    return date(name, 1, 1) if city.year_begins_in == 1 else date(name - 1, city.year_begins_in, 1)


def year_name(city: City, day: date) -> int:
    return next(
        name for name in (day.year, day.year + 1) if year_starts(city, name) <= day < year_starts(city, name + 1)
    )


def extent(city: City, label: str) -> tuple[date, date, str]:
    """First day, last day and kind of a period."""
    day = timedelta(days=1)
    if match := re.fullmatch(r"(\d{4})", label):
        start, length, kind = year_starts(city, int(match[1])), 12, "year"
    elif match := re.fullmatch(r"(\d{4})-Q(\d)", label):
        start, length, kind = month_after(year_starts(city, int(match[1])), 3 * int(match[2]) - 3), 3, "quarter"
    elif match := re.fullmatch(r"(\d{4})-H(\d)", label):
        start, length, kind = month_after(year_starts(city, int(match[1])), 6 * int(match[2]) - 6), 6, "half"
    elif match := re.fullmatch(r"(\d{4})-01\.\.02", label):
        start, length, kind = date(int(match[1]), 1, 1), 2, "jan-feb"
    elif match := re.fullmatch(r"(\d{4})-(\d\d)", label):
        start, length, kind = date(int(match[1]), int(match[2]), 1), 1, "month"
    else:
        year, month, third = re.fullmatch(r"(\d{4})-(\d\d)-(.旬)", label).groups()
        first_day, last_day = {
            "上旬": (1, 10),
            "中旬": (11, 20),
            "下旬": (21, calendar.monthrange(int(year), int(month))[1]),
        }[third]
        return date(int(year), int(month), first_day), date(int(year), int(month), last_day), "ten days"
    return start, month_after(start, length) - day, kind


# What is believed as of the cut -------------------------------------------------------------------------------------


def known(rows, cut):
    """Rows known by the cut and not void by then, the earlier known first."""
    alive = [row for row in rows if row.known_at <= cut and not (row.void_at is not None and row.void_at <= cut)]
    return sorted(alive, key=lambda row: row.known_at)


def believed(row: Figure | Stage, own: int | None, cut: int, basis: str) -> bool:
    """Replay what was said of a row up to the cut."""
    is_accepted = own is not None and own <= cut
    is_filed = True
    turns = sorted(((at, i, word) for i, (at, word) in enumerate(row.said)), key=lambda turn: turn[:2])
    if own is not None:
        turns = [turn for turn in turns if turn[0] >= own] if is_accepted else turns
    for at, _, word in turns:
        if at > cut:
            break
        is_accepted = word in ("accepted", "verified")
        is_filed = word != "sent_back"
    return is_accepted if basis == "verified" else is_filed


def last_version(rows, day: date):
    """The row with the latest valid_from up to the day, of equal ones the last known."""
    found = None
    for row in rows:
        if row.valid_from <= day and (found is None or row.valid_from >= found.valid_from):
            found = row
    return found


# The counter --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    period: str
    span: str = "ytd"
    cut: int = 10**18
    basis: str = "verified"
    role: str = "host"
    list: str | None = None


class Counter:
    """The city as seen by one question."""

    def __init__(self, city: City, asked: Asked, tree_day: date | None = None) -> None:
        self.city, self.asked = city, asked
        self.first, self.last, _ = extent(city, asked.period)
        self.year = year_name(city, self.last)
        self.year_first = year_starts(city, self.year)
        self.span_first = {"period": self.first, "ytd": self.year_first, "since": date.min}[asked.span]
        self.units = self._tree(tree_day or self.last)
        versions = known(city.versions, asked.cut)
        self.versions = {code: [v for v in versions if v.code == code] for code in {v.code for v in versions}}
        self.events = [e for e in known(city.stages, asked.cut) if believed(e, e.verified_at, asked.cut, asked.basis)]
        self.figures = [f for f in known(city.figures, asked.cut) if believed(f, f.accepted_at, asked.cut, asked.basis)]
        self.now: dict[str, Version] = {}
        for code, rows in self.versions.items():
            found = last_version(rows, self.last)
            if found is not None and not found.excluded.strip() and self._listed(code):
                self.now[code] = found

    # Units

    def _tree(self, day: date) -> dict[str, str | None]:
        """Each unit that had begun, and where it rolls up."""
        rows = known(self.city.units, self.asked.cut)
        found = {code: last_version([r for r in rows if r.code == code], day) for code in {r.code for r in rows}}
        found = {code: row for code, row in found.items() if row is not None}
        up = {}
        for code, row in found.items():
            closed = row.valid_to is not None and row.valid_to <= day
            above = row.successor if closed and row.successor else row.parent
            up[code] = above if above in found else None
        return up

    def above(self, unit: str) -> set[str]:
        """The unit itself and everything it rolls up to; nothing for a unit that is not known."""
        found: set[str] = set()
        here: str | None = unit if unit in self.units else None
        while here is not None and here not in found:
            found.add(here)
            here = self.units[here]
        return found

    def inside(self, holder: str, line: str | None) -> bool:
        """Whether what a holder holds belongs to a line."""
        if line is NOWHERE:
            return holder not in self.units
        if line in self.city.perimeters:
            return any(member in self.above(holder) for member in self.city.perimeters[line])
        return line in self.above(holder)

    def weight(self, project: str, line: str | None, measure: str = "") -> Fraction:
        """How much of a project a line holds."""
        if line == self.city.root:
            return Fraction(1)
        for of in dict.fromkeys((measure, "")):
            own = self._set(project, of)
            if own:
                break
        else:
            return Fraction(1) if self.inside(getattr(self.now[project], self.asked.role), line) else Fraction(0)
        if line is NOWHERE:
            if any(row.full for row in own):
                return Fraction(0) if any(row.unit in self.units for row in own) else Fraction(1)
            return 1 - sum((Fraction(row.num, row.den) for row in own if row.unit in self.units), Fraction(0))
        held = [Fraction(1) if row.full else Fraction(row.num, row.den) for row in own if self.inside(row.unit, line)]
        return min(Fraction(1), sum(held, Fraction(0)))

    def _set(self, project: str, measure: str):
        """The latest set by D; of one valid_from the one filed last."""
        rows = [
            row
            for row in known(self.city.shares, self.asked.cut)
            if (row.project, row.role, row.measure) == (project, self.asked.role, measure)
            and row.valid_from <= self.last
        ]
        if not rows:
            return []
        latest = max(row.valid_from for row in rows)
        rows = [row for row in rows if row.valid_from == latest]
        return [row for row in rows if row.filing == rows[-1].filing]

    # Projects

    def _listed(self, project: str) -> bool:
        if self.asked.list is None:
            return True
        rows = [r for r in known(self.city.lists, self.asked.cut) if (r.project, r.list) == (project, self.asked.list)]
        entries = {row.valid_from: row for row in rows}  # the same entry filed again supersedes
        return any(d <= self.last and (row.valid_to is None or self.last < row.valid_to) for d, row in entries.items())

    def projects(self, kinds: str = "招商引资"):
        """Projects that count, whatever their weight."""
        return [code for code, version in self.now.items() if kinds == "all" or version.kind == kinds]

    def in_force(self, project: str) -> list[Stage]:
        return [event for event in self.events if event.project == project and event.occurred_on <= self.last]

    def day(self, project: str, stage: str) -> date | None:
        return min((event.occurred_on for event in self.in_force(project) if event.stage == stage), default=None)

    def reached(self, project: str, *stages: str) -> bool:
        return any(self.day(project, stage) is not None for stage in stages)

    def state(self, project: str) -> str | None:
        found = None
        for event in self.in_force(project):
            if found is None or event.occurred_on >= found.occurred_on:
                found = event
        return found.stage if found else None

    def came(self, project: str, stage: str) -> bool:
        """First day of a stage lies in the span."""
        day = self.day(project, stage)
        return day is not None and self.span_first <= day

    def amount(self, project: str) -> Fraction:
        return Fraction(self.now[project].total_investment or 0)

    # Figures

    def cells(self, subject: str, is_unit: bool, measure: str, span_first: date) -> list[Fraction]:
        """The figures of a subject and measure that count for the span from `span_first` to D."""
        standing: dict[str, Figure] = {}
        for row in self.figures:
            if (row.subject, row.is_unit, row.measure) == (subject, is_unit, measure):
                standing[row.period] = row
        filled = [row for row in standing.values() if row.value is not None]
        whole = [(*extent(self.city, row.period), row) for row in filled]
        to_date = self._years_to_date([one for one in whole if one[3].cumulative], span_first)
        own = self._own(whole)
        fitting = [
            one for one in own if span_first <= one[0] and one[1] <= self.last and not self._in_year(one, to_date)
        ]
        counted = [one for one in fitting if not any(wider(other, one) for other in fitting)]
        return [Fraction(value) for *_, value in counted] + [value for _, _, value in to_date]

    def _years_to_date(self, cumulative, span_first: date):
        """Of every accounting year that begins in the span the last cumulative figure in force."""
        last: dict[int, tuple] = {}
        for _first, end, kind, row in cumulative:
            name = year_name(self.city, end)
            if span_first <= year_starts(self.city, name) and end <= self.last:
                order = (end, FINE_TO_COARSE.index(kind))
                if name not in last or order > last[name][0]:
                    last[name] = (order, row)
        return [(year_starts(self.city, name), order[0], Fraction(row.value)) for name, (order, row) in last.items()]

    def _in_year(self, one, to_date) -> bool:
        """Whether a year to date that counts covers it."""
        return any(first <= one[0] and one[1] <= end for first, end, _ in to_date)

    def _own(self, whole):
        """Every period's own number: as filed, or the difference from the cumulative one before."""
        by_end: dict[date, tuple] = {}
        for one in whole:
            if one[3].cumulative and (one[1] not in by_end or rank(one) > rank(by_end[one[1]])):
                by_end[one[1]] = one
        for first, end, kind, row in whole:
            if not row.cumulative or first == year_starts(self.city, year_name(self.city, end)):
                yield first, end, kind, row.value
            else:
                before = by_end.get(first - timedelta(days=1))
                if before and year_name(self.city, before[1]) == year_name(self.city, end):
                    yield first, end, kind, row.value - before[3].value

    def figure_sum(self, measure: str, line, kinds: str, span_first: date, keep=lambda project: True):
        """Sum of a measure; None where nothing is in force."""
        found = []
        if measure not in self.city.on_units:
            for project in self.projects(kinds):
                weight = self.weight(project, line, measure)
                if weight and keep(project):
                    found += [weight * value for value in self.cells(project, False, measure, span_first)]
        return sum(found) if found else None

    def all_kinds(self, measure: str, line, span_first: date):
        """One of the five sums over every kind of project, with what units filed themselves."""
        if measure not in self.city.on_units:
            return self.figure_sum(measure, line, "all", span_first)
        if self.asked.role != "host" or self.asked.list is not None:
            return None
        found = []
        for unit in {row.subject for row in self.city.figures if row.is_unit}:
            if line == self.city.root or self.inside(unit, line):
                found += self.cells(unit, True, measure, span_first)
        return sum(found) if found else None

    # Indicators

    def count(self, line, chosen, kinds: str = "招商引资") -> Fraction:
        return sum((self.weight(project, line) for project in self.projects(kinds) if chosen(project)), Fraction(0))

    def total(self, line, chosen, of) -> Fraction:
        return sum((self.weight(p, line) * of(p) for p in self.projects() if chosen(p)), Fraction(0))

    def under_contract(self, project: str) -> bool:
        """First day both signed and of contract kind 合同 lies in the span."""
        signed = self.day(project, "签约")
        days = (
            [] if signed is None else [signed, *(v.valid_from for v in self.versions[project] if v.valid_from > signed)]
        )
        for day in sorted(days):
            if day <= self.last and (v := last_version(self.versions[project], day)) and v.contract_kind == "合同":
                return self.span_first <= day
        return False

    def rises(self, project: str) -> Fraction:
        """Rises of total investment between versions in the span and after signing."""
        signed = self.day(project, "签约")
        ordered = sorted({v.valid_from for v in self.versions[project]})
        steps = [last_version(self.versions[project], day) for day in ordered]
        found = Fraction(0)
        for before, after in itertools.pairwise(steps):
            if signed is None or not (self.span_first <= after.valid_from <= self.last and after.valid_from > signed):
                continue
            if before.total_investment is not None and after.total_investment is not None:
                found += max(Fraction(0), Fraction(after.total_investment) - Fraction(before.total_investment))
        return found

    def median(self, line):
        days = []
        for project in self.projects():
            signed = self.day(project, "签约")
            if self.came(project, "开工") and signed is not None and self.weight(project, line) > 0:
                days.append((self.day(project, "开工") - signed).days)
        days.sort()
        middle = len(days) // 2
        if not days:
            return None
        return Fraction(days[middle]) if len(days) % 2 else Fraction(days[middle - 1] + days[middle], 2)

    def target(self, unit: str | None, indicator: str):
        rows = {}
        for row in known(self.city.targets, self.asked.cut):
            if (row.unit, row.indicator, row.period) == (unit, indicator, str(self.year)):
                rows[row.kind, row.source] = row.value
        for choice in (("guaranteed", "above"), ("guaranteed", "own"), ("striving", "own"), ("striving", "above")):
            if choice in rows:
                return Fraction(rows[choice])
        return None

    def baseline(self) -> Fraction:
        months = (self.last.year - self.year_first.year) * 12 + self.last.month - self.year_first.month
        days = calendar.monthrange(self.last.year, self.last.month)[1]
        return (months + Fraction(self.last.day, days)) / 12

    def plan(self, project: str):
        found = None
        for row in known(self.city.plans, self.asked.cut):
            if (row.project, row.year) == (project, self.year):
                found = row
        return None if found is None or found.invest is None else Fraction(found.invest)

    def values(self, line) -> dict[str, Fraction | None]:
        """Every basic indicator of one line."""
        came, reached = self.came, self.reached
        large = {p for p in self.projects() if came(p, "签约") and self.amount(p) >= YI}
        giant = {p for p in large if self.amount(p) >= 10 * YI}
        strategic = {p for p in self.projects() if came(p, "签约") and self.now[p].strategic}
        found: dict[str, Fraction | None] = {
            "signed_count": self.count(line, lambda p: came(p, "签约")),
            "contract_count": self.count(line, self.under_contract),
            "signed_amount": self.total(line, lambda p: came(p, "签约"), self.amount),
            "added_amount": self.total(line, lambda p: True, self.rises),
            "large_signed_count": self.count(line, lambda p: p in large),
            "giant_signed_count": self.count(line, lambda p: p in giant),
        }
        found["large_share"] = over(self.total(line, lambda p: p in large, self.amount), found["signed_amount"])
        found["strategic_share"] = over(self.total(line, lambda p: p in strategic, self.amount), found["signed_amount"])
        for name, stage in (
            ("landed", "落地"),
            ("started", "开工"),
            ("completed", "竣工"),
            ("produced", "投产"),
            ("capacity", "达产"),
        ):
            found[f"{name}_count"] = self.count(line, lambda p, stage=stage: came(p, stage))
        found["landing_rate"] = self.share(line, lambda p: came(p, "签约"), "落地")
        found["start_rate"] = self.share(line, lambda p: came(p, "签约"), "开工")
        found["start_rate_of_landed"] = self.share(line, lambda p: came(p, "落地"), "开工")
        found["production_rate"] = self.share(line, lambda p: reached(p, "开工"), "投产")
        found["capacity_rate"] = self.share(line, lambda p: reached(p, "投产"), "达产")
        found["negotiating_count"] = self.count(
            line,
            lambda p: reached(p, "在谈") and not reached(p, *AFTER_TALKS) and self.state(p) not in ("终止", "置换"),
        )
        found["under_construction_count"] = self.count(
            line,
            lambda p: (
                reached(p, "开工") and not reached(p, *AFTER_START) and self.state(p) not in ("停滞", "终止", "置换")
            ),
        )
        found["stalled_count"] = self.count(line, lambda p: self.state(p) == "停滞")
        for measure in ("invest_completed", "foreign_capital", "tax_paid", "output_value", "jobs_added"):
            found[measure] = self.all_kinds(measure, line, self.span_first)
        found["funds_in_place"] = self.figure_sum("funds_in_place", line, "招商引资", self.span_first)
        outside = {p for p, version in self.now.items() if version.origin in ("省外", "境外")}
        found["funds_from_outside"] = self.figure_sum(
            "funds_in_place", line, "招商引资", self.span_first, lambda p: p in outside
        )
        ever = self.figure_sum("funds_in_place", line, "招商引资", date.min, lambda p: reached(p, "签约"))
        found["funds_rate"] = over(ever, self.total(line, lambda p: reached(p, "签约"), self.amount))
        invested = self.figure_sum("invest_completed", line, "招商引资", self.span_first)
        found["fai_conversion"] = over(invested, found["funds_in_place"])
        found["days_signed_to_started"] = self.median(line)
        this_year = self.all_kinds("invest_completed", line, self.year_first)
        found["invest_target_rate"] = over(this_year, self.target(line, "invest_completed"))
        rate = found["invest_target_rate"]
        found["invest_progress_gap"] = None if rate is None else 100 * rate - 100 * self.baseline()
        planned = {p: self.plan(p) for p in self.projects("all") if self.plan(p) is not None}
        done = self.figure_sum("invest_completed", line, "all", self.year_first, lambda p: p in planned)
        found["plan_rate"] = over(
            done, sum((self.weight(p, line) * amount for p, amount in planned.items()), Fraction(0))
        )
        return found

    def share(self, line, chosen, stage: str):
        return over(self.count(line, lambda p: chosen(p) and self.reached(p, stage)), self.count(line, chosen))


def over(part, whole):
    """A ratio: None where either is missing or the whole is 0."""
    return None if part is None or not whole else part / whole


def rank(one) -> int:
    return FINE_TO_COARSE.index(one[2])


def wider(other, one) -> bool:
    """Whether a coarser period covers a finer one."""
    return rank(other) > rank(one) and other[0] <= one[0] and one[1] <= other[1]


def count(city: City, asked: Asked, line: str | None) -> dict[str, Fraction | None]:
    """Every basic indicator of one line (a unit, a perimeter, or None for what no unit holds)."""
    return Counter(city, asked).values(line)


def growth(city: City, asked: Asked, line: str | None, flow: str, base_cut: int | None = None) -> Fraction | None:
    """Year on year: the same span a year before, rolled up by the tree of D as known by the cut."""
    now = Counter(city, asked)
    earlier = replace(asked, period=f"{int(asked.period[:4]) - 1:04d}{asked.period[4:]}", cut=base_cut or asked.cut)
    before = Counter(city, earlier)
    before.units = now.units
    value, base = now.values(line)[flow], before.values(line)[flow]
    return None if value is None or base is None or base <= 0 else (value - base) / base
