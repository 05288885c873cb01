"""Drawing an answer of `luodi plan` as a Gantt chart in SVG: one row a matter, plain shapes, no script, no outside font."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from xml.sax.saxutils import escape

from luodi.kernel.problem import words

LEFT, TOP, ROW, WIDTH = 210, 46, 20, 900
COLOURS = {"planned": "#4a7ebb", "running": "#3d9970", "overdue": "#c0392b", "over": "#9aa5b1", "critical": "#d9822b"}


@dataclass(frozen=True)
class Bar:
    """One row: a label, the first step and the end (exclusive), its colour, and the latest end if there is one."""

    label: str
    start: int
    end: int
    colour: str
    title: str
    latest: int | None = None
    heading: bool = False


def svg(told: Mapping[str, Any], language: str = "zh") -> str:
    """Draw an answer, of projects or of tasks."""
    dated = "projects" in told
    bars = list(_of_projects(told) if dated else _of_tasks(told))
    first = min((bar.start for bar in bars if not bar.heading), default=0)
    last = max([first + 1, *(max(bar.end, bar.latest or 0) for bar in bars if not bar.heading)])
    scale = WIDTH / (last - first)
    height = TOP + ROW * len(bars) + 30
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + WIDTH + 20}" height="{height}" '
            f'viewBox="0 0 {LEFT + WIDTH + 20} {height}" font-family="sans-serif" font-size="12">'
        ),
        f"<title>{escape(words('plan.head.gantt', language))}</title>",
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        *_marks(first, last, scale, height, dated),
    ]
    for number, bar in enumerate(bars):
        parts += _row(bar, number, first, scale)
    return "\n".join([*parts, _legend(height, language), "</svg>"]) + "\n"


def _of_projects(told: Mapping[str, Any]) -> Iterator[Bar]:
    for project in told["projects"]:
        yield Bar(str(project["id"]), 0, 0, "", "", heading=True)
        for matter in project["matters"]:
            start = matter["start"] or matter["finish"]
            nothing = matter["days"] == 0
            critical = matter["id"] in project["critical"]
            latest = matter["latest_finish"]
            yield Bar(
                matter["id"],
                start.toordinal(),
                matter["finish"].toordinal() + (0 if nothing else 1),
                COLOURS["critical" if critical else matter["state"]],
                f"{matter['id']} {start} – {matter['finish']}",
                None if latest is None else latest.toordinal() + 1,
            )


def _of_tasks(told: Mapping[str, Any]) -> Iterator[Bar]:
    for task in told["tasks"]:
        title = f"{task['id']} {task['start']} – {task['end']}"
        yield Bar(task["id"], task["start"], task["end"], COLOURS["planned"], title)


def _marks(first: int, last: int, scale: float, height: int, dated: bool) -> Iterator[str]:
    """Draw the axis: months of a plan of days, round numbers of steps. An empty plan has none."""
    if dated and not first:
        return
    for step, label in _months(first, last) if dated else _steps(first, last):
        x = LEFT + (step - first) * scale
        yield f'<line x1="{x:.1f}" y1="{TOP - 14}" x2="{x:.1f}" y2="{height - 28}" stroke="#d5dbe1"/>'
        yield f'<text x="{x + 3:.1f}" y="{TOP - 18}" fill="#52606d">{label}</text>'


def _months(first: int, last: int) -> Iterator[tuple[int, str]]:
    every = max(1, (last - first) // 30 // 12)
    day = date.fromordinal(first).replace(day=1)
    while day.toordinal() <= last:
        if day.toordinal() >= first and (day.month - 1) % every == 0:
            yield day.toordinal(), f"{day:%Y-%m}"
        day = (day + timedelta(days=31)).replace(day=1)


def _steps(first: int, last: int) -> Sequence[tuple[int, str]]:
    every = max(1, (last - first) // 12)
    return [(step, str(step)) for step in range(first, last + 1, every)]


def _row(bar: Bar, number: int, first: int, scale: float) -> Iterator[str]:
    y = TOP + ROW * number
    weight = ' font-weight="bold"' if bar.heading else ""
    yield f'<text x="{8 if bar.heading else 20}" y="{y + 14}"{weight}>{escape(bar.label)}</text>'
    if bar.heading:
        return
    x, width = LEFT + (bar.start - first) * scale, (bar.end - bar.start) * scale
    title = f"<title>{escape(bar.title)}</title>"
    if bar.latest is not None:
        end = LEFT + (bar.latest - first) * scale
        yield f'<line x1="{x:.1f}" y1="{y + 17}" x2="{max(x, end):.1f}" y2="{y + 17}" stroke="#9aa5b1" stroke-dasharray="3 2"/>'
    if bar.end == bar.start:
        yield f'<path d="M{x:.1f} {y + 3} l6 6 l-6 6 l-6 -6 z" fill="{bar.colour}">{title}</path>'
    else:
        yield f'<rect x="{x:.1f}" y="{y + 3}" width="{max(1.0, width):.1f}" height="12" rx="2" fill="{bar.colour}">{title}</rect>'


def _legend(height: int, language: str) -> str:
    parts, x = [], LEFT
    for key in ("critical", "planned", "running", "overdue", "over"):
        label = words("plan.head.critical" if key == "critical" else f"plan.word.{key}", language)
        parts.append(f'<rect x="{x}" y="{height - 20}" width="12" height="12" fill="{COLOURS[key]}"/>')
        parts.append(f'<text x="{x + 17}" y="{height - 10}">{escape(label)}</text>')
        x += 110
    return "\n".join(parts)
