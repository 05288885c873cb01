"""Who had filed by a cut. Pure: a return counts as filed if, of what was known by then, its last judgement did not send it back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from luodi.documents.values import Filing
from luodi.statistics.values.reporting import FILED, Owed
from luodi.statistics.values.reporting import Filing as Return


def filed_by(returns: Iterable[Return], cut: int) -> bool:
    """Tell whether any of the returns of one form and unit stood as filed at an instant."""
    return any(as_of(one, cut).standing in FILED for one in returns if one.known_at <= cut)


def as_of(one: Return, cut: int) -> Return:
    """Give a return as it was known at an instant."""
    return replace(one, judgements=tuple(judgement for judgement in one.judgements if judgement.known_at <= cut))


def owing(owed: Sequence[Owed], returns: Sequence[Return], cut: int) -> list[Owed]:
    """List the owed forms that had not been filed by an instant."""
    by_key: dict[tuple[str, str, str], list[Return]] = {}
    for one in returns:
        by_key.setdefault((one.form, one.period, one.unit), []).append(one)
    return [one for one in owed if not filed_by(by_key.get((one.form, one.period, one.unit), ()), cut)]


def filing(
    owed: Sequence[Owed], still: Sequence[Owed], *, names: Mapping[str, str], forms: Mapping[str, str]
) -> Filing:
    """Count units and returns, and name what each unit still owes, units in the order of their codes."""
    units = {one.unit for one in owed}
    behind: dict[str, list[str]] = {}
    for one in sorted(still, key=lambda one: (one.unit, one.form)):
        behind.setdefault(one.unit, []).append(forms.get(one.form, one.form))
    return Filing(
        units=len(units),
        complete=len(units - behind.keys()),
        returns=len(owed),
        filed=len(owed) - len(still),
        missing=tuple((names.get(unit, unit), tuple(dict.fromkeys(listed))) for unit, listed in behind.items()),
    )


def headed(found: Filing, *, at: str) -> str:
    """Write the head of a flash edition: how many of how many units have filed."""
    return (
        f"截至{at}，应报单位{found.units}家，已报齐{found.complete}家；应报报表{found.returns}张，已报{found.filed}张。"
    )
