"""
What is noted about rows that are loaded all the same: history may break rules of order and plausibility, but says so.

These look at the file alone, so that a note costs no query; the full data checks (statistics) run on what stands in the store.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal

from luodi.exchange.context import Context
from luodi.exchange.frame import Frame
from luodi.kernel.period import Period

JUMP = 10  # times the median of the others
JUMP_NEEDS = 4  # figures of one subject and measure


def in_wan(yuan: Decimal) -> str:
    """Write an amount in 万元 without needless zeros."""
    return f"{(yuan / 10000).normalize():f}"


def stage_order(frame: Frame, context: Context) -> None:
    """Note stages without any of those they follow, and stages dated before one that comes earlier on the way."""
    follows = {stage.id: set(stage.follows) for stage in context.profile.stages if not stage.first}
    path = {stage: place for place, stage in enumerate(context.profile.path)}
    of: defaultdict[object, list[tuple[str, date, int]]] = defaultdict(list)
    for index, (project, stage, day) in enumerate(
        zip(frame.column("project"), frame.column("stage"), frame.column("occurred_on"), strict=True)
    ):
        if index not in frame.bad and stage is not None and isinstance(day, tuple):
            of[project].append((str(stage), day[0], index))
    for events in of.values():
        had = {stage for stage, _day, _index in events}
        latest = {place: day for stage, day, _index in events if (place := path.get(stage)) is not None}
        for stage, day, index in events:
            if stage in follows and not follows[stage] & had:
                frame.remark(
                    index,
                    "stage",
                    "import.row.stage_without_the_one_before",
                    stage=stage,
                    expected="、".join(sorted(follows[stage])),
                )
            before = [other for place, other in latest.items() if place < path.get(stage, -1)]
            if before and day < max(before):
                frame.remark(index, "occurred_on", "import.row.stage_before_earlier", stage=stage, day=max(before))


def figures(frame: Frame) -> None:
    """Note negative figures and jumps against the other figures of the same subject and measure."""
    series: defaultdict[tuple[object, object], list[tuple[Decimal, int]]] = defaultdict(list)
    cells = zip(
        frame.column("subject"), frame.column("measure"), frame.column("amount"), frame.column("period"), strict=True
    )
    for index, (subject, measure, value, period) in enumerate(cells):
        if index in frame.bad or not isinstance(value, Decimal) or not isinstance(period, Period):
            continue
        if value < 0:
            frame.remark(index, "value", "import.row.negative")
        if value > 0:
            series[subject, measure].append((value, index))
    for values in series.values():
        if len(values) < JUMP_NEEDS:
            continue
        ordered = sorted(value for value, _index in values)
        usual = ordered[(len(ordered) - 1) // 2]
        for value, index in values:
            if value > JUMP * usual:
                frame.remark(index, "value", "import.row.jump", times=round(value / usual))
