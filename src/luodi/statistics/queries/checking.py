"""What the data checks look at, loaded in a fixed number of queries, and what they found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from luodi.codebook.values import Form, Profile
from luodi.kernel.period import Period
from luodi.kernel.problem import Refused
from luodi.projects.queries import cards, load
from luodi.projects.rules.shares import set_in_force
from luodi.projects.values.rows import Event
from luodi.projects.values.views import Card
from luodi.statistics.checks.dossier import CheckDossier, Past, SeenEvent, SeenProject
from luodi.statistics.checks.run import findings as run_checks
from luodi.statistics.queries.figures import figures_in_force
from luodi.statistics.queries.filings import explanations
from luodi.statistics.rules.force import CellOf, FigureRow
from luodi.statistics.values.reporting import Cell, FiledCell, Finding, Owed


def seen_project(
    card: Card, *, period: Period, profile: Profile, note_periods: frozenset[str], note_text: str
) -> SeenProject:
    """Take from a project's card what the checks look at."""
    dossier, version = card.dossier, card.version
    year = int(profile.calendar.accounting_year.of(period.last).label)
    plan = dossier.plans.get(year)
    return SeenProject(
        code=version.code,
        label=version.name or version.code,
        kind=version.kind,
        host=version.host,
        uscc=version.uscc,
        investor=version.investor or "",
        name=version.name or "",
        totals=tuple(one.total_investment for one in dossier.versions if one.valid_from <= period.last),
        events=tuple(
            SeenEvent(event.stage, event.occurred_on, proofs(event))
            for event in dossier.events
            if event.verified_at is not None and event.occurred_on <= period.last
        ),
        state=card.state,
        plan_year=plan.invest if plan else None,
        plan_months=tuple(plan.months.values()) if plan else (),
        held_by=tuple(share.unit for share in set_in_force(dossier.shares, role="host", on=period.last)),
        note_periods=note_periods,
        note_text=note_text,
    )


def proofs(event: Event) -> int:
    """Count what proves an event: files, or the words of evidence that history brought."""
    return len(event.evidence) or int(bool(event.evidence_note))


def dossier(
    *,
    profile: Profile,
    form: Form,
    period: Period,
    owed: Owed,
    cells: Sequence[FiledCell],
    notes: Mapping[str, Mapping[str, str]] | None = None,
) -> CheckDossier:
    """Load everything the checks of one unit's form look at: its projects, the past of its cells, twins elsewhere."""
    lines = cards.cards(on=period.last, profile=profile)
    mine = {code: lines[code] for code in owed.subjects if code in lines}
    written = written_notes(list(mine), period.label, notes or {})
    projects = {
        code: seen_project(
            card, period=period, profile=profile, note_periods=written[code][0], note_text=written[code][1]
        )
        for code, card in mine.items()
    }
    past, cumulative, before = pasts(owed, form, period, profile)
    return CheckDossier(
        profile=profile, form=form, period=period, unit=owed.unit, cells=tuple(cells), projects=projects,
        others=twins(mine, lines, period, profile), past=past, cumulative_past=cumulative, before=before,
    )  # fmt: skip


