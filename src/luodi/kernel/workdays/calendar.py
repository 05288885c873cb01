"""
Which days are worked. A calendar is Monday to Friday, corrected by layers (national, region, agency, the user's own
table):
of the rows known for a day the last layer's latest counts. A year without a notice is estimated from its statutory
feasts.
Pure once loaded; reads no clock: what was known at another moment is asked for with `known_at`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Literal

from luodi.kernel.problem import Problem, Refused
from luodi.kernel.workdays import feasts
from luodi.kernel.workdays.rows import Layer, Row, national, read_layer

DAY = timedelta(days=1)

Status = Literal["announced", "estimated"]
View = Literal["expected", "most_work", "least_work"]


class NoCalendar(Refused):
    """A calendar is named that is neither shipped nor a file."""

    code = "workdays.no_calendar"


@dataclass(frozen=True)
class DayFact:
    """What is known of a day: worked or not, announced or estimated, why, and by which notice and layer."""

    day: date
    works: bool
    status: Status = "announced"
    why: tuple[str, ...] = ()
    notice: str | None = None
    layer: str | None = None
    feast: str | None = None


@dataclass(frozen=True)
class Calendar:
    """
    Working days as known at one moment.

    `view` is for unannounced years: `expected` takes the statutory days off; `most_work` and `least_work` are the
    calendars with the most and the fewest working days that a notice may plausibly bring (see feasts).
    """

    layers: tuple[Layer, ...]
    known_at: datetime | None = None
    view: View = "expected"
    _facts: dict[date, DayFact] = field(default_factory=dict, compare=False, repr=False)

    def fact(self, day: date) -> DayFact:
        """Tell everything known of a day."""
        found = self._facts.get(day)
        if found is None:
            found = self._facts[day] = self._find(day)
        return found

    def is_workday(self, day: date) -> bool:
        """Tell whether the day is worked."""
        return self.fact(day).works

    def status(self, day: date) -> Status:
        """Tell whether the day is settled by notices (`announced`) or computed ahead of one (`estimated`)."""
        return self.fact(day).status

    def why(self, day: date) -> tuple[str, ...]:
        """
        Tell why the day is not an ordinary workday: of `weekend`, `holiday`, `make-up`, `estimated`; empty for an
        ordinary one.
        """
        return self.fact(day).why

    def next_workday(self, day: date) -> date:
        """Find the first workday after the day (never the day itself). Raises OverflowError past year 9999."""
        return next(self.workdays_from(day + DAY))

    def previous_workday(self, day: date) -> date:
        """Find the last workday before the day."""
        day -= DAY
        while not self.is_workday(day):
            day -= DAY
        return day

    def on_or_after(self, day: date) -> date:
        """Find the day itself if worked, else the next workday."""
        return next(self.workdays_from(day))

    def on_or_before(self, day: date) -> date:
        """Find the day itself if worked, else the workday before."""
        return day if self.is_workday(day) else self.previous_workday(day)

    def workdays_from(self, day: date) -> Iterator[date]:
        """Yield the workdays from the day on, itself included, without end."""
        while True:
            if self.is_workday(day):
                yield day
            day += DAY

    def add_workdays(self, day: date, n: int) -> date:
        """
        Count n workdays after the day (before it when n is negative), not counting the day itself; n 0 gives the day
        back.
        """
        for _ in range(abs(n)):
            day = self.next_workday(day) if n > 0 else self.previous_workday(day)
        return day

    def workdays_between(self, first: date, end: date) -> int:
        """Count the workdays from `first` up to but not including `end`; 0 when end is not after first."""
        return sum(self.is_workday(first + DAY * n) for n in range((end - first).days))

    def bounds(self) -> tuple[Calendar, Calendar]:
        """Give the calendars with the most and with the fewest plausible workdays in unannounced years."""
        return Calendar(self.layers, self.known_at, "most_work"), Calendar(self.layers, self.known_at, "least_work")

    # finding ------------------------------------------------------------------------------------------------------

    def _find(self, day: date) -> DayFact:
        weekend = day.weekday() > 4
        for layer in reversed(self.layers):
            row = self._row(layer, day)
            if row is not None:
                return _fact_of_row(row, layer.name, weekend)
        feast = self._open_feast(day)
        if feast is not None:
            return _estimate(feast, day, self.view)
        return DayFact(day, not weekend, why=("weekend",) if weekend else ())

    def _row(self, layer: Layer, day: date) -> Row | None:
        known = [row for row in layer.rows.get(day, ()) if self._knows(row.known_at)]
        return known[-1] if known else None

    def _knows(self, moment: datetime | None) -> bool:
        return self.known_at is None or moment is None or moment <= self.known_at

    def _open_feast(self, day: date) -> feasts.Feast | None:
        """Find the nearest feast of the day's year if no notice settles it: then the day is an estimate."""
        year = _year_of_notice(day)
        base = next((layer for layer in self.layers if layer.national), None)
        if base is None or (year in base.years and self._knows(base.years[year])):
            return None
        nearest = min(feasts.feasts(year), key=lambda feast: (abs((feast.day - day).days), feast.day))
        return None if self._settled(nearest) else nearest

    def _settled(self, feast: feasts.Feast) -> bool:
        rows = (self._row(layer, day) for layer in self.layers for day in feast.off if not layer.national)
        return any(row is not None and row.status == "announced" and row.kind == "off" for row in rows)


