"""200 units x 60 items x 12 periods with traces: the figures of docs/benchmarks/score.md. The short run is a tenth."""

from __future__ import annotations

import random
import resource
import time
from pathlib import Path

import pytest

from luodi.assessment.schemes import scoring

ROUND = "round: {places: 2, mode: half_up}"
ITEMS = {
    "money": f"op: minmax, value: funds%d, floor: 60, span: 40, if_equal: 100, scale: {{from: 100}}, {ROUND}",
    "rate": f"op: ratio, value: funds%d, to: target%d, cap: {{on: ratio, at: 1.2}}, zero_target: error, negative: zero, {ROUND}",
    "late": f"op: deduct, from: full, per: 0.4, count: slips%d, floor: 0, {ROUND}",
}


def write(folder: Path, *, units: int, sets: int, periods: int) -> dict[str, Path]:
    """Write a scheme of `sets` × 3 items and a long table for it."""
    chance = random.Random(20260921)
    names = [f"{kind}{i}" for i in range(sets) for kind in ITEMS]
    lines = [
        "format: luodi-scheme/1",
        "id: scale",
        "valid: {from: 2026-01-01, to: 2026-12-31}",
        "basis: made up",
        "inputs:",
    ]
    lines += [
        f"  {name}{i}: {{from: column, missing: error}}" for i in range(sets) for name in ("funds", "target", "slips")
    ]
    weights = ", ".join(f"{name}: 2" for name in names)
    lines += [
        "groups:",
        f"  g: {{items: [{', '.join(names)}], weights: {{{weights}}}, not_applicable: no_redistribution}}",
        "items:",
    ]
    lines += [f"  {kind}{i}: {{{body.replace('%d', str(i))}}}" for i in range(sets) for kind, body in ITEMS.items()]
    lines += [f"total: {{op: sum, of: [{', '.join(names)}], cap: none, {ROUND}}}"]
    lines += ["rank: {by: total, order: desc, ties: same_rank_skip}", "corrections: rerank", ""]
    (folder / "s.yaml").write_text("\n".join(lines), "utf-8")
    rows = ["unit,group,period,input,value,kind,known_at"]
    for month in range(1, periods + 1):
        for unit in range(units):
            head, tail = f"U{unit:03},g,2026-{month:02}", f"audited,2026-{month:02}-25"
            for i in range(sets):
                rows.append(f"{head},funds{i},{chance.randint(0, 100000) / 100},{tail}")
                rows.append(f"{head},target{i},{chance.randint(10000, 100000) / 100},{tail}")
                rows.append(f"{head},slips{i},{chance.randint(0, 6)},{tail}")
    (folder / "d.csv").write_text("\n".join(rows) + "\n", "utf-8")
    return {"scheme": folder / "s.yaml", "data": folder / "d.csv"}


def spent(files: dict[str, Path]) -> tuple[float, int]:
    """Read, score every period with its traces held; give processor seconds and the scores counted."""
    begun = time.process_time()
    case = scoring.read_case(**files)
    run = scoring.run_of(case, traced=True)
    pools = [scoring.scored_in(case, run, period) for period in scoring.periods(case)]
    seconds = time.process_time() - begun
    traced = [
        one for pool in pools for (_, name), column in pool.scored.items() if name != "total" for one in column.values()
    ]
    assert all(one.outcome is not None and one.outcome.formula for one in traced)
    return seconds, len(traced)


def test_a_tenth_of_the_pool_is_scored_with_traces(tmp_path: Path) -> None:
    seconds, scores = spent(write(tmp_path, units=60, sets=20, periods=4))
    assert scores == 14_400
    assert seconds < 5


@pytest.mark.long
def test_the_whole_pool_is_scored_with_traces(tmp_path: Path) -> None:
    seconds, scores = spent(write(tmp_path, units=200, sets=20, periods=12))
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{scores} scores in {seconds:.2f} processor seconds, {megabytes} MB at the highest")
    assert scores == 144_000
    assert seconds < 10  # 3.7 on an idle core; see docs/benchmarks/score.md
