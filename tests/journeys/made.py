"""What the journeys' city has beyond the usual: a project signed with its contract and verified, with a secretary."""

from __future__ import annotations

from datetime import date

from luodi.ledger import evidence
from luodi.projects import actions
from luodi.projects.queries import load
from luodi.projects.values.drafts import Decision, DutyDraft, StageClaim
from tests import city

TODAY = date(2025, 6, 2)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def sign_v1() -> None:
    """Claim V1's signing with its contract, verify it by the promotion bureau, and give Q1 a secretary."""
    promotion = city.actor("promo", "YLD01")
    contract = evidence.store(PNG, "image/png")
    claim = StageClaim("V1", "签约", date(2025, 5, 20), {"contract": (contract,)})
    actions.claim_stages([claim], actor=city.actor("rep2", "YL02"), today=TODAY)
    event = load.dossier("V1").events[-1]
    actions.verify_stages([Decision(event.row)], actor=promotion, today=TODAY)
    actions.assign_duties([DutyDraft("Q1", "secretary", "rep2", date(2025, 1, 5))], actor=promotion, today=TODAY)
