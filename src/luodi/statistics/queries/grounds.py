"""
What the data checks of a return look at beside its cells: its projects, the past of its cells, twins elsewhere.

Laid once for many returns of one form, in a fixed number of queries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from luodi.codebook.values import Form, Profile
from luodi.kernel.keeping import Kept
from luodi.kernel.pausing import without_collecting
from luodi.kernel.period import Period
from luodi.projects.queries import load
from luodi.projects.rules.shares import set_in_force
from luodi.projects.values.rows import Event
from luodi.projects.values.views import Card
from luodi.statistics.checks.dossier import CheckDossier, SeenEvent, SeenProject
from luodi.statistics.queries.enterprises import Enterprise, enterprises
from luodi.statistics.queries.moving import figures_moved
from luodi.statistics.queries.pasts import Pasts, pasts
from luodi.statistics.queries.remembering import NO_LINES, Memory
from luodi.statistics.values.reporting import Cell, FiledCell, Owed


@dataclass(frozen=True)
class Ground:
    """What the checks of one return look at beside its cells, as the ledger knows it."""

    projects: Mapping[str, SeenProject]
    others: Sequence[SeenProject]
    past: Pasts
    cumulative: Pasts
    before: Mapping[Cell, Decimal]

    def dossier(
        self, *, profile: Profile, form: Form, period: Period, unit: str, cells: Sequence[FiledCell],
        projects: Mapping[str, SeenProject] | None = None,
    ) -> CheckDossier:  # fmt: skip
        """Put cells on the ground. `projects`: these instead, where more is known of them than the ledger has."""
        return CheckDossier(
            profile=profile, form=form, period=period, unit=unit, cells=tuple(cells),
            projects=self.projects if projects is None else projects, others=self.others, past=self.past,
            cumulative_past=self.cumulative, before=self.before,
        )  # fmt: skip


@without_collecting
def lay(
    returns: Sequence[Owed], *, form: Form, period: Period, profile: Profile, lines: Mapping[str, Card]
) -> list[Ground]:
    """Lay the ground of returns of one form and period, in their order."""
    if not returns:
        return []
    written = written_notes([code for code in together(returns).subjects if code in lines], period.label)
    behind = PASTS.get(
        returns, lines=NO_LINES, profile=profile, make=lambda lacking: pasts_of(lacking, form, period, profile)
    )
    names = named(lines)
    found = []
    for one, (past, cumulative, before) in zip(returns, behind, strict=True):
        mine = {code: lines[code] for code in one.subjects if code in lines}
        found.append(
            Ground(
                projects={
                    code: seen_project(card, period=period, profile=profile, notes=written[code])
                    for code, card in mine.items()
                },
                others=twins(mine, lines, names, period, profile),
                past=past,
                cumulative=cumulative,
                before=before,
            )
        )
    return found


Behind = tuple[Pasts, Pasts, Mapping[Cell, Decimal]]  # as Ground has them: past, cumulative, before
# The whole past of cells, which no act on a project moves, only their own figures: some 5 kB each, shared with what grounds are kept.
PASTS: Memory[Behind] = Memory(most=8_000, moved=figures_moved)


def pasts_of(returns: Sequence[Owed], form: Form, period: Period, profile: Profile) -> list[Behind]:
    """Read the past of the cells of returns, all together, in their order."""
    past, cumulative, sums = pasts(together(returns), form, period, profile)
    found: list[Behind] = []
    for one in returns:
        keys = [(subject, measure) for subject in one.subjects for measure in one.measures]
        found.append(
            (
                {key: past[key] for key in keys if key in past},
                {key: cumulative[key] for key in keys if key in cumulative},
                {key: sums[key] for key in keys if key in sums},
            )
        )
    return found


def together(returns: Sequence[Owed]) -> Owed:
    """Put what several units owe on a form together: the span of one read."""
    first = returns[0]
    subjects = tuple(dict.fromkeys(subject for one in returns for subject in one.subjects))
    return Owed(first.form, first.period, "", subjects, first.measures, first.required)


# Projects -----------------------------------------------------------------------------------------

Notes = tuple[frozenset[str], str]  # the periods that have a note, and this period's words
NO_NOTES: Notes = (frozenset(), "")


def seen_project(card: Card, *, period: Period, profile: Profile, notes: Notes = NO_NOTES) -> SeenProject:
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
        note_periods=notes[0],
        note_text=notes[1],
    )


def proofs(event: Event) -> int:
    """Count what proves an event: files, or the words of evidence that history brought."""
    return len(event.evidence) or int(bool(event.evidence_note))


def written_notes(codes: Sequence[str], period: str) -> dict[str, Notes]:
    """Give for each project the periods that have a note, and this period's words."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    words: dict[str, str] = {}
    for (code, label), note in load.notes(codes).items():
        found[code].add(label)
        if label == period:
            words[code] = "。".join(filter(None, (note.progress, note.problems, note.next, note.coordinate)))
    return {code: (frozenset(found[code]), words.get(code, "")) for code in codes}


# Twins --------------------------------------------------------------------------------------------

Named = Mapping[Enterprise, Sequence[str]]
NAMED: Kept[Named] = Kept(most=4)  # the days that checks look at


def named(lines: Mapping[str, Card]) -> Named:
    """Index records by their enterprise, once for the same cards."""
    return NAMED.get(id(lines), (lines,), lambda: _named(lines))


def _named(lines: Mapping[str, Card]) -> Named:
    found: defaultdict[Enterprise, list[str]] = defaultdict(list)
    for code, card in lines.items():
        for key in enterprises(card):
            found[key].append(code)
    return {key: codes for key, codes in found.items() if len(codes) > 1}  # only those can be twins


def twins(
    mine: Mapping[str, Card], lines: Mapping[str, Card], names: Named, period: Period, profile: Profile
) -> list[SeenProject]:
    """
    Find signed records of other units that name the same enterprise.

    Before signing they are not seen at all: a check must not tell one county whom another is courting.
    """
    codes = {code for card in mine.values() for key in enterprises(card) for code in names.get(key, ())}
    return [
        seen_project(lines[code], period=period, profile=profile)
        for code in sorted(codes - mine.keys())
        if lines[code].signed
    ]