def _year_of_notice(day: date) -> int:
    """
    Tell whose year's notice arranges the day: New Year on a Tuesday takes the Saturday to Monday before it into its
    own.
    """
    return day.year + (day.month == 12 and day.day >= 29 and date(day.year, 12, 31).weekday() == 0)


def _fact_of_row(row: Row, layer: str, weekend: bool) -> DayFact:
    if row.kind == "work":
        why: tuple[str, ...] = ("make-up",) if weekend else ()
    else:
        why = ("weekend", "holiday") if weekend else ("holiday",)
    status: Status = "estimated" if row.status == "estimated" else "announced"
    if status == "estimated":
        why += ("estimated",)
    return DayFact(row.day, row.kind == "work", status, why, row.notice, layer, row.feast)


def _estimate(nearest: feasts.Feast, day: date, view: View) -> DayFact:
    """
    Estimate a day of an unannounced year, and its bounds, from the feasts around it (a wide feast may lie further
    off).
    """
    around = {nearest, *feasts.feasts(day.year), *(feasts.feasts(day.year + 1)[:1])}
    weekend = day.weekday() > 4
    holder = next((feast for feast in around if day in feast.off), None)
    works = not weekend and holder is None
    if view == "most_work":  # a notice may also make up a lost day elsewhere, or not at all
        holder = next((feast for feast in around if day in feast.statutory), None)
        works = holder is None and (not weekend or any(feasts.may_be_worked(feast, day) for feast in around))
    elif view == "least_work":
        works = works and not any(feasts.may_be_off(feast, day) for feast in around)
    why = (("weekend",) if weekend else ()) + (("holiday",) if holder else ()) + (("estimated",) if holder else ())
    if works and weekend:
        why = ("make-up", "estimated")
    elif not works and not why:
        why = ("holiday", "estimated")
    return DayFact(day, works, "estimated", why, feast=holder.id if holder else None)


def load_calendar(
    layers: Sequence[str],
    overlay: Path | None = None,
    known_at: datetime | None = None,
    beside: Path | None = None,
) -> Calendar:
    """
    Load a calendar of layers, later ones winning: `cn` is shipped; others are tables of exceptions, named by file (or
    by its
    name without `.csv`) in the folder `beside`; `overlay` is one more table over all. No layers: plain Monday to
    Friday.

    `known_at` (aware) leaves out every row that became known later. Raises NoCalendar; Refused for a table with
    mistakes.
    """
    found = [_layer(name, beside) for name in layers]
    if overlay is not None:
        found.append(read_layer(overlay))
    return Calendar(tuple(found), known_at)


def _layer(name: str, beside: Path | None) -> Layer:
    if name == "cn":
        return national()
    for file in ((beside or Path()) / name, (beside or Path()) / f"{name}.csv"):
        if file.is_file():
            return read_layer(file, name)
    raise NoCalendar(Problem(NoCalendar.code, where=name, params={"name": name, "folder": str(beside or Path())}))
