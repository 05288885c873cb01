"""Puts a paper together from its sources. Pure: the same sources give the same paper, and every figure knows its question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from luodi.codebook.values.indicators import Flow, Indicator, Points, Sum, TargetRate
from luodi.codebook.values.reporting import Form
from luodi.documents import wall
from luodi.documents.desk import Desk
from luodi.documents.queries.sources import Sources
from luodi.documents.rules import definitions, filing, lagging, numbers, ranking, transfers, wording
from luodi.documents.values import (
    Bulletin,
    Column,
    Edition,
    Figure,
    Filing,
    Head,
    Headline,
    Kind,
    Lagging,
    Matter,
    Sentence,
    Transfer,
    UnitRow,
    UnitTable,
)
from luodi.kernel.period import Kind as PeriodKind

ACROSS = 12  # columns of figures on a sheet of A4
MATTERS = {Kind.NOTICE: 5, Kind.BRIEF: 4}  # a leader reads few


def bulletin(sources: Sources) -> Bulletin:
    """Put a paper together."""
    desk, kind = Desk(sources), Kind(sources.paper.kind)
    found_filing = _filing(sources)
    lagged = _lagging(desk)
    moves = _transfers(sources)
    rankings = _rankings(desk, moves)
    return Bulletin(
        head=_head(sources, found_filing),
        comments=_comments(desk, rankings),
        overview=_overview(desk),
        rankings=rankings,
        tables=_tables(desk, moves) if kind is Kind.TABLE else (),
        filing=found_filing,
        lagging=lagged[: sources.paper.lagging],
        lagging_more=max(0, len(lagged) - sources.paper.lagging),
        matters=_matters(sources),
        corrections=sources.corrections,
        transfers=moves,
        definitions=definitions.of_paper(sources.profile, sources.paper),
        sources=tuple(definitions.source(form) for form in _forms(sources)),
        pages=wall.pages(desk, sources) if kind is Kind.WALL else (),
    )


# --- head -------------------------------------------------------------------------------------------


def _head(sources: Sources, found: Filing) -> Head:
    paper, profile, period = sources.paper, sources.profile, sources.period
    year = profile.calendar.accounting_year.of(period.last)
    named = {
        "city": sources.tree.name(sources.whole) if sources.unit else profile.city.zh,
        "period": wording.period_words(period),
        "edition": "快报" if sources.edition is Edition.FLASH else "",
    }
    seal = sources.seal
    return Head(
        kind=Kind(paper.kind),
        edition=sources.edition,
        checking=sources.checking,
        title=paper.title.format_map(named) + ("（快报）" if sources.edition is Edition.FLASH else ""),
        period=named["period"],
        span=wording.to_date_words(year, period),
        issuer=paper.issuer,
        to=paper.to,
        copies=paper.copies,
        compiler=paper.compiler,
        issue=_issue(sources) if paper.numbered else None,
        year=int(year.label),
        made_on=sources.today,
        completeness=filing.headed(found, at=wording.day_words(sources.today)),
        basis=f"数据截至{wording.day_words(seal.sealed_on)}封账（已审核）"
        if seal
        else f"数据截至{wording.day_words(sources.today)}（已上报、未封账）",
        statement=profile.city.not_statistics_zh,
        synthetic=sources.synthetic,
        seal=seal,
    )


def _issue(sources: Sources) -> int:
    """Number a paper by its period's place in the accounting year, so that making it again never counts on."""
    year, period = sources.profile.calendar.accounting_year, sources.period
    count, one = 1, period
    while year.before(one).last >= year.of(period.last).first and period.kind is not PeriodKind.YEAR:
        one, count = year.before(one), count + 1
    return count


def _filing(sources: Sources) -> Filing:
    names = {unit: sources.tree.name(unit) for unit in {one.unit for one in sources.owed}}
    under = sources.tree.under(sources.whole)
    forms = {form.id: form.zh for form in sources.profile.forms}
    owed, still = ([one for one in each if one.unit in under] for each in (sources.owed, sources.still))
    return filing.filing(owed, still, names=names, forms=forms)


