"""Ranking 排名: units of a group by an indicator in the official order, each place explained in one sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from luodi.codebook.values import Permission, Profile
from luodi.codebook.values.indicators import Flow, Indicator, Sum, TargetRate
from luodi.codebook.values.papers import Ranking
from luodi.documents.rules import numbers
from luodi.documents.rules import ranking as rules
from luodi.identity import queries as identity
from luodi.identity.tree import Unit
from luodi.indicators import queries
from luodi.kernel.period import Period
from luodi.kernel.problem import words
from luodi.ledger import queries as ledger
from luodi.statistics.queries import owing
from luodi.statistics.values.reporting import FILED
from luodi.web.access import needs
from luodi.web.exporting import workbook
from luodi.web.periods import asked_period, current_month, months_back
from luodi.web.views.cockpit_figures import month_words
from luodi.web.views.indicators import ROLES, filing_kinds
from luodi.web.views.ranking_words import needed, reason

Values = dict[str, Mapping[str, Fraction | None]]
BESIDE = 3  # more columns don't fit a sheet of A4


@dataclass(frozen=True)
class Question:
    """What is ranked: by which indicator, in which period, in whose role, which units. `level` says how far it is trusted."""

    indicator: Indicator
    period: Period
    role: str
    group: str
    cut: int | None
    level: str


@dataclass(frozen=True)
class Place:
    """A unit's place. `rank` None: it has not filed or has no value. `moved`: places won (+) or lost since the month before."""

    unit: str
    name: str
    rank: int | None
    before: int | None
    value: Fraction | None
    printed: str
    reason: str
    filed: bool

    @property
    def moved(self) -> int | None:
        """Tell how many places a unit has won since the month before."""
        return None if self.rank is None or self.before is None else self.before - self.rank

    @property
    def moved_size(self) -> int:
        """Tell by how many places it moved, either way."""
        return abs(self.moved or 0)


@dataclass(frozen=True)
class Compared:
    """Another indicator beside the one ranked by: each unit's printed value and its place by that indicator's own tie rule."""

    indicator: Indicator
    unit: str
    cells: Mapping[str, tuple[str, int | None]]


@needs(Permission.SEE_FIGURES)
@require_GET
def ranking(request: HttpRequest) -> HttpResponse:
    """Show a ranking; the same rows as a workbook, and as text to copy."""
    viewer = request.viewer  # type: ignore[attr-defined]
    question = asked(request)
    places = ranked(viewer, question)
    if request.GET.get("as") == "xlsx":
        return export(question, places, viewer.language, compared(viewer, question, asked_also(request, question)))
    context = {
        "question": question,
        "group_name": group_name(question, viewer),
        "when": month_words(question.period, viewer.language),
        "places": places,
        "unit": numbers.unit_of(question.indicator),
        "same": same_printed(places),
        "unfiled": [place for place in places if not place.filed],
        "text": as_text(question, places, viewer),
        "ties": [viewer.profile.indicator(one) for one in tie_rule(viewer.profile, question.indicator.id).ties],
        "also": (also := compared(viewer, question, asked_also(request, question))),
        "rows": [(place, [one.cells.get(place.unit, ("—", None)) for one in also]) for place in places],
        "asked_also": [one.indicator.id for one in also],
        "choices": choices(viewer),
        "may_trace": viewer.may_somewhere(Permission.TRACE),
    }
    return render(request, "web/ranking.html", context)


def asked(request: HttpRequest) -> Question:
    """Read what is ranked from the address; without an indicator the first that papers rank by."""
    viewer, query = request.viewer, request.GET  # type: ignore[attr-defined]
    profile = viewer.profile
    wanted = query.get("indicator") or usual_indicator(profile)
    indicator = profile.indicator(wanted)
    if indicator is None:
        raise Http404
    period = asked_period(query.get("period"), today=viewer.today, profile=profile)
    group = query.get("group", "")
    group = group if group in {one.id for one in profile.groups} else ""
    role = query.get("role") if query.get("role") in ROLES else usual_role(viewer, group)
    cut, level = edition(period)
    return Question(indicator, period, str(role), group, cut, level)


