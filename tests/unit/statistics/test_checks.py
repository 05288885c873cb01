"""Each data check notices what it is for and keeps quiet otherwise. One change from a clean dossier each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import luodi.codebook
from luodi.codebook.load import load_profile
from luodi.codebook.values import CHECKS
from luodi.kernel.period import month
from luodi.kernel.problem import catalogue
from luodi.statistics.checks import figures, records
from luodi.statistics.checks.dossier import CheckDossier, SeenEvent, SeenProject
from luodi.statistics.checks.finding import fingerprint_of, key_of
from luodi.statistics.checks.run import RUNNERS, applies, findings
from luodi.statistics.values.reporting import FiledCell

PROFILE = load_profile(Path(luodi.codebook.__file__).parent / "profiles" / "yunling")
MAY, P = month(2025, 5), "P1"
WAN = 10_000


def yuan(wan: str | int) -> Decimal:
    return Decimal(wan) * WAN


def project(code: str = P, **changes) -> SeenProject:
    """A project as it should be: signed, landed, started with files; a plan that adds up; a note this month."""
    clean = SeenProject(
        code=code,
        label=f"{code} 项目",
        kind="招商引资",
        host="YL01",
        uscc="",
        investor="",
        name=f"{code} 生产线",
        totals=(yuan(50_000),),
        events=tuple(
            SeenEvent(stage, date(2024, m, 10), 1) for stage, m in [("在谈", 1), ("签约", 3), ("落地", 6), ("开工", 9)]
        ),
        state="开工",
        plan_year=yuan(12_000),
        plan_months=tuple(yuan(1_000) for _ in range(12)),
        note_periods=frozenset({"2025-05"}),
    )
    return replace(clean, **changes)


def dossier(form: str = "YL-T1", cells=(), projects=(), **changes) -> CheckDossier:
    chosen = PROFILE.form(form)
    known = {one.code: one for one in (projects or [project()])}
    clean = CheckDossier(profile=PROFILE, form=chosen, period=MAY, unit="YL01", cells=tuple(cells), projects=known)
    return replace(clean, **changes)


USUAL = yuan(5_000)


def cell(measure: str = "invest_completed", value: Decimal | None = USUAL, subject: str = P) -> FiledCell:
    return FiledCell(subject, measure, value)


def found(check: str, seen: CheckDossier) -> list[str]:
    return [finding.subject for finding in RUNNERS[check](seen, PROFILE.check(check))]


def past(*wan: int, until: int = 4) -> tuple:
    """Months' own figures, the last one of month `until` of 2025."""
    months = [
        month(2025 if until - n > 0 else 2024, until - n if until - n > 0 else 12 + until - n) for n in range(len(wan))
    ]
    return tuple(zip(reversed(months), (yuan(amount) for amount in wan), strict=True))


IPC, EQP, OUT = (P, "invest_completed"), (P, "equipment_invest"), (P, "output_value")
SAME = [FiledCell(f"P{n}", "invest_completed", yuan(300)) for n in range(10)]
ODD = [FiledCell(f"P{n}", "invest_completed", yuan("301.5") + n * WAN) for n in range(10)]
LATE = project(events=tuple(SeenEvent("开工", date(2025, 5, 29 + n % 3), 1) for n in range(10)))
EARLY = project(events=tuple(SeenEvent("开工", date(2025, 5, 1 + n), 1) for n in range(10)))
TWIN = project("P2", investor="甲（云岭）有限公司", name="P1 生产线")
OWN = project(investor="甲(云岭)有限公司")
EVENTS = project().events
SILENT = project(note_periods=frozenset())

