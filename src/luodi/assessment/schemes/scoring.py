"""
The face of the engine: a scheme and its files in, answers out. Everything the commands do goes through here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

from luodi.assessment.schemes.data import BadData, Data, RowsFile, read_data, read_rows, until
from luodi.assessment.schemes.engine import Pool, Run, published_cut
from luodi.assessment.schemes.exact import text_of
from luodi.assessment.schemes.operators.base import Stopped
from luodi.assessment.schemes.periods import key as period_key
from luodi.assessment.schemes.periods import span
from luodi.assessment.schemes.reading import read_scheme
from luodi.assessment.schemes.standing import standing_of
from luodi.assessment.schemes.trace import document
from luodi.assessment.schemes.values import Args, Ref, Scheme
from luodi.kernel import predicates
from luodi.kernel.problem import Problem, refuse_if_any


@dataclass(frozen=True)
class Case:
    """What is scored: a scheme, its data, its rows, and up to when things were known."""

    scheme: Scheme
    data: Data
    rows: Mapping[str, RowsFile]
    known_at: datetime | None = None
    changes: Mapping[tuple[str | None, str, str], str] | None = None


def read_case(
    *, scheme: str | Path, data: str | Path, rows: Mapping[str, str] | None = None, known_at: str | None = None
) -> Case:
    """Read everything a scoring needs. Raises BadScheme, BadData, BadYaml; OSError if a file can't be opened."""
    found = read_scheme(scheme)
    cut = until(known_at) if known_at else None
    if known_at and cut is None:
        raise BadData(Problem("scheme.bad_day", params={"column": "--known-at", "found": known_at}))
    case = Case(found, read_data(data), {name: read_rows(name, file) for name, file in (rows or {}).items()}, cut)
    refuse_if_any(_fits(case), BadData)
    return case


def rows_needed(scheme: Scheme) -> dict[str, int]:
    """Tell which rows files a scheme needs, and the line of the first item that does."""
    nodes = [*scheme.values.values(), *scheme.items.values()]
    found: dict[str, int] = {}
    for node in nodes:
        if "rows" in node.args:
            found.setdefault(str(node.args["rows"]), node.line)
    return found


def _fields(args: Args) -> Iterator[str]:
    """Yield the columns an operator asks of its rows, but for the key (its absence is told when rows are read)."""
    yield from (args[name] for name in ("value", "points", "by", "rater") if args.get(name) is not None)
    if args.get("dated") not in (None, "as_listed"):
        yield args["dated"]
    if args.get("where") is not None:
        yield from sorted(predicates.names(args["where"]))
    yield from (cap.date for cap in args.get("cap") or () if cap.date is not None)


def _columns_fit(case: Case) -> Iterator[Problem]:
    """Refuse a column that a rows file does not have: a row would be left out, or scored, without a word."""
    scheme = case.scheme
    for section, nodes in (("values", scheme.values), ("items", scheme.items)):
        for node in nodes.values():
            rows = case.rows.get(str(node.args.get("rows")))
            for column in dict.fromkeys(_fields(node.args)) if rows else ():
                if rows and column not in rows.header:
                    params = {"item": node.name, "name": node.args["rows"], "column": column}
                    params["known"] = ", ".join(rows.header)
                    path = f"{section}.{node.name}"
                    yield Problem("scheme.field_missing", params=params, file=scheme.file, line=node.line, path=path)


def _fits(case: Case) -> Iterator[Problem]:
    """Check that scheme and files belong together."""
    needed = rows_needed(case.scheme)
    for name, line in needed.items():
        if name not in case.rows:
            yield Problem("scheme.rows_missing", params={"name": name}, file=case.scheme.file, line=line, path=name)
    for name in case.rows:
        if name not in needed:
            yield Problem("scheme.rows_unused", params={"name": name, "known": ", ".join(needed) or "-"})
    yield from _columns_fit(case)
    for source in case.scheme.inputs.values():
        if source.missing == "error" and source.column not in case.data.columns:
            params = {"input": source.name, "column": source.column}
            path = f"inputs.{source.name}"
            yield Problem("scheme.input_absent", params=params, file=case.data.file, line=1, path=path)