def asked_also(request: HttpRequest, question: Question) -> list[Indicator]:
    """Read the indicators to stand beside, at most three, none twice."""
    profile = request.viewer.profile  # type: ignore[attr-defined]
    wanted = [one for one in map(profile.indicator, dict.fromkeys(request.GET.getlist("also"))) if one is not None]
    return [one for one in wanted if one.id != question.indicator.id][:BESIDE]


def compared(viewer: Any, question: Question, beside: Sequence[Indicator]) -> list[Compared]:
    """Rank the same units by each of the others: the whole is not averaged, each order stands for itself."""
    found = []
    units = {unit.code: unit.name for unit in members(viewer, question.group)}
    for one in beside:
        other = Question(one, question.period, question.role, question.group, question.cut, question.level)
        rule = tie_rule(viewer.profile, one.id)
        values = computed(viewer.profile, other, rule, list(units))
        late = still_owing(viewer, question.period, one.id)
        unit = numbers.unit_of(one)
        cells = {
            code: (numbers.written(values.get(code, {}).get(one.id), unit, one.places), rank)
            for code, rank in rules.order(viewer.profile, rule, list(units), values=values, owing=late)
        }
        found.append(Compared(one, unit, cells))
    return found


def edition(period: Period) -> tuple[int | None, str]:
    """Give a sealed period as published, any other as filed."""
    seal = ledger.live_seal(period.label)
    return (seal.cut_at, "sealed") if seal else (None, "filed")


def usual_indicator(profile: Profile) -> str:
    """Give the indicator that the city's papers rank by first."""
    listed = [one.indicator for paper in profile.papers for one in paper.rankings]
    return listed[0] if listed else profile.indicators[0].id


def usual_role(viewer: Any, group: str) -> str:
    """Rank counties and parks by what stands on their ground, departments and squads by what they brought in."""
    kinds = {unit.kind for unit in members(viewer, group)}
    return "host" if not kinds or kinds & filing_kinds(viewer.profile) else "introducer"


def members(viewer: Any, group: str) -> list[Unit]:
    """List the units compared: a group's, or all that file to the city."""
    tree, root = viewer.who.tree, viewer.who.root
    if group:
        return [unit for unit in tree.units.values() if unit.open and unit.group == group]
    return [unit for unit in tree.children(root) if unit.kind in filing_kinds(viewer.profile)]


def tie_rule(profile: Profile, indicator: str) -> Ranking:
    """Give the rule by which equal values are ordered: as in the city's papers, else by code."""
    listed = (one for paper in profile.papers for one in paper.rankings)
    return next((one for one in listed if one.indicator == indicator), Ranking(indicator=indicator))


def ranked(viewer: Any, question: Question) -> list[Place]:
    """Rank the units, and say from which place each came."""
    profile, root = viewer.profile, viewer.who.root
    rule = tie_rule(profile, question.indicator.id)
    units = {unit.code: unit.name for unit in members(viewer, question.group)}
    values = computed(profile, question, rule, [root, *units])
    late = still_owing(viewer, question.period, question.indicator.id)
    before = places_before(viewer, question, rule, list(units))
    return [
        Place(
            unit=code,
            name=units[code],
            rank=rank,
            before=before.get(code),
            value=(value := values.get(code, {}).get(question.indicator.id)),
            printed=numbers.written(value, numbers.unit_of(question.indicator), question.indicator.places),
            reason=reason(profile, question.indicator, values.get(code, {}), values.get(root, {}), viewer.language),
            filed=code not in late,
        )
        for code, rank in rules.order(profile, rule, list(units), values=values, owing=late)
    ]


def computed(profile: Profile, question: Question, rule: Ranking, units: Sequence[str]) -> Values:
    """Compute what a ranking and its reasons rest on, of the units that were there at the period's end."""
    one = question.indicator
    done = profile.indicator(one.of) if isinstance(one, TargetRate) else one
    wanted = needed(profile, one, isinstance(done, Flow | Sum))
    then = identity.tree(on=question.period.last).units
    answer = queries.compute(
        period=question.period, units=[unit for unit in units if unit in then], role=question.role, cut=question.cut,
        basis="verified" if question.cut else "filed", indicators=list(dict.fromkeys([*wanted, *rule.ties])), profile=profile,
    )  # fmt: skip
    return {str(line.unit): line.values for line in answer.lines}


