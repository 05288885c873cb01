"""A city with a sealed May: one district has filed through the real services, the other has not; a correction follows the seal."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from luodi.codebook import queries as codebook
from luodi.kernel.period import month
from luodi.ledger import actions as ledger
from luodi.ledger.values import Act
from luodi.projects import facts as project_facts
from luodi.statistics import facts
from luodi.statistics.actions import closing, drafts, filing, judging
from tests import city

MAY, TODAY = month(2025, 5), date(2025, 6, 2)
NAMES = {"head": "甲", "statistician": "乙", "filler": "丙", "telephone": "0000-0000000", "filled_on": "2025-06-02"}
TALKS = (("在谈", date(2025, 2, 10)),)


def make() -> None:
    """Make the city, file May for one district, and seal it."""
    city.make()
    city.project("P1", name="东川<一>&二期项目")
    city.project("P2")
    city.project("Q1", host="YL02")
    city.project("N1", life=TALKS, name="不能说的项目", investor="不能说的投资方")
    listed("P1", "Q1", "N1")
    targets()
    plan("P1", "20000")
    file_may()


def seal():
    """Seal May."""
    return closing.seal_period(period=MAY, profile=codebook.profile(), actor=city.actor("centre"), today=TODAY)


def listed(*projects: str) -> None:
    """Put projects on the city's list of key projects."""
    values = {"list": "市重点", "valid_from": date(2025, 1, 1), "loaded": False}
    rows = [
        tuple({**values, "project": code}.get(column) for column in project_facts.LIST_COLUMNS) for code in projects
    ]
    act = Act(project_facts.LIST_RECORDED, "lists", rows={"projects.ListEntry": rows})
    ledger.record([act], actor=city.OPERATOR)


def plan(project: str, wan: str) -> None:
    """Plan a year's investment."""
    values = {"project": project, "year": 2025, "month": 0, "invest": Decimal(wan) * city.WAN, "loaded": False}
    row = tuple(values.get(column) for column in project_facts.PLAN_COLUMNS)
    act = Act(project_facts.PLAN_RECORDED, "plans", rows={"projects.YearPlan": [row]})
    ledger.record([act], actor=city.OPERATOR)


def targets() -> None:
    """Set the year's targets of investment."""
    rows = [
        (unit, "invest_completed", "2025", Decimal(wan) * city.WAN, "guaranteed", "above", None, False)
        for unit, wan in (("YL", 9_000), ("YL01", 4_000), ("YL02", 3_000), ("YLP1", 2_000))
    ]
    act = Act(facts.TARGET_RECORDED, "targets", rows={"statistics.Target": rows})
    ledger.record([act], actor=city.OPERATOR)


def place() -> dict[str, object]:
    """Name the return."""
    return {"profile": codebook.profile(), "form": "YL-T1", "period": MAY, "unit": "YL01"}


def file_may() -> None:
    """Fill, check, sign, submit and accept the district's return of May."""
    cells = {"P1|invest_completed": "1,250.5", "P2|invest_completed": "800", "P1|equipment_invest": "200"}
    notes = {
        code: {"progress": "主体封顶", "problems": "", "next": "", "coordinate": "电力接入"} for code in ("P1", "P2")
    }
    send(drafts.Typed(cells, notes, NAMES, "d" * 64))


def send(typed: drafts.Typed) -> None:
    """Send a return through every hand."""
    drafts.save_draft(**place(), typed=typed, seen=None, person="rep1", at=city.at(TODAY), today=TODAY)
    for step, person in (("check", "chk1"), ("sign", "sig1")):
        drafts.take_hand(**place(), step=step, person=person, at=city.at(TODAY), today=TODAY)
    one = filing.submit(**place(), actor=city.actor("sig1", "YL01"), today=TODAY)
    for person, unit in (("centre", "YLD02"), ("reform", "YLD03")):
        one = judging.judge(
            submission=one.id, verdict="accepted", unit=unit, actor=city.actor(person, unit), today=TODAY
        )


def correct() -> None:
    """Correct a sealed figure: reopen the cell with a reason, file less, accept it."""
    judging.reopen_cells(
        **place(),
        cells=[("P1", "invest_completed")],
        acting_for="YLD03",
        reason="审计核减",
        actor=city.actor("reform"),
        today=TODAY,
    )
    send(drafts.Typed({"P1|invest_completed": "1150"}, {}, NAMES, "d" * 64))


def move(project: str, to: str) -> None:
    """Transfer a project to another unit from the first of April on."""
    row = city.version(project, to, valid_from=date(2025, 4, 1))
    act = Act(project_facts.VERSION_RECORDED, f"project:{project}", rows={"projects.ProjectVersion": [row]})
    ledger.record([act], actor=city.OPERATOR)