def hints(case: Case, period: str | None) -> Iterator[Problem]:
    """Yield what does not stop the scoring but should be seen."""
    scheme, file = case.scheme, case.data.file
    known = {source.column for source in scheme.inputs.values()}
    for column in sorted(case.data.columns - known):
        yield Problem("scheme.column_unused", params={"column": column}, file=file, line=1, blocking=False)
    for source in scheme.inputs.values():
        if source.missing != "error" and source.column not in case.data.columns:
            params = {"input": source.name, "column": source.column}
            yield Problem("scheme.input_absent", params=params, file=file, line=1, blocking=False)
    if period is not None and not _in_force(scheme, period):
        force: dict[str, object] = {"period": period, "from": scheme.valid_from, "to": scheme.valid_to}
        line = scheme.lines.get("valid")
        yield Problem("scheme.not_in_force", params=force, file=scheme.file, line=line, path="valid", blocking=False)


def chosen_period(case: Case, period: str | None) -> str | None:
    """Settle which period is scored: the one asked for, else the last one in the data."""
    if period is None:
        return case.data.latest()
    if period not in case.data.periods:
        known = ", ".join(sorted((label for label in case.data.periods if label), key=period_key)) or "-"
        raise BadData(Problem("scheme.no_period", params={"period": period, "known": known}, file=case.data.file))
    return period


def periods(case: Case) -> list[str | None]:
    """List the periods of the data that the scheme is in force for, earliest first; earlier ones are only history."""
    if None in case.data.periods:
        return [None]
    known = sorted((label for label in case.data.periods if label is not None), key=period_key)
    in_force = [label for label in known if _in_force(case.scheme, label)]
    return [*(in_force or known)]


def _in_force(scheme: Scheme, period: str) -> bool:
    within = span(period)
    if within is None:
        return True
    late = scheme.valid_from is not None and within.ends() < scheme.valid_from
    return not late and (scheme.valid_to is None or within.begins() <= scheme.valid_to)


def run_of(case: Case, *, traced: bool = False, **options: Any) -> Run:
    """Start a computation. Periods published before a correction keep what was known then, where the scheme says so."""
    run = Run(case.scheme, case.data, case.rows, case.known_at, traced=traced, changes=case.changes or {}, **options)
    if case.scheme.corrections == "carry_forward":
        for label in case.data.periods:
            cut = published_cut(case.scheme, label)
            if cut is not None and (case.known_at is None or cut < case.known_at):
                run.cuts[label] = cut
    return run


def scored(case: Case, period: str | None, *, traced: bool = False, **options: Any) -> Pool:
    """Score one period. Raises BadData with every problem that stops it."""
    return scored_in(case, run_of(case, traced=traced, **options), period)


def scored_in(case: Case, run: Run, period: str | None) -> Pool:
    """Score one period inside a computation, so that several share their history. Raises BadData."""
    refuse_if_any(_fits(case), BadData)  # a case need not have come through read_case
    if case.scheme.corrections == "carry_forward":
        _carry(case, run, period)
    pool = run.pool(period)
    assert pool is not None  # noqa: S101 (chosen_period has made sure)
    settle(pool)
    return pool


def settle(pool: Pool) -> None:
    """Compute a pool to the end, or raise BadData with everything that stops it."""
    try:
        for name, group in pool.scheme.groups.items():
            for item in pool.items_of(group)[0]:
                pool.column(name, Ref(item))
        standing_of(pool)
    except Stopped as stop:  # pragma: no cover (cells catch their own; this guards the rest)
        pool.run.problems.append(stop.problem)
    refuse_if_any(_once(pool.run.problems), BadData)


