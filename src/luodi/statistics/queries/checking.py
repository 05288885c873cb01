"""What the data checks found in one unit's form, as it is typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from luodi.codebook.values import Form, Profile
from luodi.kernel.period import Period
from luodi.projects.queries import cards
from luodi.statistics.checks.dossier import CheckDossier, SeenProject
from luodi.statistics.checks.run import findings as run_checks
from luodi.statistics.queries.filings import explanations
from luodi.statistics.queries.grounds import Ground, lay
from luodi.statistics.queries.remembering import Memory
from luodi.statistics.values.reporting import FiledCell, Finding, Owed

# A ground holds the whole past of its cells: some 5 kB each. A county's form of a large city has 600.
GROUNDS: Memory[Ground] = Memory(most=8_000)
Typed = Mapping[str, Mapping[str, str]]


def dossier(
    *, profile: Profile, form: Form, period: Period, owed: Owed, cells: Sequence[FiledCell], notes: Typed | None = None
) -> CheckDossier:
    """Load everything the checks of one unit's form look at: its projects, the past of its cells, twins elsewhere."""
    lines = cards.cards(on=period.last, profile=profile)
    (ground,) = GROUNDS.get(
        [owed],
        lines=lines,
        profile=profile,
        make=lambda returns: lay(returns, form=form, period=period, profile=profile, lines=lines),
    )
    seen = with_typed(ground.projects, period.label, notes or {})
    return ground.dossier(profile=profile, form=form, period=period, unit=owed.unit, cells=cells, projects=seen)


def with_typed(projects: Mapping[str, SeenProject], period: str, typed: Typed) -> Mapping[str, SeenProject]:
    """Put the notes that are typed now in the place of those that were filed."""
    words = {
        code: "。".join(part for part in parts.values() if part)
        for code, parts in typed.items()
        if code in projects and any(parts.values())
    }
    anew = {
        code: replace(projects[code], note_periods=projects[code].note_periods | {period}, note_text=text)
        for code, text in words.items()
    }
    return {**projects, **anew} if anew else projects


def findings(
    *, profile: Profile, form: Form, period: Period, owed: Owed, cells: Sequence[FiledCell], notes: Typed | None = None
) -> list[Finding]:
    """Run the profile's checks on one unit's form, explained ones marked."""
    seen = dossier(profile=profile, form=form, period=period, owed=owed, cells=cells, notes=notes)
    return run_checks(seen, explanations(periods=[period.label]))
