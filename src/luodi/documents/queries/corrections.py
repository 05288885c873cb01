"""What was corrected after a seal: published and revised values, and the bridge between them (ledger.md, The bridge)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from luodi.codebook.values.indicators import Flow, Indicator, Stock, Sum
from luodi.codebook.values.papers import Paper
from luodi.codebook.values.profile import Profile
from luodi.documents.queries.projects import labels_of
from luodi.documents.rules import bridging
from luodi.documents.rules.numbers import Asked, figure, plain, signed
from luodi.documents.rules.wording import period_words
from luodi.documents.values import Correction, Figure, Step
from luodi.identity.tree import Tree
from luodi.indicators import queries as indicators
from luodi.indicators.queries import Step as Bridging
from luodi.indicators.values import Exact
from luodi.kernel import instant
from luodi.kernel.period import Period
from luodi.ledger import queries as ledger
from luodi.ledger.values import Recorded
from luodi.projects.queries import load

Values = Mapping[str, Mapping[str, Exact]]
NOW = indicators.NOW
REOPENED = "statistics.cell.reopened"


@dataclass(frozen=True)
class Look:
    """A published period to compare: known at its seal (`since`), and known at `until` under `profile`."""

    period: Period
    since: int
    until: int
    profile: Profile


def corrections(
    profile: Profile,
    today: Profile,
    paper: Paper,
    *,
    period: Period,
    cut: int,
    sealed: bool,
    tree: Tree,
    lines: Sequence[str],
) -> tuple[Correction, ...]:
    """
    List published values that later acts moved: of the period itself since its seal, and of the period before up to this paper's cut.

    Of each additive indicator the whole; where the whole did not move, or on the tables, the units. `profile` is that of the paper's cut,
    `today` that of now: a revised value is computed by the definitions of its own time.
    """
    before = profile.calendar.accounting_year.before(period)
    looks = [Look(period, cut, NOW, today)] if sealed else []
    published = indicators.published_cut(profile, before)
    looks += [Look(before, published, cut, profile)] if published is not None and published < cut else []
    asked = [
        one
        for one in map(profile.indicator, paper.indicators)
        if one is not None and isinstance(one, Flow | Stock | Sum)
    ]
    every = paper.kind == "table"
    return tuple(
        _correction(look, one, bridge, tree)
        for look in looks
        for one, units in _moved(look, asked, lines, every=every)
        for bridge in _bridges(look, one, units)
    )


def _bridges(look: Look, one: Indicator, units: Sequence[str]) -> Iterable[indicators.Bridge]:
    """Walk from the published values of some units to the revised ones, all in one go."""
    question = indicators.Asked(one.id, look.period.label, "ytd", one.role, "verified")
    return indicators.bridges(question, units, until=look.until, profile=look.profile).values()


def _moved(
    look: Look, asked: Sequence[Indicator], lines: Sequence[str], *, every: bool
) -> Iterator[tuple[Indicator, list[str]]]:
    """Find the indicators, each with the units whose published value differs from the revised one."""
    was = indicators.sealed_profile(period=look.period.label, profile=look.profile)
    then = _values(was, asked, look.period, look.since, lines)
    now = _values(look.profile, asked, look.period, look.until, lines)
    for one in asked:
        moved = [unit for unit in lines if then[unit].get(one.id) != now[unit].get(one.id)]
        if moved:
            yield one, moved if every or lines[0] not in moved else moved[:1]


def _values(profile: Profile, asked: Sequence[Indicator], period: Period, cut: int, lines: Sequence[str]) -> Values:
    found: dict[str, dict[str, Exact]] = {line: {} for line in lines}
    for role in dict.fromkeys(one.role for one in asked):
        ids = [one.id for one in asked if one.role == role]
        answer = indicators.compute(
            period=period, units=lines, role=role, cut=min(cut, NOW), indicators=ids, profile=profile
        )
        for line in answer.lines:
            found[line.unit or ""] |= line.values
    return found


def _correction(look: Look, one: Indicator, bridge: indicators.Bridge, tree: Tree) -> Correction:
    period, unit = look.period, bridge.unit
    last = _last_known() if look.until == NOW else look.until
    published, revised = (
        figure(one, value, Asked(period.label, cut, "verified"), unit=unit)
        for value, cut in ((bridge.published, look.since), (bridge.revised, last))
    )
    return Correction(
        period=period_words(period),
        label=one.zh,
        unit=tree.name(unit),
        published=published,
        revised=revised,
        change=_change(_difference(bridge.published, bridge.revised), published),
        steps=tuple(_step(step, published, look, tree) for step in bridge.steps),
    )


def _last_known() -> int:
    last = ledger.fact(ledger.last_fact())
    return 0 if last is None else last.at


def _difference(before: Exact, after: Exact) -> Fraction | None:
    return None if before is None or after is None else after - before


def _change(exact: Fraction | None, like: Figure) -> Figure:
    return signed(plain(exact, like.unit, like.places))


def _step(step: Bridging, like: Figure, look: Look, tree: Tree) -> Step:
    acts = [act for act in (ledger.fact(fact) for fact, _, _ in step.facts) if act is not None]
    reason = next(_reasons(acts), "") or _asked_again(step)
    dossiers = load.dossiers(list(step.by_project), want=("events", "shares")).values() if step.by_project else ()
    labels, _ = labels_of(dossiers, look.profile, look.period.last)
    return Step(
        on=instant.day_of(step.at),
        who="、".join(dict.fromkeys(tree.name(act.actor.unit) for act in acts if act.actor.unit)),
        what=bridging.words(step.cause, [act.name for act in acts], list(labels.values()), reason),
        figure=_change(step.change, like),
    )


def _reasons(acts: Iterable[Recorded]) -> Iterator[str]:
    """Give the reasons that acts carry: their own words, or those of their rows (a void, a verdict)."""
    for act in acts:
        yield from (words for words in act.texts.values() if words)
        yield from (str(row["reason"]) for rows in act.rows.values() for row in rows if row.get("reason"))


def _asked_again(step: Bridging) -> str:
    """A cell filed again was asked for again: the reason stands there, in the last asking before the step."""
    through = max((fact for fact, _, _ in step.facts), default=None)
    found = ""
    for act in ledger.facts(names=[REOPENED], through=through):
        rows = [row for rows in act.rows.values() for row in rows if row.get("subject") in step.by_project]
        found = next((str(row["reason"]) for row in rows if row.get("reason")), found)
    return found
