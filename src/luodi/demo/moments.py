"""
Tables asked for a day in the demo's last month: a form of the moment that was collected and ended, one that is half collected,
and tables that were brought as files, one loaded and two with cells that can't be taken.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from luodi.demo.office import FILERS
from luodi.demo.script import Life
from luodi.demo.stage import Stage
from luodi.exchange import jobs
from luodi.exchange.models import ImportJob
from luodi.kernel import instant
from luodi.kernel.period import Period
from luodi.ledger import clock
from luodi.statistics.actions import moment
from luodi.statistics.actions.drafts import Typed
from luodi.statistics.values.moment import Moment, MomentColumn, MomentDraft

CENTRE = ("YLD02-project_centre", "YLD02")
COUNTY = ("YL01-reporter", "YL01")
BACK = "YL03"  # its return is sent back
LATE = ("YL06", "YL08")
ENTERPRISES, BROUGHT = 8, 6  # rows of the tables that are brought

WORKERS = (
    MomentColumn("", "在建工地", "whole", "个", True),
    MomentColumn("", "现有用工", "whole", "人", True),
    MomentColumn("", "用工缺口", "whole", "人", True),
    MomentColumn("", "是否欠薪", "yes_no", "", True),
    MomentColumn("", "备注", "text"),
)
NEEDS = (
    MomentColumn("", "总投资", "money", "万元", known="total_investment"),
    MomentColumn("", "现场负责人到位", "yes_no", "", True),
    MomentColumn("", "日最大用电负荷", "number", "千瓦", True),
    MomentColumn("", "最急需解决的要素", "choice", "", True, ("土地", "用电", "用水", "资金", "用工", "暂不缺")),
    MomentColumn("", "预计完工", "day"),
)


class Moments:
    """Plays what was asked and brought in one month. Chance of its own: the rest of the city stays as it would be without."""

    def __init__(self, stage: Stage, lives: Sequence[Life], period: Period) -> None:
        self.stage, self.lives, self.period = stage, lives, period
        self.rng = Random(f"{period}")  # noqa: S311  a demo, not a secret

    def ended(self) -> None:
        """Ask every county for one line, have it from all of them, from two a day late, and end it."""
        sent = self.stage.at(self.period.first + timedelta(days=17), 9)
        units = tuple(unit for unit, _, _ in FILERS)
        asked = MomentDraft(
            title="在建项目用工情况摸底表", unit="YLD02", subject="unit", due_on=sent + timedelta(days=1),
            closes_on=sent + timedelta(days=5), columns=WORKERS, owed={unit: (unit,) for unit in units},
            basis="市政府专题会议要求", note="一个单位填一行，现有用工以当日在场人数为准。",
        )  # fmt: skip
        form = moment.send(draft=asked, actor=self.stage.actor(*CENTRE), today=sent)
        for n, unit in enumerate([*(unit for unit in units if unit not in LATE), *LATE]):
            self.answer(form, unit, sent + timedelta(days=2 if unit in LATE else 1), 9 + n % 9)
        on = self.stage.at(sent + timedelta(days=3), 9)
        moment.end(id=form.id, actor=self.stage.actor(*CENTRE), today=on)

    def half_collected(self, day: date) -> None:
        """Ask for a line on each large project that is being built; by the demo's last evening every other county answered."""
        owed = {unit: self.being_built(unit, day) for unit, _, _ in FILERS}
        asked = MomentDraft(
            title="在建重大项目要素需求表", unit="YLD02", subject="project", due_on=day + timedelta(days=1),
            closes_on=day + timedelta(days=8), columns=NEEDS, owed={unit: codes for unit, codes in owed.items() if codes},
            basis="市项目建设指挥部周例会", note="请于明日下班前报送。",
        )  # fmt: skip
        if not asked.owed:
            return
        form = moment.send(draft=asked, actor=self.stage.actor(*CENTRE), today=self.stage.at(day, 16))
        for unit in [*asked.owed][1::2]:
            self.answer(form, unit, day, 18)
        if BACK in asked.owed:
            self.answer(form, BACK, day, 19)
            on = self.stage.at(day, 20)
            words = "用电负荷请按在用设备核实，不要填报装容量"
            moment.send_back(id=form.id, unit=BACK, reason=words, actor=self.stage.actor(*CENTRE), today=on)

    def being_built(self, unit: str, day: date) -> tuple[str, ...]:
        """Choose a county's three largest projects that have started and are not completed."""
        mine = [
            life
            for life in self.lives
            if life.host == unit
            and (life.day("开工") or date.max) < self.period.first
            and (life.day("竣工") or date.max) > day
            and life.day("停滞") is None
        ]
        return tuple(life.code for life in sorted(mine, key=lambda life: (-life.total, life.code))[:3])

    def answer(self, form: Moment, unit: str, day: date, hour: int) -> None:
        """Type a unit's rows and file them."""
        on, person = self.stage.at(day, hour), f"{unit}-reporter"
        cells = {
            f"{subject}|{column.name}": self.typed(column, day)
            for subject in form.owed[unit]
            for column in form.columns
            if not column.known
        }
        typed = Typed(cells, {}, {"filler": f"{unit}填报（演示）", "telephone": "0000-0000000"}, "")
        at = self.stage.instant(day, hour)
        moment.save_draft(moment=form, unit=unit, typed=typed, seen=None, person=person, at=at, today=on)
        actor = self.stage.actor(person, unit)
        moment.file_return(id=form.id, unit=unit, profile=self.stage.profile, actor=actor, today=on)

    def typed(self, column: MomentColumn, day: date) -> str:
        """Type something that a column may hold."""
        match column.type:
            case "whole":
                most = {"在建工地": 40, "现有用工": 2600}.get(column.label, 90)
                return str(self.rng.randint(most // 8, most))
            case "number":
                return str(self.rng.randint(8, 120) * 50)
            case "yes_no":
                return "否" if column.label == "是否欠薪" else "是"
            case "choice":
                return self.rng.choice(column.choices)
            case "day":
                return (day + timedelta(days=self.rng.randint(60, 500))).isoformat()
        return ""

    # Tables that were brought ------------------------------------------------------------------------------------

    def brought(self, day: date) -> None:
        """Bring three tables: enterprises, loaded; projects of the centre and progress notes of a county, with cells to mend."""
        signed = [life for life in self.lives if (life.day("签约") or date.max) < self.period.first]
        self.bring(
            self.stage.instant(day, 20, 10), CENTRE, "enterprises", "企业名录.csv", enterprises(signed), load=True
        )
        self.bring(self.stage.instant(day, 20, 25), CENTRE, "projects", "新谋划项目.csv", new_projects(day))
        mine = [life for life in self.lives if life.host == "YL01" and life.began < self.period.first]
        others = [life for life in self.lives if life.host != "YL01" and life.began < self.period.first]
        rows = notes([*mine[:BROUGHT], *others[:1]], self.period)
        self.bring(self.stage.instant(day, 20, 40), COUNTY, "notes", "云城区进展情况.csv", rows)

    def bring(
        self, at: int, who: tuple[str, str], kind: str, name: str, rows: Sequence[Sequence[str]], *, load: bool = False
    ) -> None:
        """Bring one table, have it checked, and load it if it is good."""
        clock.stand(at)
        on = instant.day_of(at)
        out = io.StringIO()
        csv.writer(out).writerows(rows)
        content = out.getvalue().encode("utf-8-sig")
        actor = self.stage.actor(*who)
        job = jobs.upload(kind=kind, name=name, content=content, actor=actor, at=at, today=on)
        self.work_off(on, at)
        if load and not ImportJob.objects.get(id=job.id).answer.get("refused"):
            jobs.load(job.id, person=actor.person, partial=False)
            self.work_off(on, at)

    def work_off(self, on: date, at: int) -> None:
        """Check or load what waits."""
        jobs.work_off(now=lambda: at, today=lambda: on)


def enterprises(lives: Sequence[Life]) -> list[list[str]]:
    """List the investors of some projects, each once."""
    firms = {life.investor: life.uscc for life in lives if life.uscc and life.kind == "招商引资"}
    rows = [[f"QY{n:04}", name, code, "", ""] for n, (name, code) in enumerate([*firms.items()][:ENTERPRISES], 1)]
    return [["企业编号", "企业名称", "统一社会信用代码", "别名", "曾用名"], *rows]


def new_projects(day: date) -> list[list[str]]:
    """List projects as an office's workbook has them: among six, a day that is none, money in words, an unknown unit."""
    names = (
        "智慧冷链仓储项目",
        "再生铝精深加工项目",
        "中药材初加工项目",
        "分布式储能电站项目",
        "绿色建材产业园项目",
        "检验检测中心项目",
    )
    rows = []
    for n, name in enumerate(names[:BROUGHT]):
        host, total, began = ("YL02", "YL04", "YL06")[n % 3], str(8_000 + 3_500 * n), day.isoformat()
        if n == 1:
            total = "约一亿"
        elif n == 3:
            began = f"{day.year}-13-05"
        elif n == 4:
            host = "YL99"
        rows.append([f"XM{day.year}{n + 1:03}", name, host, "招商引资", "省外", total, began])
    return [["项目编号", "项目名称", "属地", "项目类型", "资金来源地", "总投资（万元）", "起始日期"], *rows]


def notes(lives: Sequence[Life], period: Period) -> list[list[str]]:
    """List progress notes of some projects, the last another county's, and of a project that nobody knows."""
    rows = [[life.code, str(period), "主体结构施工", "", "按计划推进主体封顶", ""] for life in lives]
    unknown = ["YL20990001", str(period), "场地平整", "", "", ""]
    return [["项目编号", "期间", "形象进度", "存在问题", "下步计划", "需协调事项"], *rows, unknown]
