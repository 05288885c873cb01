"""Counts of whole things by line, each once in every line that holds some of it: days for medians, cells that are owed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from luodi.indicators.engine.asking import Asking, lend_projects
from luodi.indicators.engine.plan import Days
from luodi.indicators.engine.projects import Sheet
from luodi.indicators.engine.rolling import Counted, medians
from luodi.indicators.rules.weights import Weight
from luodi.indicators.values import Exact, Question


def middles(asking: Asking, asked: Days) -> Mapping[str | None, Exact]:
    """Give the median of days by line: each project with a weight above 0 once in every line that holds some of it."""
    world, profile, shape = asking.world, asking.profile, asking.shape
    own = _by_project(weight for weight in asking.general if weight.num)
    held: dict[str, set[int]] = {}  # of the projects that are shared, and that the median is taken of

    def places(project: str) -> set[int]:
        if project not in held:
            held[project] = {place for weight in own.get(project, ()) for place in weight.places(shape)}
        return held[project]

    listed = lend_projects(world, "own_", asking.general)

    def build(q: Question) -> ir.Table:
        table = Sheet(world, profile, q).days_between(asked).left_join(listed, "project")
        alone, none = table.own_.isnull(), ibis.null("string")
        table = table.select("days", holder=alone.ifelse(table.holder, none), shared=alone.ifelse(none, table.project))
        return table.group_by("holder", "shared", "days").agg(times=table.count())

    rows = world.columns(("middles", asking.key, asked), asking.question, build)
    columns = (rows[name].to_pylist() for name in ("holder", "shared", "days", "times"))
    found = [
        Counted(days, times, shape.places(holder or "") if shared is None else places(shared))
        for holder, shared, days, times in zip(*columns, strict=True)
    ]
    return medians(found, shape)


def _by_project(given: Iterable[Weight]) -> dict[str, list[Weight]]:
    found: dict[str, list[Weight]] = defaultdict(list)
    for weight in given:
        found[weight.project].append(weight)
    return found


def _lines(given: Iterable[Weight], asking: Asking) -> set[str | None]:
    return {line for weight in given for line in weight.lines(asking.shape)}


def owed_by_line(asking: Asking, owed: Mapping[str, int]) -> dict[str | None, int]:
    """Add up owed cells by line: each once in every line that holds some of its project; a unit's own in its line and above."""
    if not owed:
        return {}
    world = asking.world
    listed = world.lend("owed", pa.table({"project": pa.array(list(owed), pa.string())}))

    def build(q: Question) -> ir.Table:
        versions = world.valid("versions", q)
        return versions.select("project", holder=versions[q.role]).semi_join(listed, "project")

    own = _by_project(asking.general)
    holders = dict(world.fetch("owed", asking.question, build))
    found: dict[str | None, int] = defaultdict(int)
    for subject, n in owed.items():
        given = own.get(subject) if subject in holders else None
        for line in _lines(given, asking) if given else asking.shape.reach(holders.get(subject, subject)):
            found[line] += n
    return dict(found)
