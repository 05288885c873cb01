"""
What is noted about rows that are loaded all the same: history may break rules of order and plausibility, but says so.

Few and cheap; the full data checks (statistics) run on what stands in the store.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal

from luodi.codebook.values.lifecycle import Part
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
    path = {stage: place for place, stage in enumerate(context.profile.path)}
    of: defaultdict[str, list[tuple[str, date, int]]] = defaultdict(list)
    cells = zip(frame.column("project"), frame.column("stage"), frame.column("occurred_on"), strict=True)
    for index, (project, stage, day) in enumerate(cells):
        if index not in frame.bad and stage is not None and isinstance(day, tuple):
            of[str(project)].append((str(stage), day[0], index))
    follows = {counted: must_follow(context, counted) for counted in (True, False)}
    for project, events in of.items():
        had = dict(context.store.stages.get(project, {}))
        for stage, day, _index in events:
            had[stage] = min(day, had.get(stage, day))
        needed = follows[context.store.kinds.get(project) in context.profile.city.counted_kinds]
        for stage, day, index in events:
            if stage in needed and not needed[stage] & had.keys():
                expected = "、".join(sorted(needed[stage]))
                frame.remark(index, "stage", "import.row.stage_without_the_one_before", stage=stage, expected=expected)
            earlier = [other for name, other in had.items() if path.get(name, len(path)) < path.get(stage, -1)]
            if earlier and day < max(earlier):
                frame.remark(index, "occurred_on", "import.row.stage_before_earlier", stage=stage, day=max(earlier))


def must_follow(context: Context, counted: bool) -> dict[str, set[str]]:
    """
    Say which stages a stage needs one of. One that may be a project's first needs none; but of the counted kinds (招商引资) a start
    needs a signing, or what lies between.
    """
    signed = context.profile.playing(Part.SIGNED)
    path = context.profile.path
    after = set(path[path.index(signed) + 1 :]) if signed in path else set()
    stages = context.profile.stages
    return {
        stage.id: set(stage.follows)
        for stage in stages
        if stage.follows and (not stage.first or (counted and stage.id in after))
    }


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