# --- figures ----------------------------------------------------------------------------------------


def _listed(sources: Sources) -> list[Indicator]:
    return [one for one in map(sources.profile.indicator, sources.paper.indicators) if one is not None]


def _overview(desk: Desk) -> tuple[Headline, ...]:
    whole = desk.sources.whole
    return tuple(
        Headline(
            label=one.zh,
            unit=numbers.unit_of(one),
            month=desk.figure(one, whole, "period") if isinstance(one, Flow | Sum) else numbers.plain(None, "", 0),
            to_date=desk.figure(one, whole),
            growth=desk.growth(one, whole),
        )
        for one in _listed(desk.sources)
    )


def _rankings(desk: Desk, moves: tuple[Transfer, ...]) -> tuple[UnitTable, ...]:
    sources = desk.sources
    moved = {name for one in moves for name in (one.before, one.after)}
    return tuple(
        ranking.table(
            sources.profile,
            one,
            units=sources.units,
            values=sources.values["ytd"],
            owing=_owing(sources, one.indicator),
            transferred={unit.code for unit in sources.units if unit.name in moved},
            print_=desk.figure,
        )
        for one in sources.paper.rankings
        if sources.units
    )


def _owing(sources: Sources, indicator: str) -> frozenset[str]:
    forms = ranking.rests_on_forms(sources.profile, indicator)
    return frozenset(one.unit for one in sources.still if one.form in forms)


def _tables(desk: Desk, moves: tuple[Transfer, ...]) -> tuple[UnitTable, ...]:
    """Lay out the plain tables: year to date and the period alone of every indicator, growth of what can grow."""
    listed = _listed(desk.sources)
    flows = [one for one in listed if isinstance(one, Flow | Sum)]
    span = wording.to_date_words(
        desk.sources.profile.calendar.accounting_year.of(desk.sources.period.last), desk.sources.period
    )
    return (
        *_plain(desk, f"{span}累计", listed, moves, desk.figure),
        *_plain(desk, "当期", flows, moves, lambda one, unit: desk.figure(one, unit, "period")),
        *_plain(desk, "累计同比", flows, moves, desk.growth, growth=True),
    )


def _plain(
    desk: Desk,
    title: str,
    listed: Sequence[Indicator],
    moves: tuple[Transfer, ...],
    print_: Callable[[Indicator, str], Figure],
    *,
    growth: bool = False,
) -> list[UnitTable]:
    """Lay one table out in parts that fit across a sheet of A4."""
    parts = [listed[at : at + ACROSS] for at in range(0, len(listed), ACROSS)]
    return [
        _part(desk, f"{title}（{n}）" if len(parts) > 1 else title, part, moves, print_, growth=growth)
        for n, part in enumerate(parts, start=1)
    ]


def _part(
    desk: Desk,
    title: str,
    listed: Sequence[Indicator],
    moves: tuple[Transfer, ...],
    print_: Callable[[Indicator, str], Figure],
    *,
    growth: bool,
) -> UnitTable:
    sources = desk.sources
    moved = {name for one in moves for name in (one.before, one.after)}
    units = [(sources.whole, sources.tree.name(sources.whole)), *((one.code, one.name) for one in sources.units)]
    columns = tuple(Column(one.id, one.zh, "%" if growth else numbers.unit_of(one)) for one in listed)
    late = {one.unit for one in sources.still}
    rows = tuple(
        UnitRow(
            unit=code,
            name=name,
            figures=tuple(print_(one, code) for one in listed),
            filed=code not in late,
            transferred=name in moved,
        )
        for code, name in units
    )
    return UnitTable(title, columns, rows)


# --- words ------------------------------------------------------------------------------------------


