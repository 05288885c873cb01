"""Attributions 归属分成: a set of units that share a project in a role, from a day on (ledger.md, Attribution)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction

from luodi.codebook.values.profile import Profile
from luodi.kernel.problem import Problem
from luodi.projects.values.drafts import ShareDraft
from luodi.projects.values.rows import Share

ROLES = ("host", "introducer", "lead_department")
MODES = ("split", "full")
SHAPE = re.compile(r"\d{1,9}/[1-9]\d{0,8}|\d{1,9}(\.\d{1,6})?")


def read_share(text: str) -> Fraction | None:
    """Read a share: a fraction `1/3`, or a decimal of at most 6 places; None when it is neither."""
    return Fraction(text) if SHAPE.fullmatch(text) else None


def share_problems(
    shares: Sequence[ShareDraft], *, project: str, role: str, measure: str, mode: str,
    units: Collection[str], profile: Profile,
) -> Iterator[Problem]:  # fmt: skip
    """Yield what is wrong with a set of shares. In mode `split` it sums exactly to 1; in `full` each unit counts all of it."""
    where = f"project={project} role={role}"
    for name, found, allowed in (("role", role, ROLES), ("mode", mode, MODES)):
        if found not in allowed:
            yield Problem(
                "project.share.not_listed", where, {"field": name, "found": found, "allowed": " ".join(allowed)}
            )
    if measure and profile.measure(measure) is None:
        yield Problem("project.share.measure_unknown", where, {"found": measure})
    yield from _unit_problems(shares, where, units)
    yield from _sum_problems(shares, mode, where)


def _unit_problems(shares: Sequence[ShareDraft], where: str, units: Collection[str]) -> Iterator[Problem]:
    if not shares:
        yield Problem("project.share.nobody", where)
    names = [share.unit for share in shares]
    for unit in dict.fromkeys(names):
        if unit not in units:
            yield Problem("project.unit_unknown", where, {"field": "unit", "found": unit, "day": ""})
        if names.count(unit) > 1:
            yield Problem("project.share.twice", where, {"found": unit})


def _sum_problems(shares: Sequence[ShareDraft], mode: str, where: str) -> Iterator[Problem]:
    read = [(share, read_share(share.share)) for share in shares]
    for share, fraction in read:
        if fraction is None or not 0 < fraction <= 1:
            yield Problem("project.share.unreadable", where, {"unit": share.unit, "found": share.share})
        elif mode == "full" and fraction != 1:
            yield Problem("project.share.full_is_one", where, {"unit": share.unit, "found": share.share})
    known = [fraction for _, fraction in read if fraction is not None]
    if mode == "split" and len(known) == len(read) > 0 and sum(known) != 1:
        yield Problem("project.share.sum", where, {"sum": str(sum(known))})


def set_in_force(shares: Iterable[Share], *, role: str, on: date, measure: str = "") -> tuple[Share, ...]:
    """Give the set of attributions of a role that holds on a day: the latest by day, of equal days the last filed."""
    fitting = [one for one in shares if one.role == role and one.measure == measure and one.valid_from <= on]
    if not fitting:
        return ()
    latest = max(fitting, key=lambda one: (one.valid_from, one.row))
    return tuple(one for one in fitting if one.filing == latest.filing)