def still_owing(viewer: Any, period: Period, indicator: str) -> frozenset[str]:
    """List the units that have not filed a form which an indicator rests on."""
    forms = rules.rests_on_forms(viewer.profile, indicator)
    if not forms:
        return frozenset()
    states = owing.form_states(period=period, profile=viewer.profile, today=viewer.today)
    return frozenset(one.owed.unit for one in states if one.owed.form in forms and one.standing not in FILED)


def places_before(viewer: Any, question: Question, rule: Ranking, units: Sequence[str]) -> dict[str, int]:
    """Rank the month before by the same rule; nothing across a new accounting year, which begins again at zero."""
    profile, year = viewer.profile, viewer.profile.calendar.accounting_year
    period = year.before(question.period)
    if year.of(period.last) != year.of(question.period.last):
        return {}
    cut, level = edition(period)
    earlier = Question(question.indicator, period, question.role, question.group, cut, level)
    values = computed(profile, earlier, rule, units)
    late = still_owing(viewer, period, question.indicator.id)
    ordered = rules.order(profile, rule, list(units), values=values, owing=late)
    return {code: rank for code, rank in ordered if rank is not None}


def same_printed(places: Sequence[Place]) -> list[str]:
    """List printed values that several ranked units share: their order rests on digits that are not printed, or on the tie rule."""
    counts = Counter(place.printed for place in places if place.rank is not None)
    return [printed for printed, count in counts.items() if count > 1]


def group_name(question: Question, viewer: Any) -> str:
    """Name the units compared."""
    for one in viewer.profile.groups:
        if one.id == question.group:
            return str(one.zh if viewer.language == "zh" else one.en)
    return words("ranking.all_filing", viewer.language)


def as_text(question: Question, places: Sequence[Place], viewer: Any) -> str:
    """Write a ranking as plain text for a chat group, saying what it is and how far it is trusted."""
    language = viewer.language
    label = question.indicator.zh if language == "zh" else question.indicator.en
    when = month_words(question.period, language)
    trust = words(f"trust.{question.level}", language)
    head = words(
        "ranking.text_head", language, group=group_name(question, viewer), label=label, period=when, trust=trust
    )
    lines = [text_line(place, language) for place in places]
    return "\n".join([head, *lines, words("web.not_statutory", language)])


def text_line(place: Place, language: str) -> str:
    """Write one unit's line of the text."""
    if place.rank is None:
        why = words("ranking.no_value" if place.filed else "ranking.not_filed", language)
        return words("ranking.line", language, rank="—", name=place.name, why=why)
    if place.moved is None:
        return words("ranking.line", language, rank=f"{place.rank}.", name=place.name, why=place.reason)
    moved = words(moved_code(place), language, count=place.moved_size)
    return words("ranking.line_moved", language, rank=f"{place.rank}.", name=place.name, moved=moved, why=place.reason)


def moved_code(place: Place) -> str:
    """Give the words for a move."""
    moved = place.moved or 0
    return "ranking.up" if moved > 0 else "ranking.down" if moved < 0 else "ranking.same"


def choices(viewer: Any) -> dict[str, Any]:
    """Give what the filters offer."""
    profile = viewer.profile
    return {
        "indicators": profile.indicators,
        "groups": profile.groups,
        "periods": [month.label for month in months_back(current_month(viewer.today, profile), 18, profile)],
        "roles": ROLES,
    }


def export(question: Question, places: Sequence[Place], language: str, also: Sequence[Compared] = ()) -> HttpResponse:
    """Put a ranking into a workbook."""
    unit = numbers.unit_of(question.indicator)
    beside = [name for one in also for name in (f"{one.indicator.zh}（{one.unit}）", f"{one.indicator.zh}名次")]
    head = ("名次", "单位", f"{question.indicator.zh}（{unit}）", "较上期", "说明", *beside)
    rows = [
        (
            place.rank,
            place.name,
            None if place.value is None else Decimal(place.printed),
            words(moved_code(place), language, count=place.moved_size) if place.moved is not None else "",
            place.reason if place.filed else words("ranking.not_filed", language),
            *(cell for one in also for cell in one.cells.get(place.unit, ("", None))),
        )
        for place in places
    ]
    return workbook(f"{question.period}-ranking", head, rows)
