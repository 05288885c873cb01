"""
The data checks of many returns at once: what a queue and a period's close show.

The past is read once for each form, however many returns there are; each return is then checked as `checking.findings` would,
and what was found is kept until something it rests on moves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from luodi.codebook.values import Form, Profile
from luodi.kernel.pausing import without_collecting
from luodi.kernel.period import Period
from luodi.projects.queries import cards
from luodi.projects.values.views import Card
from luodi.statistics.checks.run import Noticed, explained, noticed
from luodi.statistics.queries.evidence import files_by_figure
from luodi.statistics.queries.figures import figures_in_force
from luodi.statistics.queries.filings import explanations
from luodi.statistics.queries.grounds import lay, together
from luodi.statistics.queries.remembering import Memory
from luodi.statistics.rules.force import FILED
from luodi.statistics.values.reporting import Cell, FiledCell, Finding, FormState, Owed


@dataclass(frozen=True)
class Checked:
    """A return with its cells as filed (yuan or persons), those of the period before, and what the checks noticed."""

    state: FormState
    cells: Mapping[Cell, FiledCell]
    before: Mapping[Cell, object]
    findings: Sequence[Finding]

    @cached_property
    def open_findings(self) -> list[Finding]:
        """The findings that nobody has explained, hints left out."""
        return [one for one in self.findings if one.severity != "hint" and one.explained is None]

    @property
    def clean(self) -> bool:
        """Tell whether nothing stands in the way of accepting it unread."""
        return not self.open_findings


@dataclass(frozen=True)
class Looked:
    """What was seen in a return, whoever asks and whatever was explained since."""

    cells: Mapping[Cell, FiledCell]
    before: Mapping[Cell, object]
    noticed: Noticed


LOOKED: Memory[Looked] = Memory(most=60_000)  # some 500 bytes a cell


def checked(states: Iterable[FormState], *, period: Period, profile: Profile) -> list[Checked]:
    """Check every return among `states` that has left its house; returns of one form share their queries."""
    by_form: defaultdict[str, list[FormState]] = defaultdict(list)
    for state in states:
        if state.filing is not None:
            by_form[state.owed.form].append(state)
    found: list[Checked] = []
    said = explanations(periods=[period.label]) if by_form else {}
    lines = cards.cards(on=period.last, profile=profile) if by_form else {}
    for form in profile.forms:
        if by_form[form.id]:
            found += _of_form(form, by_form[form.id], period, profile, lines, said)
    return found


def _of_form(
    form: Form, states: Sequence[FormState], period: Period, profile: Profile, lines: Mapping[str, Card],
    said: Mapping[tuple[str, str], str],
) -> list[Checked]:  # fmt: skip
    seen = LOOKED.get(
        [state.owed for state in states],
        lines=lines,
        profile=profile,
        make=lambda returns: _looked(returns, form, period, profile, lines),
    )
    return [
        Checked(state, one.cells, one.before, explained(one.noticed, said))
        for state, one in zip(states, seen, strict=True)
    ]


@without_collecting
def _looked(
    returns: Sequence[Owed], form: Form, period: Period, profile: Profile, lines: Mapping[str, Card]
) -> list[Looked]:
    """Look at returns of one form, all together."""
    whole = together(returns)
    before = profile.calendar.accounting_year.before(period)
    filed = figures_in_force(subjects=whole.subjects, measures=whole.measures, since=period.first, until=period.last, basis=FILED)  # fmt: skip
    last = figures_in_force(subjects=whole.subjects, measures=whole.measures, since=before.first, until=before.last)
    proven = files_by_figure(row.id for row in filed.values())
    grounds = lay(returns, form=form, period=period, profile=profile, lines=lines)
    found = []
    for one, ground in zip(returns, grounds, strict=True):
        keys = [(subject, measure) for subject in one.subjects for measure in one.measures]
        cells = {
            key: FiledCell(*key, row.value, evidence=proven.get(row.id, ()))
            for key in keys
            if (row := filed.get((*key, period.label))) is not None
        }
        back = {key: row.value for key in keys if (row := last.get((*key, before.label))) is not None}
        seen = ground.dossier(profile=profile, form=form, period=period, unit=one.unit, cells=tuple(cells.values()))
        found.append(Looked(cells, back, noticed(seen)))
    return found
