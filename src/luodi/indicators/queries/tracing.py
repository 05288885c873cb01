"""
From a value back to the rows that make it: which projects, with which weight, by which rows, recorded by whom and when, proven by what.

The value comes from the snapshot; the rows come from the store and go through the same rules once more, so that a trace is a second
opinion too: its weighted numbers add up to the value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from luodi.codebook import queries as codebook
from luodi.codebook.values.indicators import Indicator, Median, Projects, Quantity
from luodi.codebook.values.profile import Profile
from luodi.indicators.engine import answers, details, lacking, plan
from luodi.indicators.engine.asking import Asking, shares
from luodi.indicators.engine.details import ProjectLine
from luodi.indicators.engine.figures import span_first
from luodi.indicators.engine.plan import Part
from luodi.indicators.engine.unitfiled import unit_filed
from luodi.indicators.queries.computing import NOW, chosen_lines, compute, current_world
from luodi.indicators.rules import dated, figures, lives
from luodi.indicators.rules.trust import last_standing, trust
from luodi.indicators.snapshot import resolve, store
from luodi.indicators.snapshot.resolve import Marks, ProjectRows, Share
from luodi.indicators.values import BASES, VERIFIED, DatedRow, EventRow, Exact, FigureRow, Question
from luodi.ledger import clock
from luodi.ledger.values import fact_of


@dataclass(frozen=True)
class Source:
    """A row of the ledger: its projection, its ids, when it was known and recorded, by whom, and the digests of its evidence."""

    table: str
    row: int
    fact: int
    act: str
    known_at: int
    recorded_at: int
    actor: str
    says: str
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class Attributed:
    """A row of the set of attributions that gives a weight: this unit's share (`full`: all of it), and where it came from."""

    unit: str
    share: Fraction
    full: bool
    measure: str
    source: Source


@dataclass(frozen=True)
class TraceLine:
    """
    What one project (or unit that files itself) brings: `part` value, numerator, denominator or days; `value` before its weight.

    `attributions` is the set the weight was taken from; none where the version's own unit holds all, or for the whole city.
    """

    part: str
    subject: str
    weight: Fraction
    value: Fraction
    n: int
    sources: tuple[Source, ...] = ()
    attributions: tuple[Attributed, ...] = ()


@dataclass(frozen=True)
class Trace:
    """A value and the lines that make it. `kind` says what the value is, `kinds` the same for each part."""

    indicator: str
    period: str
    unit: str | None
    span: str
    role: str
    basis: str
    cut: int
    value: Exact
    kind: str
    missing: int
    lines: tuple[TraceLine, ...]
    kinds: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Found:
    """A row that plays a part, before its fact is looked up."""

    table: str
    row: int
    known_at: int
    says: str


def trace(
    *,
    indicator: str,
    period: str,
    unit: str | None,
    span: str = "ytd",
    role: str = "host",
    list_: str | None = None,
    cut: int | None = None,
    basis: str = "verified",
    profile: Profile | None = None,
    everything: bool = False,
    growth_base: str = "revised",
    count_owed: bool = False,
) -> Trace:
    """
    Give the rows that make one value, and the value. Of a growth `<id>_yoy`: its value, and the rows of this year's.

    `unit` None is what no unit holds; with `everything` the whole city, whatever unit.

    :raises luodi.kernel.period.BadPeriod, luodi.indicators.engine.plan.UnknownIndicator, UnknownUnit:
    """
    profile = profile or codebook.profile()
    found = plan.definition(profile, indicator)
    world = current_world(profile)
    parsed = profile.calendar.accounting_year.parse(period)
    at = NOW if cut is None else cut
    asked = answers.question(profile, period=parsed, span=span, cut=at, basis=BASES[basis], role=role, list_=list_)
    where = answers.shape(world, profile, asked)
    unit = where.root if everything else unit
    if unit is not None:
        chosen_lines(where, asked, [unit], False)
    owed = lacking.owed_cells(world, profile, today=clock.today()) if count_owed else None
    sums = answers.sums(world, profile, asked, [found], where, owed=owed)
    finisher = answers.Finisher(profile, asked, answers.targets(world, asked))
    (line,) = answers.lines(finisher, sums, [found], [unit])
    world.forget()
    asking = Asking(world, profile, asked, where, shares(world, asked, where))
    lines = _days(asking, found, unit) if isinstance(found, Median) else _lines(asking, found, unit)
    lines = [*lines, *_unit_lines(asking, found, unit)]
    traced = _sourced(asking, lines, whole=unit == where.root)
    values = (line.values[found.id], found.unit, line.missing.get(found.id, 0))
    if plan.is_growth(profile, indicator):
        grown = compute(
            period=parsed, units=[unit] if unit else None, span=span, role=role, list_=list_, cut=cut, basis=basis,
            growth_base=growth_base, indicators=[indicator], profile=profile,
        )  # fmt: skip
        values = (grown.value(indicator, unit), "ratio", values[2])
    kinds = {name: _kind(part) for name, part in named_parts(profile, found)}
    return Trace(indicator, period, unit, span, role, basis, at, *values, traced, kinds)


