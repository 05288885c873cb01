"""A small city with four officers who act on projects, on one day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from luodi.identity import actions as identity
from luodi.identity import permissions
from luodi.ledger import evidence
from luodi.projects import actions
from luodi.projects.queries import lists, load
from luodi.projects.values.drafts import Decision, StageClaim
from luodi.projects.values.rows import Dossier, Version
from tests import city

TODAY = date(2025, 6, 2)
REPORTER = city.actor("rep1", "YL01")
OTHER = city.actor("rep2", "YL02")
PROMOTION = city.actor("promo", "YLD01")
CENTRE = city.actor("centre", "YLD02")
OPERATOR = city.OPERATOR

COMPLETE = Version(
    code="P1",
    name="晨光智能工厂",
    kind="招商引资",
    valid_from=date(2025, 1, 10),
    national_code="2501-330100-04-01-123456",
    host="YL01",
    investor="晨光集团（演示）",
    uscc="91530000MA0000001P",
    origin="省外",
    nature="新建",
    industry="3011",
    contract_kind="合同",
    content="年产一百万件",
    total_investment=Decimal("500000000"),
    fixed_investment=Decimal("400000000"),
    attributes={"site": "东川镇", "energy_review": "不需要"},
)


SEATS = (("sec1", "YL01", "project_secretary"), ("sec2", "YL01", "project_secretary"), ("chk0", "YLD05", "checker"))


@pytest.fixture(scope="module")
def founded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Make the city once for a file of tests, and take it back at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        city.make(on=TODAY)
        for person, unit, role in SEATS:
            identity.register_person(person=person, name=f"演示{person}", actor=OPERATOR, on=TODAY)
            identity.give_post(person=person, unit=unit, role=role, valid_from=city.BEGAN, actor=OPERATOR, on=TODAY)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def yunling(founded: None, db: Any) -> None:
    """Give each test the city as founded."""


def create(code: str = "P1", **changes: Any) -> Version:
    """Register a complete project, changed in one thing."""
    made = replace(COMPLETE, code=code, **changes)
    actions.create_projects([made], actor=REPORTER if made.host == "YL01" else OTHER, today=TODAY)
    return made


def file(text: str) -> str:
    """Keep a file of evidence."""
    return evidence.store(text.encode(), "application/pdf")


PROOFS = {
    "签约": ("contract",),
    "落地": ("registration", "approval"),
    "开工": ("permit", "site_photo"),
    "竣工": ("completion",),
    "停滞": ("decision",),
    "复工": ("resume_order",),
    "终止": ("decision",),
}


def claim(stage: str, day: date, code: str = "P1", *, actor: Any = REPORTER, **changes: Any) -> int:
    """Claim a stage with all its evidence; give the event's row id."""
    proofs = {kind: (file(f"{code} {stage} {kind}"),) for kind in PROOFS.get(stage, ())}
    one = StageClaim(code, stage, day, proofs)
    actions.claim_stages([replace(one, **changes)], actor=actor, today=TODAY)
    return last_event(code, stage)


def last_event(code: str, stage: str) -> int:
    return max(event.row for event in dossier(code).events if event.stage == stage)


def verify(row: int, *actors: Any) -> None:
    """Verify a claim, step by step."""
    for one in actors:
        actions.verify_stages([Decision(row)], actor=one, today=TODAY)


def signed(code: str = "P1", day: date = date(2025, 2, 1), **changes: Any) -> None:
    """Make a project that was claimed and verified as signed."""
    create(code, **changes)
    actor = REPORTER if changes.get("host", "YL01") == "YL01" else OTHER
    verify(claim("签约", day, code, actor=actor), PROMOTION)


def dossier(code: str = "P1") -> Dossier:
    return load.dossier(code)


def look(person: str, on: date = TODAY) -> lists.Viewer:
    """Look at projects as somebody."""
    return lists.viewer(permissions.who(person, on=on), on=on)


def codes(problems: Any) -> set[str]:
    return {problem.code for problem in problems}
