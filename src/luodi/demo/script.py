"""
What will happen in the demo city: units, people, projects with the days of their lives. Pure, drawn from one seed.

Days may lie after the demo's end: those acts are simply not replayed yet.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from luodi.demo import names
from luodi.kernel.period import add_months

WAN = Decimal(10_000)
BUILDING = range(4, 11)  # months in which building goes on


@dataclass(frozen=True)
class Figure:
    """Month to amount in yuan (or persons) of one measure."""

    months: dict[date, Decimal] = field(default_factory=dict)

    def year_to_date(self, first: date) -> Decimal:
        """Add up the year's months up to one."""
        return sum(
            (value for month, value in self.months.items() if month.year == first.year and month <= first), Decimal(0)
        )


@dataclass(frozen=True)
class Life:
    """One project: what it is, and on which day it enters which stage."""

    code: str
    name: str
    host: str
    introducer: str
    lead_department: str
    investor: str
    uscc: str
    national_code: str
    origin: str
    kind: str
    nature: str
    industry: str
    chain: str
    total: Decimal
    strategic: bool
    stages: tuple[tuple[str, date], ...]
    months_to_build: int
    invest: Figure
    funds: Figure
    output: Figure
    jobs: Figure
    slips: bool  # its dates move, its investment lags

    def day(self, stage: str) -> date | None:
        """Give the day of a stage, if the project ever gets there."""
        return next((on for name, on in self.stages if name == stage), None)

    @property
    def began(self) -> date:
        """The day of its first stage."""
        return self.stages[0][1]


def months(first: date, number: int) -> list[date]:
    """List the first days of months."""
    return [add_months(first, n) for n in range(number)]


def lives(rng: Random, *, number: int, first: date, number_of_months: int) -> list[Life]:
    """Draw the lives of all projects; about two in five began before the demo's first month."""
    found = [life(rng, n, first, number_of_months) for n in range(1, number + 1)]
    if number >= 12:
        found[10], found[11] = courted_twice(found[10], found[11])
    return found


def courted_twice(one: Life, other: Life) -> tuple[Life, Life]:
    """Let two squads court one investor without knowing of each other."""
    from dataclasses import replace

    talks = (("在谈", one.began),)
    base = replace(one, stages=talks, introducer="YLS03", kind="招商引资", host="YL02", national_code="")
    twin = replace(
        other, stages=(("在谈", other.began),), introducer="YLS07", kind="招商引资", host="YL05", national_code=""
    )
    return base, replace(twin, investor=base.investor, uscc=base.uscc, name=base.name + "（二）")


def life(rng: Random, n: int, first: date, number_of_months: int) -> Life:
    """Draw one project."""
    kind = rng.choices(("招商引资", "政府投资", "技术改造"), (78, 14, 8))[0]
    origin = rng.choices(("境外", "省外", "省内市外", "市内"), (4, 52, 24, 20))[0]
    code, trade, product = rng.choice(names.TRADES if kind != "政府投资" else names.PUBLIC_TRADES)
    host = rng.choices([unit for unit, _, _ in names.DISTRICTS + names.PARKS], (14, 12, 9, 8, 8, 6, 6, 6, 13, 12, 6))[0]
    began = add_months(first, -18) + timedelta(days=rng.randrange(int((18 + number_of_months) * 30.4)))
    total = (
        Decimal(rng.randint(*rng.choices(((20, 99), (100, 499), (500, 999), (1000, 4200)), (38, 42, 12, 8))[0])) * 100
        + rng.randrange(100)
    ) * WAN
    build = max(6, min(32, int(6 + float(total / WAN) ** 0.5 / 14 + rng.randint(-2, 6))))
    stages = course(rng, kind, began, build)
    slips = rng.random() < 0.28
    start, finish = _day(stages, "开工"), _day(stages, "竣工")
    invest = investment(rng, total, start, finish, build, slips, _day(stages, "停滞"))
    return Life(
        code=f"YL{began.year}{n:04}",
        name=public_name(host, product, n) if kind == "政府投资" else private_name(rng, trade, product),
        host=host,
        introducer=f"YLS{rng.randint(1, 20):02}"
        if kind == "招商引资" and rng.random() < 0.6
        else host
        if kind == "招商引资"
        else "",
        lead_department=f"YLD{rng.choice((3, 4, 5, 11, 13, 16, 23)):02}",
        investor=names.firm(rng, origin) if kind != "政府投资" else "云岭市城市建设投资有限公司",
        uscc=names.credit_code(rng),
        national_code=f"{began.year % 100:02}{began.month:02}-649900-{rng.choice(('04', '07', '35'))}-01-{n:06}",
        origin=origin if kind == "招商引资" else "市内",
        kind=kind,
        nature=rng.choices(("新建", "扩建", "改建", "迁建"), (70, 16, 10, 4))[0],
        industry=code,
        chain=rng.choice(names.CHAINS) if kind == "招商引资" else "",
        total=total,
        strategic=rng.random() < 0.3,
        stages=stages,
        months_to_build=build,
        invest=invest,
        funds=funding(rng, total, _day(stages, "签约"), invest) if kind == "招商引资" else Figure(),
        output=production(rng, total, _day(stages, "投产")),
        jobs=hiring(rng, total, _day(stages, "投产")),
        slips=slips,
    )


