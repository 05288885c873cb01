"""
`luodi plan`: plan the matters of one project or of many back from what was promised, and print, draw or write it.
Reads files; everything else is in `luodi.scheduling`, which needs no Django and no store.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import click

from luodi.cli import output as out
from luodi.kernel.problem import Problem, words
from luodi.scheduling import answers, baseline, document, planning
from luodi.scheduling.document import BadPlan
from luodi.scheduling.planning import Planned
from luodi.scheduling.solver import Limits
from luodi.scheduling.values import PlainFile, PlanFile

FILE = click.Path(path_type=Path)
# Measured (docs/benchmarks/plan.md): on a free core this much work ends before the wall's guard, and both within a minute.
WORK, WALL = 40.0, 45.0
COLUMNS = (
    "project",
    "matter",
    "agency",
    "state",
    "start",
    "finish",
    "latest",
    "slack",
    "free",
    "delay_costs",
    "critical",
)


@click.command(name="plan")
@click.argument("file", type=FILE)
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=1, show_default=True, help="Seed of the search.")
@click.option("--work", type=click.FloatRange(0), default=WORK, show_default=True, help="Deterministic work limit.")
@click.option(
    "--wall", type=click.FloatRange(0), default=WALL, show_default=True, help="Guard in seconds of wall clock."
)
@click.option("--baseline", "before", type=FILE, help="An earlier answer (JSON): move as little of it as may be.")
@click.option("--stability", help="What moving one matter by one day weighs against a day's lateness of weight 1.")
@click.option("--holidays", type=FILE, help="Table laid over the calendar: day,kind,status,notice,known_at.")
@click.option("--svg", type=FILE, help="Draw the plan as a Gantt chart into this file.")
@click.option("--xlsx", type=FILE, help="Write the plan as a workbook into this file.")
@out.format_option
@out.refusals_exit_1
def plan(
    file: Path,
    seed: int,
    work: float,
    wall: float,
    before: Path | None,
    stability: str | None,
    holidays: Path | None,
    svg: Path | None,
    xlsx: Path | None,
    output: str,
) -> None:
    """
    Plan the matters of FILE (format: luodi-plan/1): when to hand in what, at the latest when, and what a day costs.

    Two forms: projects over a calendar, or plain tasks with resources. See docs/howto/plan.md.
    """
    asked = document.load(file, holidays)
    limits = Limits(work, wall, seed)
    if isinstance(asked, PlainFile):
        _refuse_for_tasks(file, before, stability)
        told = answers.of_tasks(planning.plan_tasks(asked, limits))
    else:
        told = answers.of_projects(_planned(asked, limits, before, stability))
    _draw(told, svg, xlsx)
    _notices(told)
    if output == "json":
        out.print_json(told)
    elif isinstance(asked, PlainFile):
        _print_tasks(told)
    else:
        _print_projects(told)


def _planned(asked: PlanFile, limits: Limits, before: Path | None, stability: str | None) -> Planned:
    if before is None:
        if stability is not None:
            raise BadPlan(Problem("plan.needs_baseline", "--stability"))
        return planning.plan_projects(asked, limits)
    weight = _stability(stability) if stability is not None else planning.LITTLE
    return planning.plan_projects(asked, limits, baseline=baseline.load(before), stability=weight)


def _stability(text: str) -> Decimal:
    """Read `--stability`, an exact number that is not negative, of at most six places."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal(-1)
    if not value.is_finite() or not 0 <= value <= 1_000_000 or value != round(value, 6):
        raise BadPlan(Problem("plan.bad_weight", "--stability", {"found": text}))
    return value


def _refuse_for_tasks(file: Path, before: Path | None, stability: str | None) -> None:
    for option, value in (("--baseline", before), ("--stability", stability)):
        if value is not None:
            raise BadPlan(Problem("plan.only_projects", option, {"option": option}, file=str(file)))


def _draw(told: Mapping[str, Any], svg: Path | None, xlsx: Path | None) -> None:
    """Write the drawing and the workbook where they were asked for."""
    try:
        if svg is not None:
            from luodi.scheduling import gantt

            svg.write_text(gantt.svg(told, out.language()), "utf-8")
        if xlsx is not None:
            from luodi.scheduling import workbook

            workbook.write(told, xlsx, out.language())
    except OSError as error:
        raise BadPlan(Problem("plan.cannot_write", params={"found": str(error)})) from None


def _notices(told: Mapping[str, Any]) -> None:
    """Say on stderr what the answer rests on that a reader could overlook."""
    language = out.language()
    for notice in told.get("notices", ()):
        out.notice(notice["message"][language])


# tables -------------------------------------------------------------------------------------------------------------


def _print_head(told: Mapping[str, Any]) -> str:
    objective, language = told["objective"], out.language()
    return words(
        "plan.summary",
        language,
        status=words(f"plan.word.{told['status']}", language),
        name=words(f"plan.word.{objective['name']}", language),
        value=objective["value"],
        bound=objective["bound"],
        kind=words(f"plan.word.{objective['bound_kind']}", language),
        gap=f"{objective['gap'] * 100:.2f}%",
        stopped=words(f"plan.word.{told['stopped_by']}", language),
    )


def _print_tasks(told: Mapping[str, Any]) -> None:
    heads = [words(f"plan.head.{key}", out.language()) for key in ("task", "start", "end")]
    out.print_table(heads, out.rows_of(told["tasks"], ("id", "start", "end")), title=_print_head(told))


def _print_projects(told: Mapping[str, Any]) -> None:
    language = out.language()
    heads = [words(f"plan.head.{key}", language) for key in COLUMNS]
    rows = [_row(project, matter) for project in told["projects"] for matter in project["matters"]]
    out.print_table(heads, rows, title=_print_head(told))
    keys = ("project", "promise", "earliest", "late", "serial_days", "parallel_days", "days_saved")
    summary = out.rows_of(({**project, "project": project["id"]} for project in told["projects"]), keys)
    out.print_table([words(f"plan.head.{key}", language) for key in keys], summary)
    for project in told["projects"]:
        for giving in project.get("would_have_to_give", ()):
            click.echo(_giving(project, giving))


def _row(project: Mapping[str, Any], matter: Mapping[str, Any]) -> Sequence[object]:
    language = out.language()
    latest = matter["latest_start"]
    if latest is not None and matter["latest_assumes"] == "capacity":
        latest = f"{latest} *"
    return [
        project["id"], matter["id"], matter["agency"], words(f"plan.word.{matter['state']}", language), matter["start"],
        matter["finish"], latest, matter["slack"], matter["free"], matter["delay_costs"],
        "●" if matter["id"] in project["critical"] else "",
    ]  # fmt: skip


def _giving(project: Mapping[str, Any], giving: Mapping[str, Any]) -> str:
    code = f"plan.give.{giving['give']}"
    language = out.language()
    holds = words(f"plan.word.{'holds' if giving['holds'] else 'still_late'}", language)
    return words(code, language, project=project["id"], what=giving["what"], day=giving["earliest"], holds=holds)
