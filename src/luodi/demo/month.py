"""One month of the demo city: leads and stages as they come, verdicts a few days later, and in the days after it the month's returns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from luodi.demo.moments import Moments
from luodi.demo.office import CHANGE_ON, FILERS, OPERATOR, Office, version_values
from luodi.demo.reports import Reports
from luodi.demo.script import Life
from luodi.demo.stage import Stage
from luodi.identity import actions as identity
from luodi.kernel.period import Period
from luodi.projects import actions as projects
from luodi.projects.queries import load
from luodi.projects.values.drafts import Decision, DutyDraft, NodeDraft, PlanDraft, ShareDraft, StageClaim
from luodi.projects.values.rows import Event, Status, Version
from luodi.statistics.actions import targets
from luodi.statistics.values.reporting import TargetPart

# Who decides for an office, by its unit.
DECIDES = {"YLD01": "promotion_bureau", "YLD02": "project_centre"}
KEY = 90  # so many of the largest projects stand on the city's list each year
SENT_BACK = "材料不清晰，请补拍项目名称和时间后重报"


class Month:
    """Plays one month. `office` remembers what goes on from month to month."""

    def __init__(self, stage: Stage, office: Office, lives: list[Life], period: Period, *, last: bool) -> None:
        self.stage, self.office, self.lives, self.period, self.last = stage, office, lives, period, last
        self.by_code = {life.code: life for life in lives}
        self.alive = [life for life in lives if life.began < period.ends_before]

    def play(self) -> None:
        """Play the month in the order of its days."""
        if self.period.first == self.stage.first:
            self.take_over()
        middle, end = self.period.first + timedelta(days=13), self.period.last
        if self.period.first.month == 1 or self.period.first == self.stage.first:
            self.plan_the_year(self.period.first + timedelta(days=12))
        self.round(middle)
        if self.period.first == CHANGE_ON:
            self.people_change(middle + timedelta(days=1))
        self.trouble(middle + timedelta(days=2))
        moments = Moments(self.stage, self.lives, self.period)
        if self.last:
            moments.ended()
        self.round(end)
        Reports(self.stage, self.lives, self.period, last=self.last).play()
        if self.last:
            moments.half_collected(end + timedelta(days=1))
            moments.brought(end + timedelta(days=1))

    def take_over(self) -> None:
        """Name who answers for what the old workbooks brought."""
        signed = [life.code for life in self.alive if life.began < self.stage.first and in_hand(life, self.stage.first)]
        self.answer_for(signed, self.stage.at(self.stage.first + timedelta(days=2), 9))

    def round(self, day: date) -> None:
        """Register what is new, claim what was reached before the day, and decide what waits."""
        on = self.stage.at(day, 9)
        new = [
            life
            for life in self.alive
            if life.began < day and life.began >= self.stage.first and life.code not in self.office.known
        ]
        for unit, mine in by_host(new):
            actor = self.stage.actor(f"{unit}-reporter", unit)
            projects.create_projects([version_of(life) for life in mine], actor=actor, today=on)
        self.office.known |= {life.code for life in new}
        self.claim(day)
        self.decide(self.stage.at(day, 15))

    def claim(self, day: date) -> None:
        """Let each county claim the next stage of its projects; what waits for a verdict waits."""
        on = self.stage.at(day, 11)
        claims: dict[str, list[StageClaim]] = defaultdict(list)
        for life in self.alive:
            if life.code in self.office.waiting or (
                life.code not in self.office.known and life.began >= self.stage.first
            ):
                continue
            done = self.office.reached.setdefault(life.code, sum(when < self.stage.first for _, when in life.stages))
            if done < len(life.stages) and life.stages[done][1] < day:
                name, when = life.stages[done]
                evidence = self.evidence(life, name, when)
                claims[life.host].append(StageClaim(life.code, name, when, evidence=evidence, note=""))
                self.office.reached[life.code] = done + 1
                if self.needs_verdict(name):
                    self.office.waiting.add(life.code)
        for unit, mine in sorted(claims.items()):
            projects.claim_stages(mine, actor=self.stage.actor(f"{unit}-reporter", unit), today=on)
        reached = [(claim.project, claim.stage) for mine in claims.values() for claim in mine]
        self.answer_for([code for code, stage in reached if stage in ("签约", "开工")], on)
        self.share([code for code, stage in reached if stage == "签约"], on)
        self.nodes([code for code, stage in reached if stage == "开工"], on)

    def evidence(self, life: Life, stage: str, when: date) -> dict[str, tuple[str, ...]]:
        """Draw what the profile asks for a stage."""
        rule = self.stage.profile.stage(stage)
        wanted = rule.evidence if rule is not None else ()
        return {proof.any_of[0]: (self.stage.proof(life.code, proof.any_of[0]),) for proof in wanted}

    def needs_verdict(self, stage: str) -> bool:
        """Tell whether a stage waits for somebody."""
        rule = self.stage.profile.stage(stage)
        return rule is not None and bool(rule.verified_by)

    def decide(self, on: date) -> None:
        """Let each verifier decide what waits for it, round after round, most of it at once, a little later or sent back."""
        for _ in range(3):
            turns: dict[str, list[Event]] = defaultdict(list)
            for dossier in load.dossiers(sorted(self.office.waiting), want={"events"}).values():
                for event in dossier.events:
                    if event.status is Status.CLAIMED:
                        turns[event.verifiers[event.step]].append(event)
            if not turns:
                break
            for unit, events in sorted(turns.items()):
                self.decide_one(unit, [event for event in events if self.stage.rng.random() < 0.9], on)
        self.office.waiting = {
            code for code, dossier in load.dossiers(sorted(self.office.waiting), want={"events"}).items()
            if any(event.status is Status.CLAIMED for event in dossier.events)
        }  # fmt: skip

    def decide_one(self, unit: str, events: list[Event], on: date) -> None:
        """Verify most of what waits for a unit; send a little back, which its county claims again next time."""
        actor = self.stage.actor(f"{unit}-{DECIDES.get(unit, 'checker' if unit in HOSTS else 'acceptor')}", unit)
        good = [event for event in events if self.stage.rng.random() < 0.97]
        bad = [event for event in events if event not in good]
        if good:
            projects.verify_stages([Decision(event.row) for event in good], actor=actor, today=on)
        if bad:
            projects.send_back_stages([Decision(event.row, SENT_BACK) for event in bad], actor=actor, today=on)
            for event in bad:
                self.office.reached[event.project] -= 1

    def answer_for(self, codes: list[str], on: date) -> None:
        """Name sponsor, secretary and errand helper of projects that were just signed or started."""
        drafts = []
        for code in codes:
            if code in self.office.answered:
                continue
            self.office.answered.add(code)
            host = self.by_code[code].host
            secretary = self.stage.rng.choice(self.office.secretaries[host])
            drafts += [
                DutyDraft(code, "sponsor", f"{host}-sponsor", on),
                DutyDraft(code, "secretary", secretary, on),
                DutyDraft(code, "helper", self.office.secretaries[host][0], on),
            ]
        if drafts:
            projects.assign_duties(drafts, actor=self.stage.actor("YLD02-project_centre", "YLD02"), today=on)

    def share(self, codes: list[str], on: date) -> None:
        """Let a few projects be shared between the county that talked first and the one where it lands."""
        for code in codes:
            life = self.by_code[code]
            if self.stage.rng.random() > 0.05:
                continue
            other = self.stage.rng.choice([unit for unit in sorted(HOSTS) if unit != life.host])
            parts = self.stage.rng.choice(
                (
                    [ShareDraft(life.host, "2/3"), ShareDraft(other, "1/3")],
                    [ShareDraft(life.host, "0.6"), ShareDraft(other, "0.4")],
                )
            )
            projects.share_project(
                code,
                role="host",
                parts=parts,
                valid_from=on,
                actor=self.stage.actor("YLD02-project_centre", "YLD02"),
                today=on,
            )

    def nodes(self, codes: list[str], on: date) -> None:
        """Give the larger projects their key nodes when they start."""
        for code in codes:
            life = self.by_code[code]
            if life.total < 300_000_000 or code in self.office.with_nodes:
                continue
            span, actor = life.months_to_build * 30, self.stage.actor(f"{life.host}-reporter", life.host)
            plan = [
                ("桩基完成", "N07", 0.2),
                ("主体封顶", "N08", 0.55),
                ("设备进场", "N09", 0.75),
                ("竣工验收", "N10", 0.97),
            ]
            drafts = [
                NodeDraft(name, on + timedelta(days=int(span * part)), kind=kind, position=n)
                for n, (name, kind, part) in enumerate(plan)
            ]
            projects.add_nodes(code, drafts, actor=actor, today=on)
            self.office.with_nodes.append(code)

    def plan_the_year(self, day: date) -> None:
        """Set the year's plans, lists and targets in January."""
        on, year = self.stage.at(day, 10), self.period.first.year
        known = [life for life in self.alive if life.code in self.office.known or life.began < self.stage.first]
        plans = [plan for life in known if (plan := plan_of(life, year, self.stage)) is not None]
        hosts = {life.code: life.host for life in known}
        for unit in sorted(HOSTS):
            mine = [plan for plan in plans if hosts[plan.project] == unit]
            if mine:
                projects.set_plans(mine, actor=self.stage.actor(f"{unit}-reporter", unit), today=on)
        planned = {plan.project: plan for plan in plans}
        largest = sorted(
            (life for life in known if life.code in planned and life.code not in self.office.listed),
            key=lambda life: -life.total,
        )
        chosen = [life.code for life in largest[:KEY]]
        centre = self.stage.actor("YLD02-project_centre", "YLD02")
        if chosen:
            projects.put_on_list(chosen, name="市重点", on=on, actor=centre, today=on)
            keeper = self.stage.actor("YLD03-keeper", "YLD03")
            projects.put_on_list(chosen[::4], name="省重点", on=on, actor=keeper, today=on)
            self.office.listed |= set(chosen)
        self.targets(plans, hosts, on)

    def targets(self, plans: list[PlanDraft], hosts: dict[str, str], on: date) -> None:
        """Break the city's yearly investment down to counties and parks, a little above what they planned."""
        year = self.stage.profile.calendar.accounting_year.named(self.period.first.year)
        parts = []
        for unit in sorted(HOSTS):
            planned = sum((plan.invest or Decimal(0) for plan in plans if hosts[plan.project] == unit), Decimal(0))
            goal = (planned * Decimal("1.15") / 100_000_000).quantize(Decimal("0.1")) * 100_000_000
            parts.append(TargetPart(unit, year.label, max(goal, Decimal(50_000_000))))
        whole = sum((part.value for part in parts), Decimal(0))
        for kind, factor in (("guaranteed", Decimal(1)), ("striving", Decimal("1.1"))):
            scaled = [replace(part, value=part.value * factor) for part in parts]
            targets.break_down(
                profile=self.stage.profile, unit="YL", indicator="invest_completed", period=year, whole=whole * factor,
                parts=scaled, kind=kind, source="above", reason="", actor=self.stage.actor("YLD02-project_centre", "YLD02"), today=on,
            )  # fmt: skip

    def trouble(self, day: date) -> None:
        """Raise some problems, settle older ones, move and reach nodes."""
        on = self.stage.at(day, 16)
        building = [
            life
            for life in self.alive
            if (start := life.day("开工")) and start < day and life.code in self.office.answered
        ]
        for life in self.stage.rng.sample(building, min(5, len(building))):
            kind, title = self.stage.rng.choice(TROUBLES)
            actor = self.stage.actor(f"{life.host}-reporter", life.host)
            projects.raise_problem(
                life.code, title=title, kind=kind, owner=self.stage.rng.choice(OWNERS), actor=actor, today=on
            )
            self.office.troubled.append(life.code)
        self.settle(on)
        self.move_nodes(on)

    def settle(self, on: date) -> None:
        """Let owners settle most of what was raised, and the project centre close what it saw done."""
        for code, dossier in load.dossiers(
            sorted(set(self.office.troubled)), want={"problems", "events", "shares", "duties"}
        ).items():
            for problem in dossier.problems:
                if problem.state.value == "open" and self.stage.rng.random() < 0.45:
                    actor = self.stage.actor(f"{problem.owner}-acceptor", problem.owner)
                    projects.settle_problem(problem.row, words="已协调解决", actor=actor, today=on)
                elif problem.state.value == "settled" and self.stage.rng.random() < 0.8:
                    centre = self.stage.actor("YLD02-project_centre", "YLD02")
                    projects.close_problem(Decision(problem.row), actor=centre, today=on)
                    self.office.troubled = [one for one in self.office.troubled if one != code]

    def move_nodes(self, on: date) -> None:
        """Reach nodes that are due, or move them with a reason."""
        for code, dossier in load.dossiers(
            sorted(set(self.office.with_nodes)), want={"nodes", "events", "shares", "duties"}
        ).items():
            host = self.by_code[code].host
            actor = self.stage.actor(f"{host}-reporter", host)
            for node in dossier.nodes:
                if node.actual_on is not None or node.dropped or node.planned_on >= on:
                    continue
                if self.stage.rng.random() < (0.45 if self.by_code[code].slips else 0.8):
                    projects.reach_node(
                        node.row,
                        on=min(on, node.planned_on + timedelta(days=self.stage.rng.randint(-6, 12))),
                        actor=actor,
                        today=on,
                    )
                elif self.stage.rng.random() < 0.5:
                    projects.move_node(
                        node.row,
                        to=on + timedelta(days=self.stage.rng.randint(25, 80)),
                        reason_kind=self.stage.rng.choice(("weather", "land", "money", "approval")),
                        reason="按现场进度调整",
                        actor=actor,
                        today=on,
                    )

    def people_change(self, day: date) -> None:
        """A secretary leaves and hands everything over; a county gets a new reporter beside the old one."""
        on = self.stage.at(day, 9)
        leaving, taking = self.office.secretaries["YL05"][1], self.office.secretaries["YL05"][2]
        if load.duties_of(leaving, on=on):
            projects.hand_over_all(
                leaving,
                to=taking,
                on=on,
                reason="岗位调整",
                actor=self.stage.actor("YLD02-project_centre", "YLD02"),
                today=on,
            )
        identity.end_post(person=leaving, unit="YL05", role="project_secretary", valid_to=on, actor=OPERATOR, on=on)
        self.office.secretaries["YL05"].remove(leaving)
        self.office.appoint("YL05-reporter2", "YL05", "reporter", on)


