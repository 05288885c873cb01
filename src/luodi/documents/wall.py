"""The wall 挂图: a page for each key project, with its year's plan and completion month by month. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

from luodi.codebook.values.lifecycle import Part
from luodi.documents.desk import Desk
from luodi.documents.queries.sources import Sources
from luodi.documents.rules import lagging, numbers
from luodi.documents.rules.transfers import above
from luodi.documents.rules.wording import day_words
from luodi.documents.values import NOTHING, Month, NodeLine, ProjectPage
from luodi.kernel.period import Period, add_months
from luodi.projects.values.rows import Plan
from luodi.projects.values.views import Card

PRINTED_IN = "万元"
GONE = (Part.ENDED, Part.REPLACED)
NODES = 6  # on one page


def pages(desk: Desk, sources: Sources) -> tuple[ProjectPage, ...]:
    """
    Lay out the key projects by unit and code: those on a list of the profile that is not a batch, with names that are no secret.
    """
    keys = [card for card in sources.projects.cards.values() if _is_key(card, sources)]
    units = frozenset(unit.code for unit in sources.units) | {sources.whole}
    placed = [(above(sources.tree, card.version.host, units), card) for card in keys]
    placed.sort(key=lambda pair: (pair[0], pair[1].code))
    return tuple(_page(desk, card, unit) for unit, card in placed)


def _is_key(card: Card, sources: Sources) -> bool:
    lists = {one.id for one in sources.profile.lists if not one.batch}
    gone = card.state in sources.profile.labels(GONE)
    return bool(card.lists & lists) and card.code not in sources.projects.veiled and not gone


def _page(desk: Desk, card: Card, unit: str) -> ProjectPage:
    sources, code = desk.sources, card.code
    projects, tree, version = sources.projects, sources.tree, card.version
    lights, note = projects.lights[code], projects.notes.get(code)
    plan = _plan(sources, card)
    planned = numbers.plain(None if plan is None or plan.invest is None else Fraction(plan.invest), PRINTED_IN, 0)
    total = numbers.plain(_exact(version.total_investment), PRINTED_IN, 0)
    return ProjectPage(
        code=code,
        label=projects.labels[code],
        host=tree.name(version.host),
        unit=unit,
        stage=card.state,
        colour=lagging.COLOURS.get(lights.colour, ""),
        facts=(
            ("属地", tree.name(version.host)),
            ("牵头部门", tree.name(version.lead_department) if version.lead_department else NOTHING),
            ("投资方", version.investor or NOTHING),
            ("当前阶段", card.state or NOTHING),
            ("亮灯", "；".join(lagging.reasons(lights, sources.profile)) or "正常"),
            *_people(desk, card),
        ),
        figures=(
            ("总投资（万元）", total),
            ("年度计划（万元）", planned),
            ("完成投资（万元）", desk.project(projects.invested, code, printed_in=PRINTED_IN)),
            ("计划完成率（%）", desk.project(projects.planned, code)),
        ),
        months=tuple(_months(desk, card, plan)),
        nodes=tuple(_nodes(card, sources.period.last)),
        progress=_words(note.progress if note else None),
        problems=_words(note.problems if note else None),
        next=_words(note.next if note else None),
    )


def _exact(amount: Decimal | None) -> Fraction | None:
    return None if amount is None else Fraction(amount)


def _plan(sources: Sources, card: Card) -> Plan | None:
    return card.dossier.plans.get(int(sources.profile.calendar.accounting_year.of(sources.period.last).label))


def _people(desk: Desk, card: Card) -> Iterator[tuple[str, str]]:
    """Name who answers for the project, duty by duty in the profile's order; names removed by law are left out."""
    sources = desk.sources
    for rule in sources.profile.responsibilities:
        duties = [duty for duty in card.dossier.duties if duty.duty == rule.id and duty.on(sources.period.last)]
        found = [sources.projects.people.get(one.holder) or sources.tree.name(one.holder) for one in duties]
        named = [name for name, duty in zip(found, duties, strict=True) if name and name != duty.holder]
        if named:
            yield rule.zh, "、".join(named)


def _months(desk: Desk, card: Card, plan: Plan | None) -> Iterator[Month]:
    """Give plan and completion to date for each month of the accounting year; months to come have no completion."""
    sources = desk.sources
    year = sources.profile.calendar.accounting_year.of(sources.period.last)
    for n in range(12):
        first = add_months(year.first, n)
        last = add_months(first, 1)
        planned = _planned(desk, card, plan, year, n, first)
        yield Month(
            label=f"{first.month}月",
            planned=numbers.plain(planned, PRINTED_IN, 0),
            done=desk.month(card.code, first, PRINTED_IN)
            if last <= sources.period.ends_before
            else numbers.plain(None, PRINTED_IN, 0),
        )


def _planned(desk: Desk, card: Card, plan: Plan | None, year: Period, n: int, first: date) -> Fraction | None:
    """Add up the plan's months; a plan without months is spread along the baseline 序时."""
    if plan is None or plan.invest is None:
        return None
    if plan.months:
        months = [add_months(year.first, k).month for k in range(n + 1)]
        return sum((Fraction(plan.months.get(month, 0)) for month in months), Fraction(0))
    last = add_months(first, 1).toordinal() - 1
    due = desk.sources.profile.calendar.baseline(unit=card.version.host, day=date.fromordinal(last))
    return Fraction(plan.invest) * due


def _nodes(card: Card, on: date) -> Iterator[NodeLine]:
    """List the nodes of the plan in their order, the last ones reached and those to come."""
    every = [node for node in card.dossier.nodes if not node.dropped]
    reached = [node for node in every if node.actual_on is not None and node.actual_on <= on]
    still = [node for node in every if node not in reached]
    for node in [*reached[-2:], *still][:NODES]:
        actual = node.actual_on if node in reached else None
        yield NodeLine(node.name, node.planned_on, actual, late=actual is None and node.planned_on < on)


def node_words(node: NodeLine) -> str:
    """Write a node's days."""
    planned = f"计划{day_words(node.planned_on)}"
    return (
        f"{planned}，实际{day_words(node.actual_on)}"
        if node.actual_on
        else f"{planned}，{'逾期' if node.late else '未到期'}"
    )


def _words(text: str | None) -> str:
    return (text or "").strip()
