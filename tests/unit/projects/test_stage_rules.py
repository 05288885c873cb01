"""Where a project is, what may come next, and what a stage asks for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luodi.codebook.values.organisation import Party
from luodi.projects.rules import stages
from luodi.projects.values.drafts import StageClaim
from luodi.projects.values.rows import Dossier, Plan, PlanClass, Status
from tests.unit.projects.conftest import LANDED, SIGNED, STARTED, TODAY, codes, event, profile, started, version

PROOFS = {"completion": ("a",), "permit": ("b",), "site_photo": ("c",), "decision": ("d",), "resume_order": ("e",)}


def claim(stage="竣工", day=date(2025, 5, 1), **changes):
    return replace(StageClaim("P1", stage, day, PROOFS), **changes)


def problems(dossier=None, said=None, unit="YL01", **changes):
    return stages.claim_problems(
        dossier or started(), said or claim(), unit=unit, profile=profile(), today=TODAY, **changes
    )


def test_a_complete_claim_has_no_problem():
    assert problems() == []


@pytest.mark.parametrize(
    ("dossier", "expected"),
    [
        (Dossier("P1"), ["project.unknown"]),
        (started(merged_into="P0"), ["project.merged"]),
        (started(events=()), ["project.stage.not_from_here"]),
        (started(versions=(version(),)), []),
    ],
)
def test_the_project_must_be_there_and_in_a_fitting_state(dossier, expected):
    assert codes(problems(dossier)) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (claim(stage="开园"), ["project.stage.unknown"]),
        (claim(day=date(2025, 6, 3)), ["project.stage.in_future"]),
        (claim(day=date(2025, 6, 30), month_only=True), []),
        (claim(day=date(2025, 5, 30), month_only=True), ["project.stage.month_without_last_day"]),
        (
            claim(stage="落地", evidence={}),
            ["project.stage.already", "project.evidence.missing", "project.evidence.missing"],
        ),
        (claim(stage="投产", evidence={"production": ("a",)}), []),
        (claim(stage="达产", evidence={"annual_report": ("a",)}), ["project.stage.not_from_here"]),
        (claim(evidence={"selfie": ("a",)}), ["project.evidence.kind_unknown", "project.evidence.missing"]),
    ],
)
def test_what_is_wrong_with_a_claim_is_said(said, expected):
    found = problems(said=said)
    assert codes(found) == expected
    assert all(problem.message("zh") and "{" not in problem.message("en") for problem in found)


def test_the_day_decides_what_came_before_and_what_comes_after():
    # A landing found later, between signing and start, fits; one after the start doesn't follow.
    dossier = started(events=(event("签约", SIGNED), event("开工", STARTED)))
    papers = {"registration": ("a",), "approval": ("b",)}
    assert problems(dossier, claim("落地", LANDED, evidence=papers)) == []
    assert codes(problems(dossier, claim("落地", date(2024, 10, 1), evidence=papers))) == [
        "project.stage.not_from_here"
    ]
    # A stall between signing and landing would leave the landing without a state it may follow.
    stalled = problems(started(), claim("停滞", date(2024, 4, 1)))
    assert codes(stalled) == ["project.stage.makes_later_impossible"]


def test_a_later_stage_that_the_profile_dropped_does_not_stand_in_the_way():
    dossier = started(events=(event("签约", SIGNED), event("奠基", STARTED)))
    assert problems(dossier, claim("落地", LANDED, evidence={"registration": ("a",), "approval": ("b",)})) == []


def test_a_new_project_begins_only_where_the_profile_lets_it():
    dossier = started(events=())
    assert problems(dossier, claim("签约", SIGNED, evidence={"contract": ("a",)})) == []
    (refused,) = problems(dossier, claim("竣工"))
    assert "线索" in str(refused.params["onward"]) and refused.params["state"] == "—"


def test_an_end_leaves_nothing_onward_but_what_the_profile_says():
    ended = started(events=(*started().events, event("置换", date(2025, 1, 1))))
    (refused,) = problems(ended)
    assert refused.params["onward"] == "—"


def test_what_repeats_repeats_but_not_on_one_day():
    events = (*started().events, event("停滞", date(2024, 11, 1)), event("复工", date(2025, 3, 1)))
    dossier = started(events=events)
    assert problems(dossier, claim("停滞", date(2025, 4, 1))) == []
    assert codes(problems(dossier, claim("停滞", date(2024, 11, 1)))) == ["project.stage.already"]


def test_a_moved_day_is_judged_without_the_row_it_replaces():
    dossier = started()
    row = dossier.events[-1].row
    said = claim("开工", date(2024, 9, 20))
    assert codes(problems(dossier, said)) == ["project.stage.already"]
    assert problems(dossier, said, without=row) == []


def test_fields_that_a_stage_asks_for_may_be_attributes():
    dossier = started(versions=(version(nature="", attributes={"site": "东川镇"}),))
    found = problems(dossier, claim("开工", STARTED), without=dossier.events[-1].row)
    assert [problem.params["field"] for problem in found] == ["nature", "energy_review"]


def test_verifiers_are_resolved_in_order_without_the_claimants_own():
    rule = profile().stage("开工")
    assert stages.verifiers(rule, version(), unit="YL02", profile=profile()) == ("YLD02", "YL01")
    assert stages.verifiers(rule, version(), unit="YL01", profile=profile()) == ("YLD02",)
    own = rule.model_copy(update={"own_unit_may_verify": True})
    assert stages.verifiers(own, version(), unit="YL01", profile=profile()) == ("YLD02", "YL01")
    filer = rule.model_copy(update={"verified_by": (Party(of="filer"),), "own_unit_may_verify": True})
    assert stages.verifiers(filer, version(), unit="YL09", profile=profile()) == ("YL09",)


def test_a_verifier_that_the_project_does_not_have_is_asked_for():
    dossier = started(versions=(version(host=""),), events=started().events[:2])
    (found,) = problems(dossier, claim("开工", STARTED), unit="YL02")
    assert (found.code, found.params["role"]) == ("project.stage.verifier_missing", "host")


def test_a_unit_that_alone_could_verify_itself_lets_another_claim():
    (found,) = problems(unit="YLD02")
    assert found.code == "project.stage.no_other_verifier"


def test_state_first_days_and_furthest():
    events = started().events
    assert stages.state(events, TODAY) == "开工" and stages.state(events, date(2024, 4, 1)) == "签约"
    assert stages.state((), TODAY) == ""
    again = (*events, event("开工", date(2024, 8, 1), row=9))
    assert stages.first_days(again)["开工"] == date(2024, 8, 1)
    assert stages.first_days(events, date(2024, 4, 1)) == {"签约": SIGNED}
    assert stages.furthest(stages.first_days(events), profile().path) == "开工"
    assert stages.furthest({}, profile().path) == ""


def test_of_one_day_the_later_known_event_is_the_state():
    one = event("停滞", STARTED, row=5, known_at=7)
    other = event("开工", STARTED, row=4, known_at=8)
    assert stages.state((one, other), TODAY) == "开工"


def test_what_was_sent_back_neither_stands_nor_counts():
    events = tuple(event("签约", SIGNED, status) for status in Status)
    assert [one.status for one in stages.standing(events)] == [Status.CLAIMED, Status.VERIFIED]
    assert [one.status for one in stages.in_force(events)] == [Status.VERIFIED]


YEAR = profile().calendar.accounting_year


@pytest.mark.parametrize(
    ("dossier", "expected"),
    [
        (started(), PlanClass.CONTINUED),
        (started(events=(event("开工", date(2025, 2, 1)),)), PlanClass.NEW_START),
        (started(events=(event("签约", SIGNED),)), PlanClass.PRELIMINARY),
        (started(events=(), plans={2025: Plan("P1", 2025, start_on=date(2025, 9, 1))}), PlanClass.TO_START),
        (started(events=(), plans={2025: Plan("P1", 2025, start_on=date(2026, 9, 1))}), PlanClass.PRELIMINARY),
        (started(events=(*started().events, event("竣工", date(2024, 12, 1)))), PlanClass.FINISHED),
        (started(events=(*started().events, event("竣工", date(2025, 3, 1)))), PlanClass.CONTINUED),
        (started(events=(*started().events, event("终止", date(2025, 3, 1)))), PlanClass.GONE),
    ],
)
def test_new_starts_and_continued_projects_are_told_apart(dossier, expected):
    assert stages.plan_class(dossier, year=YEAR.of(TODAY), on=TODAY, profile=profile()) is expected


def verify(dossier, one):
    return codes(stages.verify_problems(dossier, one, profile=profile()))


def test_a_claim_is_verified_once_the_one_before_is():
    waiting = event("落地", LANDED, Status.CLAIMED, row=7)
    first = event("签约", SIGNED, Status.CLAIMED, row=6)
    assert verify(started(events=(first, waiting)), waiting) == ["project.stage.verify_the_one_before"]
    assert verify(started(events=(event("签约", SIGNED), waiting)), waiting) == []
    assert verify(started(events=(waiting,)), waiting) == ["project.stage.verify_the_one_before"]
    assert verify(started(), started().events[0]) == ["project.verdict.not_waiting"]
    unknown = event("奠基", LANDED, Status.CLAIMED)
    assert verify(started(events=(unknown,)), unknown) == []


def test_turns_are_taken_in_order():
    one = event("开工", STARTED, Status.CLAIMED, verifiers=("YLD02", "YL01"))
    assert (stages.turn(one), stages.is_last_step(one)) == ("YLD02", False)
    assert (stages.turn(replace(one, step=1)), stages.is_last_step(replace(one, step=1))) == ("YL01", True)
    assert stages.turn(replace(one, verifiers=())) == ""


def test_a_claim_from_a_file_gets_the_profiles_verifiers():
    bare = event("签约", SIGNED, Status.CLAIMED, claimed_by="YL01")
    filled = stages.with_verifiers(bare, started(), profile())
    assert (filled.verifiers, filled.other_unit) == (("YLD01",), True)
    verified = replace(bare, status=Status.VERIFIED)
    for kept in (verified, filled, replace(bare, stage="奠基")):
        assert stages.with_verifiers(kept, started(), profile()) == kept
    free = stages.with_verifiers(replace(bare, stage="在谈"), started(), profile())
    assert (free.verifiers, free.other_unit) == ((), False)


LABELS = st.sampled_from([stage.id for stage in profile().stages])


@given(st.lists(st.tuples(LABELS, st.integers(0, 700)), max_size=12))
def test_claims_that_are_let_through_never_break_the_table(wishes):
    """Whatever is tried, what was accepted forms a path of the table, in the order of days."""
    papers = {kind.id: ("a",) for kind in profile().evidence_kinds}
    dossier = Dossier("P1", versions=(version(),))
    for place, (stage, day) in enumerate(wishes):
        said = StageClaim("P1", stage, date.fromordinal(SIGNED.toordinal() + day % 400), papers)
        if not stages.claim_problems(dossier, said, unit="YL09", profile=profile(), today=TODAY):
            made = event(stage, said.occurred_on, Status.CLAIMED, row=place + 1, known_at=place)
            dossier = replace(dossier, events=(*dossier.events, made))
    before = ""
    for one in stages.standing(dossier.events):
        assert stages.may_follow(profile().stage(one.stage), before), dossier.events
        before = one.stage


def test_a_project_that_is_there_has_no_problem():
    assert list(stages.project_problems(started(), "P1")) == []
