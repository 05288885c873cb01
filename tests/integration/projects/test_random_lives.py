"""Random lives of a project, told again by a slow, obvious counter: as things stand, and as of every fact before."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from luodi.codebook import queries as codebook
from luodi.kernel.problem import Refused
from luodi.ledger.models import Fact
from luodi.ledger.values import Cut
from luodi.projects import actions
from luodi.projects.queries import cards, load
from luodi.projects.values.drafts import Decision
from tests import city
from tests.integration.projects.conftest import CENTRE, OTHER, PROMOTION, REPORTER, TODAY, claim, create, dossier

pytestmark = pytest.mark.usefixtures("yunling")

STAGES = ("签约", "落地", "开工", "竣工", "停滞", "复工", "终止")
OFFICERS = (PROMOTION, CENTRE, city.actor("chk1", "YL01"), REPORTER, OTHER)


def live(chance: random.Random, turn: int, told: dict[int, tuple[str, date, str]]) -> None:
    """Try one random act and, if it was let through, tell the counter what it meant."""
    row = chance.choice(list(told)) if told else 0
    officer = chance.choice(OFFICERS)
    kind = chance.choice(("claim",) * 6 + ("verify",) * 8 + ("send_back", "withdraw", "void"))
    if kind == "claim":
        stage, day = chance.choice(STAGES), date(2025, 1, 10) + timedelta(chance.choice((turn, chance.randrange(140))))
        told[claim(stage, day, actor=chance.choice((REPORTER, OTHER)))] = (stage, day, "claimed")
        return
    stage, day, status = told[row]
    if kind == "verify":
        actions.verify_stages([Decision(row)], actor=officer, today=TODAY)
        left = next(event for event in dossier().events if event.row == row)
        told[row] = (stage, day, "verified" if left.step == len(left.verifiers) else status)
    elif kind == "send_back":
        actions.send_back_stages([Decision(row, "不符")], actor=officer, today=TODAY)
        told[row] = (stage, day, "sent_back")
    elif kind == "withdraw":
        actions.withdraw_verifications([Decision(row, "不实")], actor=officer, today=TODAY)
        told[row] = (stage, day, "claimed")
    else:
        actions.void_stage(row, reason="作废", actor=officer, today=TODAY)
        del told[row]


def seen(cut: Cut | None = None) -> dict[int, tuple[str, date, str]]:
    found = load.dossier("P1", cut) if cut else dossier()
    return {event.row: (event.stage, event.occurred_on, event.status.value) for event in found.events}


@pytest.mark.parametrize("seed", range(2))
def test_the_ledger_tells_what_the_counter_counts(seed):
    chance = random.Random(seed)
    create(introducer="YL02")
    told: dict[int, tuple[str, date, str]] = {}
    history = {}
    for turn in range(120):
        try:
            live(chance, turn, told)
        except (Refused, KeyError):
            continue
        assert seen() == told
        last = Fact.objects.order_by("-id").first()
        history[last.id] = (last.recorded_at, dict(told))
    assert len(history) > 8, "too little was let through to prove anything"
    for fact, (at, then) in history.items():
        assert seen(Cut(2**61, fact)) == seen(Cut(at)) == then
    card = cards.cards(on=TODAY, profile=codebook.profile())["P1"]
    counting = [(day, row, stage) for row, (stage, day, status) in told.items() if status == "verified"]
    assert card.state == (max(counting)[2] if counting else "")