def named_parts(profile: Profile, found: Indicator) -> list[tuple[str, Part]]:
    """Name the parts of an indicator: value, or numerator and denominator."""
    parts = plan.parts(profile, found)
    return list(zip(("value",) if len(parts) == 1 else ("numerator", "denominator"), parts, strict=False))


def _kind(part: Part) -> str:
    """Tell how a part's numbers are written."""
    if isinstance(part, Quantity) and part.count is None and part.sum != "jobs_added":
        return "money"
    return "count"


def _lines(asking: Asking, found: Indicator, unit: str | None) -> list[tuple[TraceLine, Part]]:
    """List what projects bring to the parts, with their weights in the unit."""
    named = named_parts(asking.profile, found)
    parts = [part for _, part in named]
    weigh = details.weighing(asking)

    def weighed(one: ProjectLine) -> Fraction:
        return weigh.weight(unit, one.project, one.holder, details.measure_of(parts[one.part]))

    rows = sorted(details.project_lines(asking, parts), key=lambda one: (one.part, one.project))
    return [
        (TraceLine(named[one.part][0], one.project, weight, one.value, one.n), parts[one.part])
        for one in rows
        if (weight := weighed(one))
    ]


def _days(asking: Asking, found: Median, unit: str | None) -> list[tuple[TraceLine, Part]]:
    weigh = details.weighing(asking)
    part = Quantity(
        count="projects", projects=found.projects.model_copy(update={"reached": (found.since, found.until)})
    )
    return [
        (TraceLine("days", project, Fraction(1), Fraction(days), 0), part)
        for project, holder, days in sorted(details.days_of(asking, plan.days(found)))
        if weigh.weight(unit, project, holder)
    ]


def _unit_lines(asking: Asking, found: Indicator, unit: str | None) -> list[tuple[TraceLine, Part]]:
    """List what units file themselves, for measures that are filed on units."""
    named = named_parts(asking.profile, found)
    inside = asking.shape.tree.under(unit) if unit else frozenset()
    return [
        (TraceLine(named[one.part][0], one.unit, Fraction(1), Fraction(one.value), one.n), named[one.part][1])
        for one in sorted(unit_filed(asking, [part for _, part in named]))
        if one.n and (unit == asking.shape.root or one.unit in inside)
    ]


