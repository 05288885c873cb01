"""A proper reason 正当理由 for a light: asked with a typed reason and a span, approved by somebody of another unit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from luodi.codebook.values.profile import Profile
from luodi.kernel.problem import Problem
from luodi.projects.rules import nodes
from luodi.projects.values.rows import Dossier, ExcuseState, Status

LONGEST_DAYS = 366  # a reason that holds longer is asked for again


def ask_problems(
    dossier: Dossier, *, light: str, valid_from: date, valid_to: date, reason_kind: str, reason: str, profile: Profile
) -> Iterator[Problem]:
    """Yield why an excuse may not be asked for."""
    where = f"project={dossier.code} light={light}"
    allowed = [rule.id for rule in profile.lights if rule.excusable]
    if light not in allowed:
        yield Problem("project.excuse.light_unknown", where, {"found": light, "allowed": " ".join(allowed)})
    if not 0 < (valid_to - valid_from).days <= LONGEST_DAYS:
        params = {"since": valid_from, "until": valid_to, "most": LONGEST_DAYS}
        yield Problem("project.excuse.span", where, params)
    yield from nodes.reason_problems(reason_kind, reason, where=where, profile=profile)
    proper = [one.id for one in profile.reasons if one.excuses]
    if reason_kind not in proper and reason_kind in [one.id for one in profile.reasons]:
        yield Problem("project.excuse.not_proper", where, {"found": reason_kind, "allowed": " ".join(proper)})


def decide_problems(excuse: ExcuseState, *, unit: str) -> Iterator[Problem]:
    """Yield why `unit` may not approve or refuse an excuse."""
    where = f"project={excuse.project} light={excuse.light}"
    if excuse.status is not Status.CLAIMED:
        yield Problem("project.verdict.not_waiting", where, {"status": excuse.status.value})
    elif unit == excuse.asked_by:
        yield Problem("project.verdict.own_claim", where, {"unit": unit})