# check, what it must notice, what it must not
CASES = [
    ("missing_required", dossier(cells=[cell(value=None)]), dossier(cells=[cell(value=Decimal(0))])),
    ("missing_required", dossier(cells=[cell(value=None)]), dossier(cells=[cell("equipment_invest", None)])),
    (
        "negative_figure",
        dossier(cells=[cell(value=None), cell(value=yuan(-1))]),
        dossier("YL-T3", cells=[cell("tax_paid", yuan(-1))]),
    ),
    (
        "falling_cumulative",
        dossier(cells=[cell(value=yuan(900))], cumulative_past={IPC: past(400, 1_000)}),
        dossier(cells=[cell(value=yuan(1_000))], cumulative_past={IPC: past(400, 1_000)}),
    ),
    (
        "falling_cumulative",
        dossier(cells=[cell(value=yuan(900))], cumulative_past={IPC: past(1_000)}),
        dossier("YL-T3", cells=[cell("output_value", yuan(1))], cumulative_past={OUT: past(1_000)}),
    ),
    (
        "jump",
        dossier(cells=[cell(value=yuan(20_000))], past={IPC: past(1_000, 1_200)}),
        dossier(cells=[cell(value=yuan(20_000))], past={IPC: past(1_000)}),
    ),
    (
        "jump",
        dossier(cells=[cell(value=yuan(20_000))], past={IPC: past(1_000, 1_200)}),
        dossier(cells=[cell(value=yuan(20_000))], past={IPC: past(9_000, 9_000)}, cumulative_past={IPC: past(18_000)}),
    ),
    (
        "slipped_unit",
        dossier(cells=[cell(value=yuan(9_000_000))], past={IPC: past(800, 900, 1_000)}),
        dossier(cells=[cell(value=yuan(1_100))], past={IPC: past(800, 900, 1_000)}),
    ),
    (
        "slipped_unit",
        dossier(cells=[cell(value=yuan("0.1"))], past={IPC: past(800, 900, 1_000)}),
        dossier("YL-T3", cells=[cell("jobs_added", Decimal(90_000_000))], past={(P, "jobs_added"): past(1)}),
    ),
    (
        "same_as_last_period",
        dossier("YL-T3", cells=[cell("output_value", yuan(500))], past={OUT: past(500, 500, 500)}),
        dossier("YL-T3", cells=[cell("output_value", yuan(500))], past={OUT: past(500, 501, 500)}),
    ),
    (
        "part_above_whole",
        dossier(cells=[cell(value=yuan(100)), cell("equipment_invest", yuan(101))]),
        dossier(cells=[cell(value=yuan(100)), cell("equipment_invest", yuan(100))]),
    ),
    (
        "investment_before_start",
        dossier(cells=[cell()], projects=[project(events=EVENTS[:3])]),
        dossier(cells=[cell()]),
    ),
    (
        "funds_above_contract",
        dossier("YL-T2", cells=[cell("funds_in_place", yuan(50_001))]),
        dossier("YL-T2", cells=[cell("funds_in_place", yuan(50_000))]),
    ),
    (
        "funds_above_contract",
        dossier("YL-T2", cells=[cell("funds_in_place", yuan(1))], before={(P, "funds_in_place"): yuan(50_000)}),
        dossier("YL-T2", cells=[cell("funds_in_place", yuan(60_000))], projects=[project(totals=(None,))]),
    ),
    ("investment_above_total", dossier(cells=[cell(value=yuan(60_001))]), dossier(cells=[cell(value=yuan(60_000))])),
    (
        "figure_after_end",
        dossier(
            cells=[cell()], projects=[project(state="终止", events=(*EVENTS, SeenEvent("终止", date(2025, 4, 30), 1)))]
        ),
        dossier(
            cells=[cell()], projects=[project(state="终止", events=(*EVENTS, SeenEvent("终止", date(2025, 5, 1), 1)))]
        ),
    ),
    (
        "figure_after_end",
        dossier(cells=[cell()], projects=[project(state="终止", events=(SeenEvent("终止", date(2025, 1, 1), 1),))]),
        dossier(cells=[cell()]),
    ),
    ("stage_without_the_one_before", dossier(projects=[project(events=EVENTS[3:])]), dossier()),
    (
        "stage_dates_out_of_order",
        dossier(
            projects=[project(events=(SeenEvent("签约", date(2024, 3, 1), 1), SeenEvent("开工", date(2024, 2, 1), 1)))]
        ),
        dossier(),
    ),
    (
        "stage_without_evidence",
        dossier(projects=[project(events=(*EVENTS[:3], replace(EVENTS[3], files=0)))]),
        dossier(),
    ),
    (
        "figure_without_evidence",
        dossier("YL-T2", cells=[cell("funds_in_place", yuan(5_000))]),
        dossier("YL-T2", cells=[replace(cell("funds_in_place", yuan(5_000)), evidence=(("bank_slip", "d1"),))]),
    ),
    (
        "figure_without_evidence",
        dossier("YL-T2", cells=[cell("funds_in_place", yuan(5_000)), cell("foreign_capital", yuan(6_000))]),
        dossier(
            "YL-T2",
            cells=[cell("funds_in_place", yuan(25_000))],
            cumulative_past={(P, "funds_in_place"): past(20_001)},
        ),
    ),
    (
        "signed_without_amount",
        dossier(projects=[project(totals=(None,))]),
        dossier(projects=[project(totals=(None,), events=EVENTS[:1])]),
    ),
    (
        "total_investment_moved",
        dossier(projects=[project(totals=(yuan(10_000), yuan(13_001)))]),
        dossier(projects=[project(totals=(yuan(10_000), yuan(13_000)))]),
    ),
    (
        "plan_does_not_add_up",
        dossier(projects=[project(plan_year=yuan(12_001))]),
        dossier(projects=[project(plan_months=())]),
    ),
    (
        "attribution_differs",
        dossier(projects=[project(held_by=("YL02",))]),
        dossier(projects=[project(held_by=("YL01", "YL02"))]),
    ),
    (
        "one_site_two_records",
        dossier(projects=[OWN], others=[TWIN]),
        dossier(projects=[OWN], others=[replace(TWIN, investor="乙有限公司")]),
    ),
    (
        "one_site_two_records",
        dossier(projects=[replace(OWN, uscc="X"), replace(TWIN, uscc="X")]),
        dossier(projects=[OWN, replace(TWIN, name="物流园")]),
    ),
    ("hollow_start", dossier(projects=[SILENT]), dossier()),
    (
        "hollow_start",
        dossier(projects=[SILENT]),
        dossier(projects=[replace(SILENT, events=(SeenEvent("开工", date(2025, 4, 20), 1),))]),
    ),
    ("hollow_start", dossier(projects=[SILENT]), dossier(projects=[replace(SILENT, events=EVENTS[:3])])),
    (
        "hollow_start",
        dossier(projects=[SILENT]),
        dossier(projects=[replace(SILENT, events=(*EVENTS, SeenEvent("停滞", date(2025, 3, 1), 1)))]),
    ),
    ("hollow_start", dossier(projects=[SILENT]), dossier(projects=[SILENT], past={IPC: past(5)})),
    ("hollow_start", dossier(projects=[SILENT]), dossier(projects=[SILENT], cells=[cell()])),
    (
        "hollow_start",
        dossier(projects=[SILENT], cells=[cell(value=yuan(900))], cumulative_past={IPC: past(900)}),
        dossier(projects=[SILENT], cells=[cell(value=yuan(901))], cumulative_past={IPC: past(900)}),
    ),
    (
        "printed_rate_impossible",
        dossier(projects=[project(note_text="本月完成投资16亿元，占年计划26亿元的58%。")]),
        dossier(projects=[project(note_text="本月完成投资28亿元，占年计划42亿元的66.7%。")]),
    ),
    (
        "printed_rate_impossible",
        dossier(projects=[project(note_text="16个占26个的58%")]),
        dossier(projects=[project(note_text="1600万元占26亿元的58%；3占0的5%")]),
    ),
    ("sameness", dossier(cells=SAME), dossier(cells=ODD)),
    ("round_numbers", dossier(cells=SAME), dossier(cells=ODD)),
    (
        "round_numbers",
        dossier(cells=SAME),
        dossier("YL-T3", cells=[FiledCell(f"P{n}", "jobs_added", Decimal(100)) for n in range(10)]),
    ),
    ("bunching", dossier(projects=[LATE]), dossier(projects=[EARLY])),
]