def _sourced(asking: Asking, lines: Sequence[tuple[TraceLine, Part]], *, whole: bool) -> tuple[TraceLine, ...]:
    """Find the rows behind every line, and their facts, a few hundred subjects at a time. The whole city shares nothing out."""
    traced: list[TraceLine] = []
    for part in store.chunks(lines):
        behind = _rows_of(asking, part)
        rows = [row for found, held in behind for row in (*found, *map(_of_share, held))]
        heads = store.fact_heads(fact_of(row.row) for row in rows)
        proofs: dict[int, tuple[str, ...]] = {}
        for table in ("projects.StageEvent", "statistics.Figure"):
            proofs |= store.evidence_of(table, [row.row for row in rows if row.table == table])
        for (line, _), (found, held) in zip(part, behind, strict=True):
            sources = tuple(_source(one, heads, proofs) for one in found)
            given = () if whole else tuple(_attributed(one, _source(_of_share(one), heads, proofs)) for one in held)
            traced.append(replace(line, sources=sources, attributions=given))
    return tuple(traced)


def _of_share(share: Share) -> _Found:
    return _Found("projects.Attribution", share.id, share.known_at, f"{share.unit} {share.num}/{share.den}")


def _attributed(share: Share, source: Source) -> Attributed:
    full = share.mode == "full"
    return Attributed(share.unit, Fraction(1) if full else Fraction(share.num, share.den), full, share.measure, source)


def _source(one: _Found, heads: Mapping[int, tuple[str, int, str]], proofs: Mapping[int, tuple[str, ...]]) -> Source:
    fact = fact_of(one.row)
    act, recorded_at, actor = heads[fact]
    return Source(one.table, one.row, fact, act, one.known_at, recorded_at, actor, one.says, proofs.get(one.row, ()))


def _rows_of(asking: Asking, lines: Sequence[tuple[TraceLine, Part]]) -> list[tuple[list[_Found], Sequence[Share]]]:
    """Give the rows behind each line, and the set of attributions that its weight was taken from."""
    through = asking.world.manifest.through
    subjects = {line.subject for line, _ in lines}
    projects = store.projects_of(subjects, through=through)
    marks = store.marks_of((row for rows in projects.values() for row in rows.ids()), through=through)
    calendar = asking.profile.calendar.accounting_year
    keys = {
        (line.subject, is_unit, part.sum)
        for line, part in lines
        if isinstance(part, Quantity) and part.sum
        for is_unit in (False, True)
    }
    filed = dict(store.figures_of(keys, calendar, through=through))
    said = store.marks_of((row.id for rows in filed.values() for row in rows), through=through)
    found = []
    for line, part in lines:
        rows = projects.get(line.subject, ProjectRows())
        own = list(_of_project(asking, rows, marks, part))
        if isinstance(part, Quantity) and part.sum:
            is_unit = line.subject not in projects
            own += _of_figures(asking.question, part, filed.get((line.subject, is_unit, part.sum), []), said)
        found.append((own, _set_of(asking.question, rows.shares, marks, details.measure_of(part))))
    return found


def _set_of(question: Question, shares: Sequence[Share], marks: Marks, measure: str) -> Sequence[Share]:
    """Give the set of attributions that holds at D, as of the cut: the measure's own, else the general one."""
    for wanted in dict.fromkeys((measure, "")):
        own = {one.id: one for one in shares if (one.role, one.measure) == (question.role, wanted)}
        rows = (resolve._dated(one, marks, one.filing or str(one.id)) for one in own.values())
        order = dated.sequence(row for row in rows if dated.alive(row, question.cut))
        for valid_from, valid_to, found in order:
            if valid_from <= question.last < valid_to:
                return [own[row] for row in found]
    return ()


