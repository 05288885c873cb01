"""A complete small scheme that a test changes in one thing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from luodi.assessment.schemes import scoring
from luodi.assessment.schemes.engine import Pool
from luodi.assessment.schemes.scoring import Case

HEAD = """format: luodi-scheme/1
id: trial
valid: {from: 2025-01-01, to: 2026-12-31}
basis: "invented for a test"
inputs:
"""
TAIL = """total: {op: sum, of: [%s], cap: none, round: none}
rank: {by: total, order: desc, ties: same_rank_skip, then: []}
corrections: rerank
"""


def scheme_text(
    items: Mapping[str, str],
    inputs: str,
    *,
    values: Mapping[str, str] | None = None,
    weights: Mapping[str, object] | None = None,
    group: str = "",
    top: str = "",
    tail: str | None = None,
    missing: str = "error",
) -> str:
    """Write a scheme of one group `g`; inputs are `name` or `name:type`, parted by spaces."""
    lines = [HEAD.rstrip("\n")]
    for one in inputs.split():
        name, _, kind = one.partition(":")
        lines.append(f"  {name}: {{from: column, missing: {missing}, type: {kind or 'number'}}}")
    if values:
        lines += ["values:", *(f"  {name}: {{{body}}}" for name, body in values.items())]
    weighed = ", ".join(f"{name}: {weight}" for name, weight in (weights or {}).items())
    listed = ", ".join(items)
    default = f"items: [{listed}], weights: {{{weighed}}}, not_applicable: no_redistribution"
    lines += ["groups:", f"  g: {{{group or default}}}", "items:"]
    lines += [f"  {name}: {{{body if 'round' in body else body + ', round: none'}}}" for name, body in items.items()]
    return "\n".join(lines) + "\n" + top + (tail if tail is not None else TAIL % listed)


@pytest.fixture
def trial(tmp_path: Path) -> Callable[..., Case]:
    """Write a scheme, data and rows to disk and read them as the command does."""

    def make(text: str, data: str, **rows: str) -> Case:
        (tmp_path / "scheme.yaml").write_text(text, "utf-8")
        (tmp_path / "data.csv").write_text(data, "utf-8")
        files = {}
        for name, content in rows.items():
            (tmp_path / f"{name}.csv").write_text(content, "utf-8")
            files[name] = str(tmp_path / f"{name}.csv")
        return scoring.read_case(scheme=tmp_path / "scheme.yaml", data=tmp_path / "data.csv", rows=files)

    return make


@pytest.fixture
def points(trial: Callable[..., Case]) -> Callable[..., dict[str, Fraction | None]]:
    """Score one item `x` and give each unit's exact points."""

    def give(
        body: str,
        inputs: str,
        data: str,
        *,
        period: str | None = None,
        rows: Mapping[str, str] | None = None,
        **more: Any,
    ) -> dict[str, Fraction | None]:
        case = trial(scheme_text({"x": body}, inputs, **more), data, **(rows or {}))
        pool = scoring.scored(case, scoring.chosen_period(case, period), traced=True)
        return exact(pool, "x")

    return give


def exact(pool: Pool, item: str) -> dict[str, Fraction | None]:
    """Give one item's exact points in every group."""
    return {
        unit: scored.exact
        for (_, name), column in pool.scored.items()
        if name == item
        for unit, scored in column.items()
    }
