"""Reading the plain form: tasks in steps that need resources, as published instances are written."""

from __future__ import annotations

from luodi.kernel import yamltext
from luodi.kernel.yamltext import Map, Text
from luodi.scheduling import cycles, values
from luodi.scheduling.reading import Reader, kind_of
from luodi.scheduling.values import After, PlainFile, Task

KEYS = ("format", "title", "unit", "objective", "resources", "tasks")
MOST = 1_000_000


def read(reader: Reader, file: str) -> PlainFile:
    """Read the plain form; what is wrong goes to the reader's problems."""
    reader.allow(KEYS)
    reader.need("tasks")
    reader.choice("unit", ("step",), "step")
    reader.choice("objective", ("makespan",), "makespan")
    resources = _amounts(reader, "resources")
    ids = [str(node.get("id")) for node in reader.seq("tasks") if isinstance(node, Map)]
    tasks = tuple(_task(inside, resources, ids) for inside in reader.entries("tasks"))
    _refuse_twice(reader, tasks)
    edges = [(link.of, task.id) for task in tasks for link in task.after]
    lines = {task.id: task.line for task in tasks}
    reader.problems.extend(cycles.problems([task.id for task in tasks], edges, lines, reader.place.at("tasks")))
    return PlainFile(file, resources, tasks)


def _amounts(reader: Reader, key: str) -> dict[str, int]:
    inside = reader.inner(key)
    names = inside.map if inside else Map()
    found = {name: inside.number(name, most=MOST) for name in names} if inside else {}
    return {name: amount for name, amount in found.items() if amount is not None}


def _task(reader: Reader, resources: dict[str, int], ids: list[str]) -> Task:
    reader.allow(("id", "duration", "needs", "after", "title"))
    reader.need("id", "duration")
    needs = _amounts(reader, "needs")
    for name, amount in needs.items():
        inside = reader.inner("needs") or reader
        if name not in resources:
            allowed = ", ".join(sorted(resources)) or "-"
            inside.refuse("plan.unknown_resource", name, found=name, allowed=allowed)
        elif amount > resources[name]:
            task = reader.text("id")
            inside.refuse("plan.need_over_capacity", name, task=task, name=name, found=amount, capacity=resources[name])
    duration = reader.number("duration", most=MOST)
    return Task(reader.text("id") or "", duration or 0, needs, _after(reader, ids), reader.line())


def _after(reader: Reader, ids: list[str]) -> tuple[After, ...]:
    """Read what a task comes after: names, or mappings with type and lag."""
    found = []
    for index, node in enumerate(reader.seq("after")):
        place = reader.place.at("after").at(index)
        line = getattr(node, "line", 0) or reader.line("after")
        if isinstance(node, Map):
            inside = Reader(node, place, reader.problems)
            inside.allow(("of", "type", "lag"))
            lag = inside.number("lag", least=-MOST, most=MOST) or 0
            link = After(inside.text("of") or "", inside.choice("type", values.LINK_TYPES, "FS"), lag, "step", line)
        else:
            link = After(yamltext.text(node) if isinstance(node, Text) else kind_of(node), lag_unit="step", line=line)
        if link.of not in ids:
            allowed = ", ".join(ids)
            reader.problems.append(place.problem("plan.unknown_matter", line, found=link.of, allowed=allowed))
        else:
            found.append(link)
    return tuple(found)


def _refuse_twice(reader: Reader, tasks: tuple[Task, ...]) -> None:
    seen: set[str] = set()
    for task in tasks:
        if task.id in seen:
            reader.problems.append(reader.place.at("tasks").problem("plan.twice", task.line, id=task.id))
        seen.add(task.id)