def written_notes(
    codes: Sequence[str], period: str, typed: Mapping[str, Mapping[str, str]]
) -> dict[str, tuple[frozenset[str], str]]:
    """Give for each project the periods that have a note, and this period's words (as typed now, else as filed)."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    words: dict[str, str] = {}
    for (code, label), note in load.notes(codes).items():
        found[code].add(label)
        if label == period:
            words[code] = "。".join(filter(None, (note.progress, note.problems, note.next, note.coordinate)))
    for code, parts in typed.items():
        if any(parts.values()):
            found[code].add(period)
            words[code] = "。".join(part for part in parts.values() if part)
    return {code: (frozenset(found[code]), words.get(code, "")) for code in codes}


def twins(mine: Mapping[str, Card], lines: Mapping[str, Card], period: Period, profile: Profile) -> list[SeenProject]:
    """
    Find records of other units that name the same enterprise.

    Before signing they are seen by their code alone: a check must not tell one county whom another is courting.
    """
    codes = {card.version.uscc for card in mine.values() if card.version.uscc}
    investors = {card.version.investor for card in mine.values() if card.version.investor}
    found = []
    for code, card in lines.items():
        if code in mine or not (
            (card.version.uscc and card.version.uscc in codes) or card.version.investor in investors
        ):
            continue
        if not card.signed:
            continue
        found.append(seen_project(card, period=period, profile=profile, note_periods=frozenset(), note_text=""))
    return found


Pasts = dict[Cell, list[Past]]


def pasts(owed: Owed, form: Form, period: Period, profile: Profile) -> tuple[Pasts, Pasts, dict[Cell, Decimal]]:
    """
    Give the past of each owed cell: months' own figures (oldest first), this year's cumulative ones, and the sum of all before.

    A month of a cumulative column is the difference from the one before, where both are in force.
    """
    before_day = date.fromordinal(period.first.toordinal() - 1)
    in_force = figures_in_force(subjects=owed.subjects, measures=owed.measures, until=before_day)
    grouped: defaultdict[Cell, list[tuple[Period, FigureRow]]] = defaultdict(list)
    for key, row in in_force.items():
        label = read_period(key, profile)
        if label is not None and row.value is not None:
            grouped[(row.subject, row.measure)].append((label, row))
    past: Pasts = {}
    cumulative: Pasts = {}
    before: dict[Cell, Decimal] = {}
    year = profile.calendar.accounting_year.of(period.last)
    for cell, rows in grouped.items():
        rows.sort(key=lambda pair: pair[0].last)
        past[cell] = months_own(rows, profile)
        if form.column(cell[1]) == "cumulative":
            cumulative[cell] = [
                (label, row.value)
                for label, row in rows
                if row.column == "cumulative" and year.covers(label) and row.value is not None
            ]
        before[cell] = sum_before(rows, profile, skip_year=year.label if form.column(cell[1]) == "cumulative" else "")
    return past, cumulative, before


def read_period(key: CellOf, profile: Profile) -> Period | None:
    """Read a figure's period, or None if the profile counts otherwise now."""
    try:
        return profile.calendar.accounting_year.parse(key[2])
    except Refused:
        return None


def months_own(rows: Sequence[tuple[Period, FigureRow]], profile: Profile) -> list[Past]:
    """Give each month's own figure."""
    year_of = profile.calendar.accounting_year.of
    found: list[Past] = []
    last: dict[str, tuple[Period, Decimal]] = {}
    for label, row in rows:
        if row.value is None:
            continue
        if row.column != "cumulative":
            found.append((label, row.value))
            continue
        year = year_of(label.last)
        before = last.get(year.label)
        if before is not None and before[0].ends_before == label.first:
            found.append((label, row.value - before[1]))
        elif before is None and label.first == year.first:
            found.append((label, row.value))
        last[year.label] = (label, row.value)
    return found


def sum_before(rows: Sequence[tuple[Period, FigureRow]], profile: Profile, *, skip_year: str) -> Decimal:
    """Sum everything before, in-period figures one by one and of each year's cumulative ones the last (`skip_year` left out)."""
    total, last_of_year = Decimal(0), dict[str, Decimal]()
    for label, row in rows:
        if row.value is None:
            continue
        if row.column == "cumulative":
            last_of_year[profile.calendar.accounting_year.of(label.last).label] = row.value
        else:
            total += row.value
    return total + sum((value for year, value in last_of_year.items() if year != skip_year), Decimal(0))


def findings(
    *,
    profile: Profile,
    form: Form,
    period: Period,
    owed: Owed,
    cells: Sequence[FiledCell],
    notes: Mapping[str, Mapping[str, str]] | None = None,
) -> list[Finding]:
    """Run the profile's checks on one unit's form, explained ones marked."""
    seen = dossier(profile=profile, form=form, period=period, owed=owed, cells=cells, notes=notes)
    return run_checks(seen, explanations(periods=[period.label]))