@pytest.mark.parametrize(("check", "wrong", "right"), CASES, ids=[f"{n}-{case[0]}" for n, case in enumerate(CASES)])
def test_it_notices_this_and_not_that(check, wrong, right):
    assert found(check, wrong)
    assert not found(check, right)


def test_every_check_has_a_case_a_runner_and_words():
    assert set(RUNNERS) == set(CHECKS) == {case[0] for case in CASES}
    assert {f"check.{name}" for name in RUNNERS} <= set(catalogue("check"))


@pytest.mark.parametrize("check", sorted(RUNNERS))
def test_its_words_use_just_what_it_tells(check):
    wrong = next(case[1] for case in CASES if case[0] == check)
    finding = RUNNERS[check](wrong, PROFILE.check(check)).__next__()
    for language in ("zh", "en"):
        text = catalogue("check")[finding.code][language].format_map(finding.params)
        assert "{" not in text


def test_hard_findings_come_first_and_off_checks_stay_silent():
    seen = dossier(cells=[cell(value=yuan(-1))], projects=[project(totals=(yuan(1), yuan(9)))])
    listed = findings(seen)
    assert [finding.severity for finding in listed] == sorted(
        (f.severity for f in listed), key=["hard", "soft", "hint"].index
    )
    off = PROFILE.check("negative_figure").model_copy(update={"severity": "off"})
    assert not applies(off, seen)
    assert not applies(off.model_copy(update={"severity": "hard", "forms": ("YL-T2",)}), seen)
    assert not applies(off.model_copy(update={"severity": "hard", "valid_to": date(2025, 1, 1)}), seen)


