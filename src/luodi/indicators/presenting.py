"""Answers as documents: the shapes that contract.md promises, for the command line and the API alike."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar

from luodi.codebook.rules import meaning
from luodi.kernel import instant, money
from luodi.kernel.problem import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from luodi.codebook.values.profile import Profile
    from luodi.indicators.queries import Bridge, Source, Trace
    from luodi.indicators.queries.portfolio import Gap, Standing
    from luodi.indicators.values import Answer


class BadAsOf(Refused):
    """Not a day, an instant, or `sealed`. Parameters: `found`."""

    code: ClassVar[str] = "indicator.bad_as_of"


def cut_of(as_of: str | None, period: str) -> tuple[int | None, Profile | None]:
    """
    Read what to know by: a day (its end), an instant, or `sealed`; gives the cut, and for `sealed` the profile of the seal.

    :raises BadAsOf: if it is none of the three
    """
    if as_of is None:
        return None, None
    if as_of == "sealed":
        from luodi.indicators import queries

        return queries.sealed(period=period), queries.sealed_profile(period=period)
    try:
        if len(as_of) <= 10:
            return instant.end_of(date.fromisoformat(as_of)), None
        moment = datetime.fromisoformat(as_of)
        zoned = moment if moment.tzinfo else moment.replace(tzinfo=instant.CITY_ZONE)
        return instant.from_datetime(zoned), None
    except (ValueError, OverflowError):
        raise BadAsOf(found=as_of) from None


def as_of_text(cut: int | None) -> str:
    """Write the cut as an instant; now where there is none."""
    from luodi.ledger import clock

    return instant.iso(clock.now() if cut is None else cut)


def written(value: Fraction | None, kind: str) -> str | int | float | None:
    """Write a value as JSON has it: money as yuan with two decimals, everything else an unrounded number."""
    if value is None:
        return None
    if kind == "money":
        return money.fen(value)
    return int(value) if value.denominator == 1 else float(value)


def indicators_document(profile: Profile) -> list[dict[str, Any]]:
    """List a profile's indicators, with what each means in words of either language."""
    return [
        {
            "id": one.id,
            "zh": one.zh,
            "en": one.en,
            "kind": one.kind,
            "unit": one.unit,
            "role": one.role,
            "means_zh": meaning.definition(profile, one, "zh"),
            "means_en": meaning.definition(profile, one, "en"),
        }
        for one in profile.indicators
    ]


def answer_document(answer: Answer, as_of: str) -> dict[str, Any]:
    """Give the document of computed values."""
    return {
        "period": answer.period.label,
        "span": answer.span,
        "role": answer.role,
        "basis": answer.basis,
        "as_of": as_of,
        "units": [
            {
                "unit": line.unit,
                "values": {name: written(value, answer.kinds[name]) for name, value in line.values.items()},
                "missing": {name: line.missing.get(name, 0) for name in line.values},
            }
            for line in answer.lines
        ],
    }


def trace_document(found: Trace) -> dict[str, Any]:
    """Give a trace: the value, and the rows that make it, each with its weight and where it came from."""
    return {
        "indicator": found.indicator,
        "period": found.period,
        "unit": found.unit,
        "span": found.span,
        "role": found.role,
        "basis": found.basis,
        "value": written(found.value, found.kind),
        "missing": found.missing,
        "rows": [
            {
                "part": line.part,
                "subject": line.subject,
                "weight": written(line.weight, "ratio"),
                "value": written(line.value, found.kinds.get(line.part, "days")),
                "weighted": written(line.weight * line.value, found.kinds.get(line.part, "days")),
                "sources": [_source(one) for one in line.sources],
                "attributions": [
                    {
                        "unit": one.unit,
                        "share": str(one.share),
                        "mode": "full" if one.full else "split",
                        "measure": one.measure or None,
                        "source": _source(one.source),
                    }
                    for one in line.attributions
                ],
            }
            for line in found.lines
        ],
    }


def _source(one: Source) -> dict[str, Any]:
    return {**asdict(one), "known_at": instant.iso(one.known_at), "recorded_at": instant.iso(one.recorded_at)}


def printed_document(number: str) -> dict[str, Any]:
    """
    Say what stands on the paper under a trace number.

    :raises luodi.indicators.references.UnknownReference: if no paper carries it
    """
    from luodi.indicators import references

    found = references.find(number)
    asked = found.reference
    return {
        "ref": number,
        "paper": found.paper,
        "unit": asked.unit or None,
        "printed": asked.printed,
        "printed_in": asked.printed_in,
        "printed_at": instant.iso(found.printed_at),
        "as_of": instant.iso(asked.cut),
    }


def bridge_document(found: Bridge) -> dict[str, Any]:
    """Give a bridge as JSON."""
    return {
        "indicator": found.indicator,
        "period": found.period,
        "unit": found.unit,
        "published": written(found.published, found.kind),
        "revised": written(found.revised, found.kind),
        "steps": [
            {
                "at": instant.iso(step.at),
                "cause": step.cause,
                "facts": [{"fact": fact, "act": act, "actor": actor} for fact, act, actor in step.facts],
                "before": written(step.before, found.kind),
                "after": written(step.after, found.kind),
                "change": written(step.change, found.kind),
                "by_project": {key: written(change, found.kind) for key, change in step.by_project.items()},
                "by_unit": {key: written(change, found.kind) for key, change in step.by_unit.items()},
            }
            for step in found.steps
        ],
    }


def portfolio_document(rows: Iterable[Standing], *, on: date, by: str | None) -> dict[str, Any]:
    """Give projects by furthest stage on a day."""
    return {
        "on": on.isoformat(),
        "by": by,
        "rows": [
            {
                "group": one.group,
                "stage": one.stage,
                "count": one.count,
                "amount": money.fen(one.amount),
                "missing": one.blank,
            }
            for one in rows
        ],
    }


def gaps_document(rows: Iterable[Gap], *, since: str, until: str, by: str | None) -> dict[str, Any]:
    """Give the days between two stages."""
    found = [{**asdict(one), "median": written(one.median, "days"), "mean": written(one.mean, "days")} for one in rows]
    return {"from": since, "to": until, "by": by, "rows": found}
