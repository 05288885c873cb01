"""
How good and how quick `luodi plan` is: resource-constrained instances in the plain form, and portfolios of projects
before agencies with little room.

    python bench/plan.py write FOLDER            write every instance as a plan file
    python bench/plan.py measure WHAT [--count N] [--work W] [--wall S]    WHAT: j30, j120, city, small

Everything is generated from a seed. The plain instances follow the design of Kolisch and Sprecher's ProGen (network
complexity, resource factor, resource strength, with the levels of the published sets of 30 and 120 activities); the
published files themselves are not here. Prints one line a plan; docs/benchmarks/plan.md is written from it.
"""

from __future__ import annotations

import argparse
import itertools
import random
import sys
import time
from datetime import date, timedelta
from pathlib import Path

# Levels of the published sets: complexity, resource factor, resource strength.
LEVELS = {
    30: ((1.5, 1.8, 2.1), (0.25, 0.5, 0.75, 1.0), (0.2, 0.5, 0.7, 1.0)),
    120: ((1.5, 1.8, 2.1), (0.25, 0.5, 0.75, 1.0), (0.1, 0.2, 0.3, 0.4, 0.5)),
}
LOADS = {"light": 1.2, "medium": 1.3, "heavy": 1.4}
SMALL_LOADS = {"light": 0.5, "medium": 0.65, "heavy": 0.8}
FIRST_DAY = date(2026, 1, 5)


# plain instances ----------------------------------------------------------------------------------------------------