def public_name(host: str, product: str, n: int) -> str:
    """Name a public project after where it is."""
    place = next(name for unit, name, _ in names.DISTRICTS + names.PARKS if unit == host)
    return f"{place}{product}工程（{n:03}标段）"


def private_name(rng: Random, trade: str, product: str) -> str:
    """Name an investor's project after its brand or after what it will make."""
    if rng.random() < 0.5:
        return f"{rng.choice(names.BRANDS)}{trade}{product}项目"
    return f"{rng.choice(names.BRANDS)}年产{rng.randint(1, 90)}万件{product}项目"


def _day(stages: tuple[tuple[str, date], ...], stage: str) -> date | None:
    return next((on for name, on in stages if name == stage), None)


# stage after stage: chance to get there, days it takes (least, most)
COURSE = {
    "招商引资": (
        ("线索", 1.0, 0, 0),
        ("在谈", 0.86, 5, 60),
        ("签约", 0.74, 20, 150),
        ("落地", 0.86, 15, 120),
        ("开工", 0.88, 30, 240),
    ),
    "政府投资": (("开工", 1.0, 0, 0),),
    "技术改造": (("签约", 1.0, 0, 0), ("开工", 0.95, 20, 120)),
}


def course(rng: Random, kind: str, began: date, build: int) -> tuple[tuple[str, date], ...]:
    """Draw how far a project gets and when; starts wait for the building season; some stall, resume or end."""
    found: list[tuple[str, date]] = []
    day = began
    for stage, chance, least, most in COURSE[kind]:
        if rng.random() > chance:
            if stage in ("签约", "落地", "开工") and rng.random() < 0.35:
                found.append(("终止", day + timedelta(days=rng.randint(60, 240))))
            return tuple(found)
        day += timedelta(days=rng.randint(least, most))
        if stage == "开工" and day.month not in BUILDING:
            day = date(day.year + (day.month > 10), 4, rng.randint(3, 28))
        found.append((stage, day))
    if rng.random() < 0.07:
        stalled = day + timedelta(days=rng.randint(60, 300))
        found.append(("停滞", stalled))
        if rng.random() < 0.45:
            return tuple(found)
        day = stalled + timedelta(days=rng.randint(60, 200))
        found.append(("复工", day))
    day += timedelta(days=int(build * 30.4) + rng.randint(0, 60))
    found.append(("竣工", day))
    for stage, chance, least, most in (("投产", 0.9, 20, 120), ("达产", 0.6, 150, 420), ("达效", 0.4, 120, 360)):
        if rng.random() > chance:
            break
        day += timedelta(days=rng.randint(least, most))
        found.append((stage, day))
    return tuple(found)


def investment(
    rng: Random, total: Decimal, start: date | None, finish: date | None, build: int, slips: bool, stalled: date | None
) -> Figure:
    """Spread a project's investment over the months it is built in: slow in winter, slow at both ends."""
    if start is None:
        return Figure()
    span = months(start.replace(day=1), build + 2)
    if finish is not None:
        span = [month for month in span if month <= finish] or span[:1]
    weights = []
    for n, month in enumerate(span):
        bell = 0.35 + min(n + 1, len(span) - n) / len(span)
        weights.append(bell * (1.0 if month.month in BUILDING else 0.18) * rng.uniform(0.6, 1.4))
    reached = Decimal(str(round(rng.uniform(0.55, 0.8) if slips else rng.uniform(0.9, 1.0), 3)))
    scale = sum(weights)
    amounts = {}
    for month, weight in zip(span, weights, strict=True):
        if stalled is not None and month > stalled and month < (finish or stalled):
            continue
        amount = (total * reached * Decimal(str(round(weight / scale, 6))) / WAN).quantize(Decimal("0.1"))
        amounts[month] = amount * WAN
    return Figure(amounts)


def funding(rng: Random, total: Decimal, signed: date | None, invest: Figure) -> Figure:
    """Let money arrive: something at signing, then somewhat ahead of what is built."""
    if signed is None:
        return Figure()
    amounts = {
        signed.replace(day=1): (total * Decimal(str(round(rng.uniform(0.01, 0.06), 3))) / WAN).quantize(Decimal("1"))
        * WAN
    }
    for month, built in invest.months.items():
        part = (built * Decimal(str(round(rng.uniform(0.85, 1.08), 3))) / WAN).quantize(Decimal("1")) * WAN
        amounts[month] = amounts.get(month, Decimal(0)) + part
    return Figure(amounts)


def production(rng: Random, total: Decimal, produced: date | None) -> Figure:
    """Let output grow over a year and a half to what was hoped for."""
    if produced is None:
        return Figure()
    full = total * Decimal(str(round(rng.uniform(0.05, 0.13), 3)))
    amounts = {}
    for n, month in enumerate(months(add_months(produced.replace(day=1), 1), 40)):
        share = Decimal(str(round(min(1.0, 0.15 + n / 18) * rng.uniform(0.8, 1.2), 4)))
        amounts[month] = (full * share / WAN).quantize(Decimal("0.01")) * WAN
    return Figure(amounts)


def hiring(rng: Random, total: Decimal, produced: date | None) -> Figure:
    """Let people be hired, most of them in the first half year."""
    if produced is None:
        return Figure()
    people = max(8, int(total / WAN / 260))
    span = months(produced.replace(day=1), 8)
    return Figure({month: Decimal(rng.randint(0, people) // (n + 2)) for n, month in enumerate(span)})