def _once(problems: Sequence[Problem]) -> list[Problem]:
    seen: dict[tuple[object, ...], Problem] = {}
    for problem in problems:
        params = problem.params
        seen.setdefault(
            (problem.code, problem.file, problem.line, problem.path, params.get("unit"), params.get("period")), problem
        )
    return list(seen.values())


def _carry(case: Case, run: Run, period: str | None) -> None:
    """Carry what later corrections changed in published periods into the period being scored."""
    here = run.cuts.get(period, case.known_at)
    labels = [label for label in case.data.periods if label and period and period_key(label) < period_key(period)]
    earlier = sorted((label for label in labels if label in run.cuts), key=period_key)
    before = run.cuts.get(earlier[-1]) if earlier else None
    for label in earlier:
        now, then = _totals(case, label, here), _totals(case, label, max(run.cuts[label], before or run.cuts[label]))
        for unit in now:
            moved = (now[unit] or Fraction(0)) - (then.get(unit) or Fraction(0))
            if moved:
                run.carried[period, unit] = run.carried.get((period, unit), Fraction(0)) + moved


def _totals(case: Case, label: str, cut: datetime | None) -> dict[str, Fraction | None]:
    """Give a period's totals as they would be with what was known at a moment."""
    run = Run(case.scheme, case.data, case.rows, cut)
    pool = run.pool(label)
    assert pool is not None  # noqa: S101
    standing = standing_of(pool)
    refuse_if_any(run.problems, BadData)
    return {unit: place.score for unit, place in standing.places.items()}


def answer(case: Case, period: str | None) -> dict[str, Any]:
    """Score one period and open every score. The answer is what `luodi score --format json` prints."""
    return _answer(case, run_of(case, traced=True), period)


def answers(case: Case, labels: Sequence[str | None] | None = None) -> Iterator[dict[str, Any]]:
    """Score each period (every one in force unless told), one by one; the traces of one go before the next is opened."""
    run = run_of(case, traced=True)
    for period in periods(case) if labels is None else labels:
        yield _answer(case, run, period)
        run.pools[period].scored.clear()


def _answer(case: Case, run: Run, period: str | None) -> dict[str, Any]:
    pool = scored_in(case, run, period)
    found = document(pool, own=_own(case, pool))
    corrected = _corrected(case, pool)
    if corrected:
        found["corrected"] = corrected
    noted = [problem for problem in run.problems if not problem.blocking]
    found["problems"] = [*hints(case, period), *noted]
    return found


def _own(case: Case, pool: Pool) -> dict[str, Fraction]:
    """Score by the units' own figures, where any gave some, for those who did."""
    units = {unit for (unit, _), cells in pool.data.cells.items() if any(kind == "self" for _, _, kind in cells)}
    if not units:
        return {}
    run = run_of(case, kind="self")
    mirror = run.pool(pool.period)
    assert mirror is not None  # noqa: S101
    places = standing_of(mirror).places
    return {unit: score for unit in units if unit in places and (score := places[unit].score) is not None}


def _corrected(case: Case, pool: Pool) -> list[dict[str, Any]]:
    """Where a published period is ranked again: who stood elsewhere when it was published."""
    cut = published_cut(case.scheme, pool.period)
    if cut is None or case.scheme.corrections != "rerank" or (case.known_at is not None and case.known_at <= cut):
        return []
    run = Run(case.scheme, case.data, case.rows, cut)
    then = run.pool(pool.period)
    assert then is not None  # noqa: S101
    was, now = standing_of(then).places, standing_of(pool).places
    return [
        {
            "unit": unit,
            "was": {"score": _text(was[unit].score), "rank": was[unit].rank},
            "now": {"score": _text(place.score), "rank": place.rank},
        }
        for unit, place in now.items()
        if unit in was and (was[unit].score, was[unit].rank) != (place.score, place.rank)
    ]


def _text(value: Fraction | None) -> str | None:
    return None if value is None else text_of(value)
