"""
A form of the moment becomes regular: what an administrator adds to the city's profile, written out. Pure.

Only numbers become measures: a form of the profile files figures. Words go into the form's notes, and what the ledger knows is asked no more.
"""

from __future__ import annotations

from collections.abc import Sequence

from luodi.statistics.values.asking import NUMBERS
from luodi.statistics.values.moment import Moment, MomentColumn

UNITS = {"money": "money", "whole": "count", "number": "count"}
FILED_IN = {"whole": "个", "number": "个"}


def snippet(
    moment: Moment,
    *,
    names: Sequence[str],
    unit_kinds: Sequence[str],
    owner: str,
    known: Sequence[str] = (),
    days: int = 5,
) -> str:
    """
    Write the measures and the form as YAML for the profile.

    :param names: an id for each column of numbers, in order
    :param unit_kinds: the kinds of the units that owed it
    :param owner: the id of the office that accepts it
    :param known: measures the profile has already: they are asked, not declared again
    """
    numbers = [column for column in moment.columns if column.type in NUMBERS and not column.known]
    measures = [(name, column) for name, column in zip(names, numbers, strict=True)]
    lines = ["measures:"]
    for name, column in measures:
        if name not in known:
            lines.append(f"  - {{{', '.join(measure_parts(name, column, moment))}}}")
    lines += [
        "",
        "forms:",
        f"  - id: {form_id(moment)}",
        f"    zh: {quoted(moment.title)}",
        f"    en: {quoted(moment.title)}",
        "    every: month",
        f"    subject: {moment.subject}",
        "    measures:",
    ]
    lines += [
        f"      - {{measure: {name}, column: period{'' if column.required else ', required: false'}}}"
        for name, column in measures
    ]
    if any(column.type not in NUMBERS and not column.known for column in moment.columns):
        lines.append(
            "    notes: [progress]"
            if moment.subject == "project"
            else "    # words were asked too: a unit form has no notes"
        )
    kinds = ", ".join(unit_kinds)
    reached = ", reached: [signed], until: [ended, replaced]" if moment.subject == "project" else ""
    lines += [
        f"    owes: {{unit_kinds: [{kinds}]{reached}}}",
        f"    window: {{opens: 1, due: {days}}}",
        f"    owner: {owner}",
    ]
    return "\n".join(lines) + "\n"


def measure_parts(name: str, column: MomentColumn, moment: Moment) -> list[str]:
    """Write the parts of one measure."""
    filed_in = column.unit if column.type == "money" else "人" if column.unit == "人" else FILED_IN[column.type]
    unit = "persons" if filed_in == "人" else UNITS[column.type]
    parts = [
        f"id: {name}",
        f"zh: {quoted(column.label)}",
        f"en: {quoted(column.label)}",
        f"unit: {unit}",
        f"filed_in: {filed_in}",
    ]
    if column.type == "whole":
        parts.append("places: 0")
    if moment.subject == "unit":
        parts.append("filed_on: unit")
    return parts


def form_id(moment: Moment) -> str:
    """Give the form an id of its own."""
    return f"M{moment.id >> 16}"


def quoted(text: str) -> str:
    """Write words safely in YAML."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'