def instances(size: int, count: int) -> list[tuple[str, str]]:
    """Give plain instances of a size, spread over all levels: name and text."""
    cells = list(itertools.product(*LEVELS[size]))
    step = max(1, len(cells) // count) if count < len(cells) else 1
    chosen = [cells[at % len(cells)] for at in range(0, step * count, step)]
    return [
        (f"j{size}-{number:03}", instance(size, *cell, seed=1000 * size + number)) for number, cell in enumerate(chosen)
    ]


def instance(size: int, complexity: float, factor: float, strength: float, seed: int) -> str:
    """Generate one instance: 4 resources, durations and needs from 1 to 10."""
    chance = random.Random(seed)
    durations = [chance.randint(1, 10) for _ in range(size)]
    after = _network(chance, size, complexity)
    needs = _needs(chance, size, factor)
    early = [0] * size
    for task in range(size):
        early[task] = max((early[other] + durations[other] for other in after[task]), default=0)
    lines = ["format: luodi-plan/1", "unit: step", "objective: makespan"]
    lines.append(
        "resources: {" + ", ".join(f"R{r}: {_capacity(r, needs, durations, early, strength)}" for r in range(4)) + "}"
    )
    lines.append("tasks:")
    for task in range(size):
        own = ", ".join(f"R{r}: {amount}" for r, amount in sorted(needs[task].items()))
        before = ", ".join(f"t{other}" for other in sorted(after[task]))
        lines.append(f"  - {{id: t{task}, duration: {durations[task]}, needs: {{{own}}}, after: [{before}]}}")
    return "\n".join(lines) + "\n"


def _network(chance: random.Random, size: int, complexity: float) -> list[set[int]]:
    """Draw precedences: no arc that others imply, three starts and ends, about `complexity` arcs a task."""
    after: list[set[int]] = [set() for _ in range(size)]
    before: list[set[int]] = [set() for _ in range(size)]  # all that come before, directly or not
    arcs = 0
    for task in range(3, size):
        other = chance.randrange(max(0, task - 12), task)
        after[task], before[task] = {other}, before[other] | {other}
        arcs += 1
    tries = 0
    while arcs < complexity * size and tries < 100 * size:
        tries += 1
        task = chance.randrange(3, size)
        other = chance.randrange(max(0, task - 20), task)
        implied = other in before[task] or any(other in before[one] for one in after[task])
        doubled = any(one in before[other] for one in after[task])
        if implied or doubled or len(after[task]) >= 3:
            continue
        after[task].add(other)
        arcs += 1
        for later in range(task, size):
            before[later] = set().union(*(before[one] | {one} for one in after[later])) if after[later] else set()
    return after


def _needs(chance: random.Random, size: int, factor: float) -> list[dict[int, int]]:
    """Draw which resources each task needs, `factor` of them on average, at least one, and how much."""
    pairs = [(task, resource) for task in range(size) for resource in range(4)]
    needs: list[dict[int, int]] = [{} for _ in range(size)]
    for task in range(size):
        needs[task][chance.randrange(4)] = chance.randint(1, 10)
    chance.shuffle(pairs)
    left = round(factor * 4 * size) - size
    for task, resource in pairs:
        if left > 0 and resource not in needs[task]:
            needs[task][resource] = chance.randint(1, 10)
            left -= 1
    return needs


def _capacity(
    resource: int, needs: list[dict[int, int]], durations: list[int], early: list[int], strength: float
) -> int:
    """Lay the capacity between the greatest single need and the peak of the earliest schedule."""
    least = max(own.get(resource, 0) for own in needs)
    steps = [0] * (max(e + d for e, d in zip(early, durations, strict=True)) + 1)
    for task, own in enumerate(needs):
        for step in range(early[task], early[task] + durations[task]):
            steps[step] += own.get(resource, 0)
    return max(1, least + round(strength * (max(steps) - least)))


# portfolios ---------------------------------------------------------------------------------------------------------


def portfolio(
    projects: int, matters: int, agencies: int, load: float, seed: int, room: tuple[float, float] = (1.1, 1.6)
) -> str:
    """
    Generate a portfolio as a plan file. Projects come in over a year; each has all `matters`, in four phases of parallel
    ones; `load` is the work of the busiest season over what the agencies can do in it. Promises leave each project
    so many times its critical path as `room` says; weights are 1, 2, 3 and 5.
    """
    chance = random.Random(seed)
    kinds = [(f"m{n:02}", chance.randrange(agencies), chance.choice((3, 5, 7, 10, 10, 15, 20))) for n in range(matters)]
    after = _phases(chance, matters)
    span = 250  # working days in which projects come in
    work = [0] * agencies
    for _, agency, days in kinds:
        work[agency] += days * projects
    lines = [
        "format: luodi-plan/1",
        "unit: workday",
        "calendar: []",
        f"from: {FIRST_DAY}",
        "use: statutory",
        "agencies:",
    ]
    for number in range(agencies):
        slots = max(1, round(work[number] / span / load))
        lines.append(f"  a{number:02}: {{at_once: {slots}}}")
    lines.append("catalogue:")
    for number, (name, agency, days) in enumerate(kinds):
        links = ", ".join(f"{{of: {kinds[other][0]}}}" for other in sorted(after[number]))
        lines.append(f"  {name}: {{agency: a{agency:02}, days: {{statutory: {days}}}, after: [{links}]}}")
    lines.append("projects:")
    path = _longest(kinds, after)
    for number in range(projects):
        arrives = chance.randrange(span)
        first = _workday(arrives)
        by = _workday(arrives + round(path * chance.uniform(*room)))
        firsts = ", ".join(f"{{matter: {kinds[n][0]}, not_before: {first}}}" for n in range(matters) if not after[n])
        names = ", ".join(name for name, _, _ in kinds)
        weight = chance.choice((1, 1, 2, 3, 5))
        lines.append(f"  - {{id: P{number:03}, weight: {weight}, promise: {{matter: {kinds[-1][0]}, by: {by}}},")
        lines.append(f"     matters: [{names}], facts: [{firsts}]}}")
    return "\n".join(lines) + "\n"


def _phases(chance: random.Random, matters: int) -> list[set[int]]:
    """Four phases of parallel matters; each comes after one to three of the phase before, the last after all ends."""
    after: list[set[int]] = [set() for _ in range(matters)]
    size = max(1, (matters - 1) // 4)
    for task in range(size, matters - 1):
        phase = min(task // size, 4)
        earlier = range((phase - 1) * size, phase * size)
        after[task] = set(chance.sample(list(earlier), min(len(earlier), chance.randint(1, 3))))
    used = set().union(*after)
    after[matters - 1] = {task for task in range(matters - 1) if task not in used}
    return after


def _longest(kinds: list[tuple[str, int, int]], after: list[set[int]]) -> int:
    ends: list[int] = []
    for number, (_, _, days) in enumerate(kinds):
        ends.append(days + max((ends[other] for other in after[number]), default=0))
    return ends[-1]


def _workday(number: int) -> date:
    """Give the n-th day, Monday to Friday, from the first."""
    return FIRST_DAY + timedelta(days=number // 5 * 7 + number % 5)


SETS = {
    "j30": lambda count: instances(30, count),
    "j120": lambda count: instances(120, count),
    "city": lambda count: [(f"city-{name}", portfolio(200, 20, 12, load, 11)) for name, load in LOADS.items()][:count],
    "small": lambda count: [
        (f"small-{name}-{seed}", portfolio(10, 20, 4, load, seed, (0.8, 1.2)))
        for seed in (1, 2, 3)
        for name, load in SMALL_LOADS.items()
    ][:count],
}


def write(folder: Path) -> None:
    """Write every instance, 48 of 30 and 60 of 120 activities, into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for what, count in (("j30", 48), ("j120", 60), ("city", 3), ("small", 9)):
        for name, text in SETS[what](count):
            (folder / f"{name}.yaml").write_text(text, "utf-8")


def measure(what: str, count: int, skip: int, work: float, wall: float) -> None:
    """Plan each instance of a set and print what came out."""
    from luodi.kernel import yamltext
    from luodi.scheduling import compiling, document, search
    from luodi.scheduling.solver import Limits
    from luodi.scheduling.values import PlainFile

    for name, text in SETS[what](count)[skip:]:
        began = time.monotonic()
        plan = document.read(yamltext.loads(text), name)
        model = compiling.compile_plain(plan) if isinstance(plan, PlainFile) else compiling.compile_plan(plan).model
        ready = time.monotonic() - began
        found = search.search(model, Limits(work, wall))
        rule = min(one.value for one in found.rules)
        gap = (found.value - found.bound) / found.value if found.value else 0.0
        told = [name, found.value, found.bound, f"{gap:.4f}", rule, f"{found.value / rule if rule else 1:.3f}"]
        told += [found.stopped_by, f"{found.work:.1f}", f"{ready:.1f}", f"{time.monotonic() - began:.1f}s"]
        print(*told, sep="\t", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("act", choices=("write", "measure"))
    parser.add_argument("what", help="a folder, or one of " + ", ".join(SETS))
    parser.add_argument("--count", type=int, default=10)
    parser.add_argument("--skip", type=int, default=0)
    parser.add_argument("--work", type=float, default=40.0)
    parser.add_argument("--wall", type=float, default=45.0)
    asked = parser.parse_args()
    if asked.act == "write":
        write(Path(asked.what))
    elif asked.what in SETS:
        print("instance", "value", "bound", "gap", "rule", "ratio", "stopped", "work", "ready", "wall", sep="\t")
        measure(asked.what, asked.count, asked.skip, asked.work, asked.wall)
    else:
        sys.exit(f"no set named {asked.what}: {', '.join(SETS)}")


if __name__ == "__main__":
    main()