def test_an_explained_finding_stays_quiet_until_its_values_change():
    before = findings(dossier(cells=[cell(value=yuan(20_000))], past={IPC: past(1_000, 1_200)}))
    jump = next(finding for finding in before if finding.check == "jump")
    told = {(key_of(jump), fingerprint_of(jump)): "设备集中到货"}
    same = findings(dossier(cells=[cell(value=yuan(20_000))], past={IPC: past(1_000, 1_200)}), told)
    moved = findings(dossier(cells=[cell(value=yuan(21_000))], past={IPC: past(1_000, 1_200)}), told)
    assert next(f for f in same if f.check == "jump").explained == "设备集中到货"
    assert next(f for f in moved if f.check == "jump").explained is None


def test_nothing_is_noticed_in_a_clean_return():
    history = {IPC: past(900, 950, 1_010)}
    assert findings(dossier(cells=[cell(value=yuan("3871.3"))], past=history, cumulative_past={IPC: past(2_860)})) == []


def test_since_the_beginning_is_unknown_when_nothing_was_filed():
    assert dossier().since_beginning(P, "funds_in_place") is None


def test_unknown_measures_and_subjects_are_left_alone():
    stranger = dossier("YL-T2", cells=[FiledCell("P9", "funds_in_place", yuan(9)), FiledCell("P9", "unknown", yuan(9))])
    for check in ("funds_above_contract", "figure_after_end", "slipped_unit", "negative_figure", "part_above_whole"):
        assert found(check, stranger) == []


def test_amounts_are_said_in_the_unit_of_the_form_and_small_numbers_as_they_are():
    finding = next(figures.negative_figure(dossier(cells=[cell(value=yuan("-1.5"))]), PROFILE.check("negative_figure")))
    assert finding.params["value"] == "-1.5万元"
    other = next(
        records.printed_rate_impossible(
            dossier(projects=[project(note_text="16个占26个的58%")]), PROFILE.check("printed_rate_impossible")
        )
    )
    assert other.params["rate"] == "58"