def _of_project(asking: Asking, rows: ProjectRows, marks: Marks, part: Part) -> Iterator[_Found]:
    """Give the version at D, and the events, plans and earlier versions that the part rests on."""
    question, chosen = asking.question, part.projects if isinstance(part, Quantity) else Projects()
    by_id = {version.id: version for version in rows.versions}
    order = dated.sequence(
        row for row in (resolve._dated(version, marks) for version in rows.versions) if dated.alive(row, question.cut)
    )
    rising = isinstance(part, Quantity) and part.rises is not None
    for valid_from, valid_to, (row,) in order:
        if valid_from <= question.last < valid_to or (rising and valid_from <= question.last):
            version = by_id[row]
            amount = version.amounts[0]
            yield _Found(
                "projects.ProjectVersion",
                row,
                version.known_at,
                f"{valid_from} {'' if amount is None else amount}".strip(),
            )
    stages = asking.profile.labels([p for p in (chosen.first, *chosen.reached) if p])
    after = asking.profile.playing(part.after) if isinstance(part, Quantity) and part.after else None
    wanted = {*stages, *([after] if after else [])}
    believed = _believed(rows.events, marks, question)
    yield from (_event(event) for event in _first_events(believed, wanted))
    if chosen.state and believed:
        yield _event(max(believed, key=lambda event: (event.day, event.known_at, event.id)))
    if isinstance(part, Quantity) and (part.plan or chosen.planned):
        yield from _plans(rows, marks, question)


def _believed(events: Iterable[EventRow], marks: Marks, question: Question) -> list[EventRow]:
    found = []
    for event in events:
        spells = trust(known_at=event.known_at, trusted_at=event.verified_at, marks=marks.get(event.id, ()))
        wanted = spells.verified if question.basis == VERIFIED else spells.filed
        if event.day <= question.last and any(since <= question.cut < until for since, until in wanted):
            found.append(event)
    return found


def _first_events(believed: Sequence[EventRow], stages: Iterable[str]) -> Iterator[EventRow]:
    days = dict(lives.firsts(believed))
    for stage in sorted(stages):
        of_day = [event for event in believed if (event.stage, event.day) == (stage, days.get(stage))]
        if of_day:
            yield min(of_day, key=lambda event: (event.known_at, event.id))


def _event(event: EventRow) -> _Found:
    return _Found("projects.StageEvent", event.id, event.known_at, f"{event.stage} {event.day}")


def _plans(rows: ProjectRows, marks: Marks, question: Question) -> Iterator[_Found]:
    own = [
        DatedRow(plan.id, plan.known_at, resolve.void_at(marks.get(plan.id, ())), date(plan.year, 1, 1))
        for plan in rows.plans
        if plan.year == question.year
    ]
    standing = [
        row for since, until, row in dated.replaced(own, lambda row: row.valid_from) if since <= question.cut < until
    ]
    amounts = {plan.id: plan.invest for plan in rows.plans}
    yield from (
        _Found("projects.YearPlan", row.id, row.known_at, f"{question.year} {amounts[row.id]}") for row in standing
    )


def _of_figures(question: Question, part: Quantity, rows: Sequence[FigureRow], marks: Marks) -> Iterator[_Found]:
    """Give the figures that count: those of the items that fit into the span."""
    first = span_first(question, part.span) or date.min
    by_period: dict[tuple[date, date], list[tuple[FigureRow, Sequence[tuple[int, int]]]]] = {}
    for row in sorted(rows, key=lambda row: (row.known_at, row.id)):
        spells = trust(known_at=row.known_at, trusted_at=row.accepted_at, marks=marks.get(row.id, ()))
        wanted = spells.verified if question.basis == VERIFIED else spells.filed
        by_period.setdefault((row.first, row.last), []).append((row, wanted))
    standing = [
        row for same in by_period.values() for since, until, row in last_standing(same) if since <= question.cut < until
    ]
    by_id = {row.id: row for row in standing}
    counted = [item for item in figures.items(standing) if item.counts(first, question.last)]
    for own in dict.fromkeys(own for item in sorted(counted) for own in item.rows):
        figure = by_id[own]
        says = f"{figure.first}..{figure.last} {figure.value}{' 累计' if figure.cumulative else ''}"
        yield _Found("statistics.Figure", own, figure.known_at, says)


def of_project(found: Trace, project: str, value: Exact) -> Trace:
    """Narrow a trace to one project, whole: what a paper printed of a single project."""
    lines = tuple(replace(line, weight=Fraction(1)) for line in found.lines if line.subject == project)
    return replace(found, value=value, lines=lines)