HOSTS = frozenset(unit for unit, _, _ in FILERS)
OWNERS = ("YLD03", "YLD04", "YLD05", "YLD06", "YLD10")
TROUBLES = (
    ("land", "二期用地尚有 36 亩未完成征收补偿"), ("utilities", "厂区外 10 千伏供电线路未接通"), ("funding", "银行贷款审批未完成，影响设备采购"),
    ("approvals", "消防设计审查意见修改后未复审"), ("labour", "技术工人缺口约 40 人"), ("promise", "协议约定的基础设施配套资金未兑现"),
    ("utilities", "园区污水管网未通到厂区"), ("other", "施工便道与村道交叉，运输时段受限"),
)  # fmt: skip


def in_hand(life: Life, day: date) -> bool:
    """Tell whether somebody has to answer for a project on a day: signed or started, and not over."""
    now = [stage for stage, when in life.stages if when < day]
    return any(stage in now for stage in ("签约", "落地", "开工")) and "终止" not in now


def by_host(lives: Iterable[Life]) -> list[tuple[str, list[Life]]]:
    """Group projects by the county or park that keeps them."""
    found: dict[str, list[Life]] = defaultdict(list)
    for life in lives:
        found[life.host].append(life)
    return sorted(found.items())


def version_of(life: Life) -> Version:
    """Write a project as it is registered."""
    return Version(**{**version_values(life), "valid_from": life.began})  # type: ignore[arg-type]


def plan_of(life: Life, year: int, stage: Stage) -> PlanDraft | None:
    """Plan a project's year: what it will invest, seen with a little hope."""
    months = {month.month: value for month, value in life.invest.months.items() if month.year == year}
    if not months:
        return None
    hope = Decimal(str(round(stage.rng.uniform(1.0, 1.35 if life.slips else 1.08), 2)))
    planned = {month: (value * hope / 10_000).quantize(Decimal("1")) * 10_000 for month, value in months.items()}
    start, finish = life.day("开工"), life.day("竣工")
    return PlanDraft(
        life.code, year, invest=sum(planned.values(), Decimal(0)), months=planned,
        start_on=start if start and start.year == year else None, finish_on=finish if finish and finish.year == year else None,
    )  # fmt: skip