def _comments(desk: Desk, rankings: tuple[UnitTable, ...]) -> tuple[Sentence, ...]:
    """Write three lines: how far the year is, what came about, who leads and who is behind."""
    sources, profile = desk.sources, desk.sources.profile
    whole, name = sources.whole, sources.tree.name(sources.whole)
    called = "全市" if whole == sources.tree.city(profile) else name
    span = wording.to_date_words(profile.calendar.accounting_year.of(sources.period.last), sources.period)
    rate = _rate(sources)
    lines: list[Sentence] = []
    if rate is not None:
        lines.append(
            wording.progress(
                profile,
                rate,
                lambda one, within: desk.figure(one, whole, within),
                lambda one: desk.growth(one, whole),
                whole=called,
                span=span,
            )
        )
    rest = [one for one in _listed(sources) if rate is None or one.id != rate.of]
    lines.append(wording.activity(rest, lambda one, within: desk.figure(one, whole, within), month=_within(sources)))
    if rankings:
        lines.append(wording.order(rankings[0], behind=_behind(desk, rankings[0])))
    return tuple(line for line in lines if line)


def _within(sources: Sources) -> str:
    month = sources.period.kind in (PeriodKind.MONTH, PeriodKind.JAN_FEB)
    return "当月" if month else "当期"


def _rate(sources: Sources) -> TargetRate | None:
    """Find the target rate that the paper speaks of: its rankings' or its own."""
    ids = [one.indicator for one in sources.paper.rankings] + list(sources.paper.indicators)
    return next((one for one in map(sources.profile.indicator, ids) if isinstance(one, TargetRate)), None)


def _behind(desk: Desk, table: UnitTable) -> list[str]:
    """Name the units of a ranking that are behind time, by what is printed."""
    gaps = [one.id for one in desk.sources.profile.indicators if isinstance(one, Points)]
    place = next((n for n, column in enumerate(table.columns) if column.id in gaps), None)
    if place is None:
        return []
    return [row.name for row in table.rows if row.rank is not None and row.figures[place].text.startswith("-")]


# --- projects ---------------------------------------------------------------------------------------


def _lagging(desk: Desk) -> tuple[Lagging, ...]:
    projects, tree = desk.sources.projects, desk.sources.tree
    size = {code: Fraction(card.version.total_investment or 0) for code, card in projects.cards.items()}
    return tuple(
        Lagging(
            code=code,
            label=projects.labels[code],
            host=tree.name(projects.cards[code].version.host),
            invested=desk.project(projects.invested, code),
            rate=desk.project(projects.planned, code),
            colour=lagging.COLOURS[projects.lights[code].colour],
            reasons=lagging.reasons(projects.lights[code], desk.sources.profile),
        )
        for code in lagging.order(projects.lights, size)
    )


def _matters(sources: Sources) -> tuple[Matter, ...]:
    projects = sources.projects
    open_labels = {code: label for code, label in projects.labels.items() if code not in projects.veiled}
    names = {code: unit.name for code, unit in sources.tree.units.items()}
    found = lagging.matters(
        projects.cards.values(), projects.notes, on=sources.period.last, labels=open_labels, name=names
    )
    return tuple(found[: MATTERS.get(Kind(sources.paper.kind), len(found))])


def _transfers(sources: Sources) -> tuple[Transfer, ...]:
    year = sources.profile.calendar.accounting_year.of(sources.period.last)
    found = transfers.transfers(
        (card.dossier for card in sources.projects.cards.values()),
        since=year.first,
        until=sources.period.last,
        units=frozenset(unit.code for unit in sources.units),
        tree=sources.tree,
        labels=sources.projects.labels,
    )
    return tuple(
        Transfer(one.label, sources.tree.name(one.before), sources.tree.name(one.after), one.on) for one in found
    )


def _forms(sources: Sources) -> list[Form]:
    """List the forms that the paper's figures rest on."""
    asked = {form for one in sources.paper.indicators for form in ranking.rests_on_forms(sources.profile, one)}
    return [form for form in sources.profile.forms if form.id in asked]
