"""A project's money through the year: plan against what was done, month by month and added up. Drawn on the project's page and sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from luodi.codebook.values import Profile
from luodi.kernel.money import round_away
from luodi.kernel.period import Period, add_months
from luodi.projects.values.rows import Plan
from luodi.statistics.queries import invested

HEIGHT, WIDTH = 100, 20  # of a month in the drawing, in its own units


@dataclass(frozen=True)
class MonthOfMoney:
    """
    A month in yuan: planned and done in it, and from the year's beginning. None: not planned by months; not reported (yet).

    `n` counts from 0. `planned_bar`, `done_bar`: heights of the bars of the sums so far, 0 to 100 of the highest.
    """

    n: int
    first: date
    planned: Decimal | None
    done: Decimal | None
    planned_so_far: Decimal | None
    done_so_far: Decimal | None
    planned_bar: str = "0"
    done_bar: str = "0"

    @property
    def english(self) -> str:
        """Name the month in English: Jan."""
        return f"{self.first:%b}"

    @property
    def place(self) -> int:
        """Tell where the month's bars stand from the left."""
        return self.n * WIDTH

    @property
    def planned_top(self) -> str:
        """Tell where the planned bar begins from above."""
        return f"{HEIGHT - Decimal(self.planned_bar):f}"

    @property
    def done_top(self) -> str:
        """Tell where the bar of what was done begins from above."""
        return f"{HEIGHT - Decimal(self.done_bar):f}"


@dataclass(frozen=True)
class Money:
    """A year of a project: its plan, what was done, and the months. `reported`: the last month with a figure."""

    year: str
    planned: Decimal | None
    done: Decimal | None
    share: Fraction | None
    months: tuple[MonthOfMoney, ...]
    reported: date | None

    @property
    def drawn(self) -> bool:
        """Tell whether there is a bar to draw."""
        return any(one.planned_bar != "0" or one.done_bar != "0" for one in self.months)


def money(code: str, plans: Mapping[int, Plan], profile: Profile, *, year: Period, on: date) -> Money:
    """Load what was done in the year up to a day, and put the plan beside it."""
    found = invested.monthly_investment(since=year.first, until=min(on, year.last), subjects=[code])
    done = {first: value for (_, first), value in found.items() if first >= year.first}
    return laid_out(plans.get(int(year.label)), done, year=year)


def laid_out(plan: Plan | None, done: Mapping[date, Decimal], *, year: Period) -> Money:
    """Lay plan and completion out by month; sums of what was done end with the last month reported."""
    by_month = plan.months if plan else {}
    last = max(done, default=None)
    months: list[MonthOfMoney] = []
    planned_sum, done_sum = Decimal(0), Decimal(0)
    for n in range(12):
        first = add_months(year.first, n)
        planned = by_month.get(first.month, Decimal(0)) if by_month else None
        planned_sum += planned or 0
        done_sum += done.get(first, 0)
        so_far = done_sum if last is not None and first <= last else None
        months.append(MonthOfMoney(n, first, planned, done.get(first), planned_sum if by_month else None, so_far))
    total = done_sum if last is not None else None
    invest = plan.invest if plan else None
    share = Fraction(total) / Fraction(invest) if total is not None and invest else None
    return Money(year.label, invest, total, share, barred(months), last)


def barred(months: list[MonthOfMoney]) -> tuple[MonthOfMoney, ...]:
    """Give each month the heights of its bars."""
    sums = [value for one in months for value in (one.planned_so_far, one.done_so_far) if value]
    highest = max(sums, default=Decimal(0))
    return tuple(
        MonthOfMoney(
            one.n, one.first, one.planned, one.done, one.planned_so_far, one.done_so_far,
            height(one.planned_so_far, highest), height(one.done_so_far, highest),
        )
        for one in months
    )  # fmt: skip


def height(value: Decimal | None, highest: Decimal) -> str:
    """Write how high a bar is."""
    if not value or not highest:
        return "0"
    return f"{round_away(Fraction(max(value, Decimal(0))) / Fraction(highest) * HEIGHT, 1):f}"
