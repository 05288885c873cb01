"""Known times, seals, permissions: what --history means, and what an import without it is."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from luodi.codebook import queries as codebook
from luodi.exchange import actions
from luodi.identity.permissions import NotAllowed
from luodi.kernel import instant
from luodi.kernel.period import month
from luodi.ledger import seals
from luodi.ledger.models import Void
from luodi.projects.models import ListEntry, ProjectVersion, StageEvent
from luodi.statistics.models import Figure
from tests import city

pytestmark = pytest.mark.django_db

PROJECT = "code,name,host,kind,valid_from,known_at\n"


def test_known_times_given_as_days_or_instants(desk):
    desk.take(
        "projects",
        PROJECT + "P1,a,YL01,招商引资,2024-01-10,2024-03-01\nP2,b,YL01,招商引资,2024-01-10,2024-03-01T08:00:00+08:00",
    )
    first, second = ProjectVersion.objects.order_by("code")
    assert first.known_at == instant.start_of(date(2024, 3, 1))
    assert second.known_at == first.known_at + 8 * 3600 * 10**6


def test_a_default_that_lies_ahead_means_now_but_a_given_one_is_refused(desk):
    desk.take("projects", PROJECT + "P1,a,YL01,招商引资,2030-01-10,")
    row = ProjectVersion.objects.get()
    assert row.loaded and row.valid_from == date(2030, 1, 10) and instant.day_of(row.known_at) == date(2025, 6, 2)
    assert desk.refused("projects", PROJECT + "P2,a,YL01,招商引资,2024-01-10,2030-01-10") == [("F2", "row.known_ahead")]


def test_times_are_only_for_history(full):
    assert full.refused("projects", PROJECT + "P3,a,YL01,招商引资,2024-01-10,2024-03-01", history=False) == [
        ("F2", "row.known_at_needs_history")
    ]
    table = "project,stage,occurred_on,verified,verified_at\nP1,签约,2024-01-20,是,2024-02-01"
    assert full.refused("stages", table, history=False) == [("E2", "row.known_at_needs_history")]


def test_a_time_without_a_yes_is_refused(full):
    table = "project,stage,occurred_on,verified,verified_at\nP1,签约,2024-01-20,否,2024-02-01\nP1,签约,2024-01-20,,2030-02-01"
    assert full.refused("stages", table) == [("E2", "row.time_without_yes"), ("E3", "row.known_ahead")]


def test_nothing_may_have_been_known_under_a_seal(full):
    profile = codebook.profile()
    seals.seal_period(
        period=month(2024, 12),
        actor=city.OPERATOR,
        profile_digest=codebook.digest(profile),
        profile_body=codebook.canonical(profile),
        today=date(2025, 6, 2),
    )
    assert full.refused("lists", "project,list,valid_from\nP1,省重点,2024-01-01") == [("C2", "row.sealed")]
    city.stand(date(2025, 6, 20))
    full.take("lists", "project,list,valid_from,known_at\nP1,省重点,2024-01-01,2025-06-10")
    assert ListEntry.objects.get().valid_from == date(2024, 1, 1)


def test_what_was_loaded_before_a_seal_changes_nothing_after_it(full):
    lists = "project,list,valid_from\nP1,省重点,2024-01-01\nP2,省重点,2024-02-01"
    voids = "project,list,valid_from,void,known_at\nP2,省重点,2024-02-01,是,2024-03-01"
    full.take("lists", lists)
    full.take("lists", voids)
    profile = codebook.profile()
    seals.seal_period(
        period=month(2024, 12),
        actor=city.OPERATOR,
        profile_digest=codebook.digest(profile),
        profile_body=codebook.canonical(profile),
        today=date(2025, 6, 2),
    )
    assert full.take("lists", lists + "\n").unchanged == 2
    assert full.take("lists", voids + "\n").unchanged == 1
    new = "project,list,valid_from,void,known_at\nP1,省重点,2024-01-01,是,2024-03-01"
    assert full.refused("lists", new) == [("E2", "row.sealed")]
    assert full.take("lists", new, partial=True).voided == 0
    assert ListEntry.objects.count() == 2
    assert Void.objects.count() == 1


def test_without_history_stages_and_figures_only_propose(full):
    full.take(
        "stages",
        "project,stage,occurred_on,verified\nP1,签约,2024-01-20,是\nP1,在谈,2024-01-02,",
        history=False,
        actor=city.actor("rep1", "YL01"),
    )
    signed, talked = StageEvent.objects.get(stage="签约"), StageEvent.objects.get(stage="在谈")
    assert (signed.verified_at, signed.loaded, signed.claimed_by, signed.verifier) == (None, False, "YL01", "YLD01")
    assert talked.verified_at is not None  # nobody has to verify talks
    full.take(
        "figures",
        "subject,measure,period,value,accepted\nP1,invest_completed,2025-05,80,是",
        history=False,
        actor=city.actor("rep1", "YL01"),
    )
    figure = Figure.objects.get()
    assert (figure.accepted_at, figure.form, figure.column, figure.unit) == (None, "YL-T1", "cumulative", "YL01")
    assert figure.value == Decimal(800_000)


def test_what_has_not_happened_cannot_be_filed(full):
    assert full.refused("stages", "project,stage,occurred_on\nP1,签约,2025-07-01", history=False) == [
        ("C2", "row.day_ahead")
    ]


def test_forms_are_needed_when_filing_now(full):
    table = "subject,measure,period,value,form\nP1,invest_completed,2025-05,80,YL-T9\nP1,tax_paid,2025-05,80,YL-T1"
    assert full.refused("figures", table, history=False) == [
        ("E2", "cell.unknown_form"),
        ("E3", "cell.form_without_measure"),
    ]


def test_history_is_a_permission_of_its_own(full):
    with pytest.raises(NotAllowed):
        full.take("lists", "project,list,valid_from\nP1,省重点,2024-01-01", actor=city.actor("rep1", "YL01"))
    with pytest.raises(NotAllowed):
        full.take(
            "lists", "project,list,valid_from\nP1,省重点,2024-01-01", history=False, actor=city.actor("audit", "YLD09")
        )


def test_a_reporter_files_for_the_own_district_only(full):
    reporter = city.actor("rep1", "YL01")
    full.take("lists", "project,list,valid_from\nP1,省重点,2024-01-01", history=False, actor=reporter)
    assert full.refused("lists", "project,list,valid_from\nP2,省重点,2024-01-01", history=False, actor=reporter) == [
        ("A2", "row.not_allowed")
    ]
    table = "code,name,host,kind,valid_from\nP2,抢来的,YL01,招商引资,2025-05-01\nP3,新的,YL01,招商引资,2025-05-01\nP4,别区的,YL02,招商引资,2025-05-01"
    assert full.refused("projects", table, history=False, actor=reporter) == [
        ("A2", "row.not_allowed"),
        ("A4", "row.not_allowed"),
    ]
    assert full.refused(
        "targets", "unit,indicator,period,value\nYL01,invest_completed,2025,1", history=False, actor=reporter
    ) == [("A2", "row.not_allowed")]


def test_two_imports_of_one_file_at_once_load_it_once(full, monkeypatch):
    table = full.file("project,list,valid_from\nP1,省重点,2024-01-01")
    before = actions.queries.last_fact
    full.take("lists", table, history=False)
    monkeypatch.setattr(actions.queries, "last_fact", lambda: before() - 1)
    monkeypatch.setattr(actions.unchanged, "loaded_rows", lambda *given: frozenset())
    with pytest.raises(actions.LoadedMeanwhile):
        full.take("lists", table, history=False)
    assert ListEntry.objects.count() == 1
