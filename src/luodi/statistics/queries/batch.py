"""
The data checks of many returns at once: what a queue and a period's close show.

The past is read once for each form, however many returns there are; each return is then checked as `checking.findings` would.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from luodi.codebook.values import Form, Profile
from luodi.kernel.period import Period
from luodi.projects.queries import cards
from luodi.projects.values.views import Card
from luodi.statistics.checks.dossier import CheckDossier
from luodi.statistics.checks.run import findings as run_checks
from luodi.statistics.queries import checking
from luodi.statistics.queries.evidence import files_by_figure
from luodi.statistics.queries.figures import figures_in_force
from luodi.statistics.queries.filings import explanations
from luodi.statistics.rules.force import FILED
from luodi.statistics.values.reporting import Cell, FiledCell, Finding, FormState, Owed


@dataclass(frozen=True)
class Checked:
    """A return with its cells as filed (yuan or persons), those of the period before, and what the checks noticed."""

    state: FormState
    cells: Mapping[Cell, FiledCell]
    before: Mapping[Cell, object]
    findings: Sequence[Finding]

    @property
    def open_findings(self) -> list[Finding]:
        """The findings that nobody has explained, hints left out."""
        return [one for one in self.findings if one.severity != "hint" and one.explained is None]

    @property
    def clean(self) -> bool:
        """Tell whether nothing stands in the way of accepting it unread."""
        return not self.open_findings


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
    whole = _together(form, states, period)
    before = profile.calendar.accounting_year.before(period)
    filed = figures_in_force(subjects=whole.subjects, measures=whole.measures, since=period.first, until=period.last, basis=FILED)  # fmt: skip
    past, cumulative, sums = checking.pasts(whole, form, period, profile)
    last = figures_in_force(subjects=whole.subjects, measures=whole.measures, since=before.first, until=before.last)
    written = checking.written_notes([code for code in whole.subjects if code in lines], period.label, {})
    named = _named_twice(lines)
    proven = files_by_figure(row.id for row in filed.values())
    found = []
    for state in states:
        mine = {code: lines[code] for code in state.owed.subjects if code in lines}
        keys = [(subject, measure) for subject in state.owed.subjects for measure in state.owed.measures]
        cells = {
            key: FiledCell(*key, row.value, evidence=proven.get(row.id, ()))
            for key in keys
            if (row := filed.get((*key, period.label))) is not None
        }
        dossier = CheckDossier(
            profile=profile, form=form, period=period, unit=state.owed.unit, cells=tuple(cells.values()),
            projects={
                code: checking.seen_project(
                    card, period=period, profile=profile, note_periods=written[code][0], note_text=written[code][1]
                )
                for code, card in mine.items()
            },
            others=checking.twins(mine, named, period, profile),
            past={key: past[key] for key in keys if key in past},
            cumulative_past={key: cumulative[key] for key in keys if key in cumulative},
            before={key: sums[key] for key in keys if key in sums},
        )  # fmt: skip
        back = {key: row.value for key in keys if (row := last.get((*key, before.label))) is not None}
        found.append(Checked(state, cells, back, run_checks(dossier, said)))
    return found


def _together(form: Form, states: Sequence[FormState], period: Period) -> Owed:
    """Put what all units owe on a form together: the span of one read."""
    subjects = tuple(dict.fromkeys(subject for state in states for subject in state.owed.subjects))
    return Owed(form.id, period.label, "", subjects, states[0].owed.measures, states[0].owed.required)


def _named_twice(lines: Mapping[str, Card]) -> dict[str, Card]:
    """Keep the records that share an enterprise with another: only those can be twins."""
    codes = Counter(card.version.uscc for card in lines.values() if card.version.uscc)
    names = Counter(card.version.investor for card in lines.values())
    return {
        code: card
        for code, card in lines.items()
        if names[card.version.investor] > 1 or codes.get(card.version.uscc, 0) > 1
    }
