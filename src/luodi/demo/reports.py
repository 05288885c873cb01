"""The days after a month in the demo city: counties file, offices accept, the centre seals, and now and then somebody corrects."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from luodi.codebook.values import Form
from luodi.demo.office import FILERS
from luodi.demo.script import Figure, Life
from luodi.demo.stage import Stage
from luodi.kernel.money import YUAN_IN
from luodi.kernel.period import Period
from luodi.statistics.actions import attaching, closing, drafts, filing, judging
from luodi.statistics.queries import owing
from luodi.statistics.rules import filing as filing_rules
from luodi.statistics.rules.attaching import taken_by
from luodi.statistics.rules.owing import forms_of
from luodi.statistics.values.reporting import Filing, FormState

DECIDES = {"YLD01": "promotion_bureau", "YLD02": "project_centre"}
# How often a county's return comes late, by unit: some are always on time, one hardly ever.
LATE = {"YL01": 0.02, "YL02": 0.05, "YL06": 0.35, "YL07": 0.2, "YL08": 0.45, "YLP3": 0.25}
CORRECTED = (5, 11, 17, 23, 27)  # months of the demo in which a sealed figure is corrected afterwards
SEALED_ON = 12  # day of the month after


class Reports:
    """Plays the reporting of one month."""

    def __init__(self, stage: Stage, lives: list[Life], period: Period, *, last: bool) -> None:
        self.stage, self.period, self.last = stage, period, last
        self.by_code = {life.code: life for life in lives}

    def play(self) -> None:
        """File and accept day by day; seal, unless it is the demo's last month."""
        waiting = self.filing_days()
        for day in range(1, 2 if self.last else SEALED_ON):
            on = self.period.last + timedelta(days=day)
            for form, unit in waiting.get(day, ()):
                self.file(form, unit, on)
            if day >= 3:
                self.accept(on)
        if self.last:
            self.leave_unfinished(self.period.last + timedelta(days=1))
            return
        on = self.stage.at(self.period.last + timedelta(days=SEALED_ON), 16)
        closing.seal_period(
            period=self.period,
            profile=self.stage.profile,
            actor=self.stage.actor("YLD02-project_centre", "YLD02"),
            today=on,
        )
        self.correct(on)

    def filing_days(self) -> dict[int, list[tuple[Form, str]]]:
        """Draw on which day after the month's end each county files each form; one in a hundred never comes."""
        found: dict[int, list[tuple[Form, str]]] = {}
        for form in forms_of(self.stage.profile, self.period):
            for unit, _, _ in FILERS:
                late = self.stage.rng.random() < LATE.get(unit, 0.08)
                due = form.window.due
                day = self.stage.rng.randint(due + 1, due + 3) if late else self.stage.rng.randint(1, due)
                if self.stage.rng.random() > 0.012:
                    found.setdefault(min(day, form.window.closes or day), []).append((form, unit))
        return found

    def file(self, form: Form, unit: str, day: date, *, submit: bool = True) -> None:
        """Fill, check, sign and submit one form; soft findings are explained."""
        on, profile = self.stage.at(day, 10), self.stage.profile
        place: dict[str, Any] = {"profile": profile, "form": form.id, "period": self.period, "unit": unit}
        owed = filing.owed_form(**place)
        cells = {
            f"{code}|{item.measure}": self.typed(code, item.measure, form)
            for code in owed.subjects
            for item in form.measures
        }
        notes = (
            {code: self.note(self.by_code[code]) for code in owed.subjects if code in self.by_code}
            if form.notes
            else {}
        )
        scan = self.stage.proof(f"{unit} {self.period} {form.id}", "stamped") if form.scan else ""
        names = {
            "head": f"{unit}负责人（演示）",
            "statistician": f"{unit}统计（演示）",
            "filler": f"{unit}填报（演示）",
            "telephone": "0000-0000000",
            "filled_on": on.isoformat(),
        }
        typed = drafts.Typed(cells, notes, names, scan)
        drafts.save_draft(
            **place, typed=typed, seen=None, person=f"{unit}-reporter", at=self.stage.instant(day, 10), today=on
        )
        self.attach(place, cells, unit, on)
        if not submit:
            return
        for step, hand in (("check", "checker"), ("sign", "signer")):
            if step in form.inside:
                drafts.take_hand(**place, step=step, person=f"{unit}-{hand}", at=self.stage.instant(day, 11), today=on)
        self.send(place, unit, on)

    def attach(self, place: Mapping[str, Any], cells: Mapping[str, str], unit: str, on: date) -> None:
        """Attach a slip to the largest figure of each measure that takes one, two times in three: when, the project's code decides."""
        largest: dict[str, tuple[Decimal, str]] = {}
        for key, text in cells.items():
            code, measure = filing_rules.split_key(key)
            largest[measure] = max(largest.get(measure, (Decimal(0), "")), (Decimal(text), code))
        for measure, (value, code) in largest.items():
            kinds = taken_by(self.stage.profile.measure(measure), self.stage.profile)
            if kinds and value > 0 and zlib.crc32(f"{code} {self.period}".encode()) % 3:
                attaching.attach(
                    **place, cell=(code, measure), kind=kinds[0], digest=self.stage.proof(f"{code} {self.period}", kinds[0]),
                    person=f"{unit}-reporter", at=self.stage.instant(on, 10), today=on,
                )  # fmt: skip

    def send(self, place: Mapping[str, Any], unit: str, on: date, words: str = "已与项目单位核实，属实") -> Filing:
        """Submit, explaining what has to be explained."""
        shown = filing.preview(**place, today=on)
        asked = [one for one in shown.findings if one.severity == "soft" and one.explained is None]
        if asked:
            judging.explain(findings=asked, words=words, actor=self.stage.actor(f"{unit}-reporter", unit), today=on)
        signer = f"{unit}-signer" if "sign" in shown.form.inside else f"{unit}-reporter"
        return filing.submit(**place, actor=self.stage.actor(signer, unit), today=on)

    def typed(self, code: str, measure: str, form: Form) -> str:
        """Type a cell as a reporter would, in the unit the form is filed in."""
        life = self.by_code.get(code)
        figure = getattr(life, SOURCES.get(measure, ""), Figure()) if life else Figure()
        month = self.period.first
        value = (
            figure.year_to_date(month) if form.column(measure) == "cumulative" else figure.months.get(month, Decimal(0))
        )
        value = value * SHARES.get(measure, Decimal(1))
        if measure == "foreign_capital" and life is not None and life.origin != "境外":
            value = Decimal(0)
        known = self.stage.profile.measure(measure)
        scale = YUAN_IN.get(known.filed_in, Decimal(1)) if known is not None else Decimal(1)
        return f"{(value / scale).quantize(Decimal(1).scaleb(-known.places if known else 0)).normalize():f}"

    def note(self, life: Life) -> dict[str, str]:
        """Write a progress note from how far the money has come."""
        spent = sum((value for month, value in life.invest.months.items() if month <= self.period.first), Decimal(0))
        done = int(spent * 100 / life.total) if life.total else 0
        step = next(words for limit, words in STEPS if done <= limit)
        return {
            "progress": f"{step}，累计完成总投资的{done}%",
            "problems": "",
            "next": NEXT.get(step, "抓紧施工"),
            "coordinate": "",
        }

    def accept(self, day: date) -> None:
        """Let the owning offices deal with what waits for them, sending back one in thirty."""
        on = self.stage.at(day, 15)
        for _ in range(2):
            states = owing.form_states(period=self.period, profile=self.stage.profile, today=on)
            for state in states:
                if state.filing is not None and state.filing.next_step is not None:
                    self.decide(state, state.filing, on)

    def decide(self, state: FormState, one: Filing, on: date) -> None:
        """Deal with one return."""
        unit = one.steps[one.next_step or 0]
        actor = self.stage.actor(f"{unit}-{DECIDES.get(unit, 'acceptor')}", unit)
        if self.stage.rng.random() < 0.03 and (on - self.period.last).days < 8:
            judging.judge(
                submission=one.id,
                verdict="sent_back",
                unit=unit,
                actor=actor,
                today=on,
                reason="有项目与现场核实情况不符，请核对后重报",
            )
            self.refile(state, on)
            return
        judging.judge(submission=one.id, verdict="accepted", unit=unit, actor=actor, today=on)

    def refile(self, state: FormState, on: date) -> None:
        """File a returned form again the same afternoon."""
        form = self.stage.profile.form(state.owed.form)
        if form is not None:
            self.file(form, state.owed.unit, on)

    def correct(self, on: date) -> None:
        """Correct one sealed figure: reopen the cell, file less, accept it. The published value stays."""
        nth = (self.period.first.year - self.stage.first.year) * 12 + self.period.first.month - 1
        if nth not in CORRECTED:
            return
        form = self.stage.profile.form("YL-T1")
        states = owing.form_states(period=self.period, profile=self.stage.profile, today=on, form="YL-T1")
        state = next(
            (
                one
                for one in states
                if one.filing is not None and one.filing.standing.value == "accepted" and one.owed.subjects
            ),
            None,
        )
        if form is None or state is None:
            return
        unit, month = state.owed.unit, self.period.first
        code = max(state.owed.subjects, key=lambda one: (self.by_code[one].invest.months.get(month, Decimal(0)), one))
        own = self.by_code[code].invest.months.get(month, Decimal(0)) / YUAN_IN["万元"]
        if own == 0:
            return
        place: dict[str, Any] = {"profile": self.stage.profile, "form": form.id, "period": self.period, "unit": unit}
        judging.reopen_cells(
            **place,
            cells=[(code, "invest_completed")],
            acting_for="YLD03",
            reason="审计核减：设备款重复计入",
            actor=self.stage.actor("YLD03-acceptor", "YLD03"),
            today=on,
        )
        # Part of the month's own is struck off: the year to date must not fall below the month before.
        struck = (own * Decimal("0.4")).quantize(Decimal("0.1"))
        lower = Decimal(self.typed(code, "invest_completed", form)) - struck
        names = {
            "head": "演示",
            "statistician": "演示",
            "filler": "演示",
            "telephone": "0000-0000000",
            "filled_on": on.isoformat(),
        }
        scan = self.stage.proof(f"{unit} {self.period} {form.id}", "stamped")
        typed = drafts.Typed({f"{code}|invest_completed": str(lower)}, {}, names, scan)
        drafts.save_draft(
            **place, typed=typed, seen=None, person=f"{unit}-reporter", at=self.stage.instant(on, 16), today=on
        )
        for step, hand in (("check", "checker"), ("sign", "signer")):
            drafts.take_hand(**place, step=step, person=f"{unit}-{hand}", at=self.stage.instant(on, 16), today=on)
        again = self.send(place, unit, on, "审计核减")
        for step_unit in again.steps:
            judging.judge(
                submission=again.id,
                verdict="accepted",
                unit=step_unit,
                actor=self.stage.actor(f"{step_unit}-{DECIDES.get(step_unit, 'acceptor')}", step_unit),
                today=on,
            )

    def leave_unfinished(self, day: date) -> None:
        """On the demo's last evening some counties have a draft and some have nothing yet."""
        for unit in ("YL02", "YL05", "YLP2"):
            states = owing.form_states(
                period=self.period, profile=self.stage.profile, today=day, unit=unit, form="YL-T1"
            )
            form = self.stage.profile.form("YL-T1")
            if form is not None and states and states[0].filing is None:
                self.file(form, unit, day, submit=False)


SOURCES = {
    "invest_completed": "invest", "equipment_invest": "invest", "funds_in_place": "funds", "foreign_capital": "funds",
    "output_value": "output", "tax_paid": "output", "jobs_added": "jobs",
}  # fmt: skip
SHARES = {"equipment_invest": Decimal("0.3"), "tax_paid": Decimal("0.035"), "foreign_capital": Decimal("0.4")}
STEPS = (
    (5, "场地平整完成，桩基施工"), (20, "基础施工"), (45, "主体结构施工"), (60, "主体封顶，二次结构施工"),
    (80, "设备安装"), (95, "设备调试，室外工程收尾"), (10_000, "工程收尾，准备验收"),
)  # fmt: skip
NEXT = {"基础施工": "完成基础验槽，转入主体", "主体结构施工": "按计划推进主体封顶", "设备安装": "完成主要设备就位"}
