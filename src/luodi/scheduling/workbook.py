"""Writing an answer of `luodi plan` as .xlsx: the matters, the projects, and a chart in cells that an office can print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from luodi.kernel.problem import words

MATTER_KEYS = (
    "project", "matter", "agency", "state", "start", "finish", "latest_start", "latest_finish", "slack", "free",
    "delay_costs", "critical",
)  # fmt: skip
PROJECT_KEYS = ("project", "promise", "earliest", "late", "serial_days", "parallel_days", "days_saved")
TASK_KEYS = ("task", "start", "end")
MOST_WEEKS = 260  # columns of the chart


def write(told: Mapping[str, Any], file: Path, language: str = "zh") -> None:
    """Write the workbook. Raises OSError when the file can't be written."""
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    book = xlsxwriter.Workbook(str(file), {"default_date_format": "yyyy-mm-dd", "strings_to_formulas": False})
    styles = {
        "head": book.add_format({"bold": True, "bg_color": "#E8EDF2", "border": 1, "text_wrap": True}),
        "bar": book.add_format({"bg_color": "#4A7EBB"}),
        "critical": book.add_format({"bg_color": "#D9822B"}),
    }
    if "projects" in told:
        rows = [_matter(project, matter, language) for project in told["projects"] for matter in project["matters"]]
        _sheet(book, styles, "plan", MATTER_KEYS, rows, language)
        projects = [[project["id"], *(project[key] for key in PROJECT_KEYS[1:])] for project in told["projects"]]
        _sheet(book, styles, "projects", PROJECT_KEYS, projects, language)
        _chart(book, styles, told, language)
    else:
        tasks = [[task["id"], task["start"], task["end"]] for task in told["tasks"]]
        _sheet(book, styles, "plan", TASK_KEYS, tasks, language)
    try:
        book.close()
    except FileCreateError as error:
        raise OSError(str(error)) from None


def _matter(project: Mapping[str, Any], matter: Mapping[str, Any], language: str) -> list[object]:
    state = words(f"plan.word.{matter['state']}", language)
    critical = "●" if matter["id"] in project["critical"] else ""
    middle = [matter[key] for key in MATTER_KEYS[4:11]]
    return [project["id"], matter["id"], matter["agency"], state, *middle, critical]


def _sheet(
    book: Any,
    styles: Mapping[str, Any],
    name: str,
    keys: Sequence[str],
    rows: Sequence[Sequence[object]],
    language: str,
) -> None:
    sheet = book.add_worksheet(words(f"plan.head.{name}", language))
    for column, key in enumerate(keys):
        sheet.write(0, column, words(f"plan.head.{key}", language), styles["head"])
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            _write(sheet, number, column, value)
    sheet.set_column(0, len(keys), 13)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(1, len(rows)), len(keys) - 1)


def _write(sheet: Any, row: int, column: int, value: object) -> None:
    if isinstance(value, date):
        sheet.write_datetime(row, column, value)
    elif isinstance(value, str):
        sheet.write_string(row, column, value)
    elif value is not None:
        sheet.write_number(row, column, value)


def _chart(book: Any, styles: Mapping[str, Any], told: Mapping[str, Any], language: str) -> None:
    """Draw the chart in cells: one row a matter, one column a week from its Monday."""
    sheet = book.add_worksheet(words("plan.head.gantt", language))
    bars = [(project, matter) for project in told["projects"] for matter in project["matters"]]
    days = [day for _, matter in bars for day in (matter["start"], matter["finish"]) if day is not None]
    for column, key in enumerate(("project", "matter")):
        sheet.write(0, column, words(f"plan.head.{key}", language), styles["head"])
    if not days:
        return
    monday = min(days) - timedelta(days=min(days).weekday())
    weeks = min((max(days) - monday).days // 7 + 1, MOST_WEEKS)
    for week in range(weeks):
        sheet.write(0, week + 2, f"{monday + timedelta(days=7 * week):%m-%d}", styles["head"])
    for row, (project, matter) in enumerate(bars, 1):
        sheet.write_string(row, 0, project["id"])
        sheet.write_string(row, 1, matter["id"])
        first = ((matter["start"] or matter["finish"]) - monday).days // 7
        style = styles["critical" if matter["id"] in project["critical"] else "bar"]
        for week in range(first, min((matter["finish"] - monday).days // 7 + 1, weeks)):
            sheet.write_blank(row, week + 2, None, style)
    sheet.set_column(0, 1, 13)
    sheet.set_column(2, weeks + 2, 5)
    sheet.freeze_panes(1, 2)
