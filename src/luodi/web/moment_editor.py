"""What the page for a new form of the moment holds between its steps: everything stands in the page itself. No HTTP answers."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict

from luodi.codebook.values import Part, Profile
from luodi.exchange import moment_header
from luodi.identity.tree import Tree, Unit
from luodi.projects.queries import cards
from luodi.statistics.rules import moment as rules
from luodi.statistics.values.moment import Moment, MomentColumn, MomentDraft

SPARE = 2  # empty lines below the columns, for one more
ROLES = ("host", "introducer", "lead_department")
FIELDS = ("title", "basis", "number", "note")


@dataclass(frozen=True)
class Wanted:
    """A form as it is being written. `role`, `stage`, `list`, `kind` choose the projects whose rows are asked."""

    unit: str = ""
    subject: str = "unit"
    title: str = ""
    basis: str = ""
    number: str = ""
    note: str = ""
    due_on: str = ""
    closes_on: str = ""
    columns: tuple[MomentColumn, ...] = ()
    owers: tuple[str, ...] = ()
    role: str = "host"
    stage: str = ""
    list: str = ""
    kind: str = ""
    bad: tuple[str, ...] = field(default=())  # days that are none


def wanted(post: QueryDict, *, today: date) -> Wanted:
    """Read the page's fields."""
    return Wanted(
        unit=post.get("unit", ""),
        subject="project" if post.get("subject") == "project" else "unit",
        **{name: post.get(name, "").strip() for name in FIELDS},
        due_on=post.get("due_on", ""),
        closes_on=post.get("closes_on", "") or post.get("due_on", ""),
        columns=tuple(columns(post)),
        owers=tuple(dict.fromkeys(post.getlist("ower"))),
        role=post.get("role", "host") if post.get("role") in ROLES else "host",
        stage=post.get("stage", ""),
        list=post.get("list", ""),
        kind=post.get("kind", ""),
        bad=tuple(name for name in ("due_on", "closes_on") if post.get(name) and day(post.get(name, "")) is None),
    )


def columns(post: QueryDict) -> list[MomentColumn]:
    """Read the columns that were not crossed out, in the order their numbers say."""
    found: list[tuple[int, MomentColumn]] = []
    for at in range(rules.MOST_COLUMNS + SPARE):
        label = post.get(f"label{at}", "").strip()
        if not label or post.get(f"drop{at}"):
            continue
        order = post.get(f"order{at}", "")
        choices = tuple(dict.fromkeys(word for word in split_choices(post.get(f"choices{at}", "")) if word))
        column = MomentColumn(
            "", label, post.get(f"type{at}", "text"), post.get(f"in{at}", "").strip(), bool(post.get(f"required{at}")),
            choices, post.get(f"known{at}", ""),
        )  # fmt: skip
        found.append((int(order) if order.isdigit() else at + 1, column))
    return [column for _order, column in sorted(found, key=lambda pair: pair[0])]


def split_choices(text: str) -> list[str]:
    """Read choices typed with commas, 、 or new lines between."""
    for sign in ("，", "、", "；", ";", "\n"):
        text = text.replace(sign, ",")
    return [word.strip() for word in text.split(",")]


def day(text: str) -> date | None:
    """Read a day of the page; None if it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def begin(*, today: date, unit: str) -> Wanted:
    """Begin a form: due tomorrow, open a week longer."""
    due = today + timedelta(days=1)
    return Wanted(unit=unit, due_on=due.isoformat(), closes_on=(due + timedelta(days=7)).isoformat())


def again(moment: Moment, *, today: date) -> Wanted:
    """Begin a form like one that was sent: same columns, same units, new days."""
    begun = begin(today=today, unit=moment.unit)
    return replace(
        begun, subject=moment.subject, title=moment.title, basis=moment.basis, number=moment.number, note=moment.note,
        columns=moment.columns, owers=tuple(moment.owed),
    )  # fmt: skip


def with_head(request: HttpRequest, now: Wanted, profile: Profile) -> Wanted:
    """Take the columns out of an uploaded head or of typed lines; the title too, where none was given."""
    file = request.FILES.get("head")
    if isinstance(file, UploadedFile) and file.size:
        name = Path(str(file.name or "")).name
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"head{Path(name).suffix.lower()}"
            path.write_bytes(file.read())
            found = moment_header.read(path, name=name, profile=profile)
    else:
        found = moment_header.typed(request.POST.get("lines", ""), profile=profile)
    return replace(
        now, title=now.title or found.title[: rules.LONGEST_TITLE], subject=found.subject, columns=found.columns
    )


def draft_of(now: Wanted, owed: Mapping[str, tuple[str, ...]], *, today: date) -> MomentDraft:
    """Make what would be sent; a day that is none counts as long over, and is said to be."""
    never = date.min
    return MomentDraft(
        title=now.title, unit=now.unit, subject=now.subject, due_on=day(now.due_on) or never,
        closes_on=day(now.closes_on) or day(now.due_on) or never,
        columns=tuple(now.columns), owed=owed, basis=now.basis, number=now.number, note=now.note,
    )  # fmt: skip


def owed_rows(now: Wanted, *, profile: Profile, today: date) -> dict[str, tuple[str, ...]]:
    """Give each chosen unit's rows today: itself, or its projects that the form asks about; a unit without any is not asked."""
    if now.subject == "unit":
        return {unit: (unit,) for unit in now.owers}
    rows: dict[str, list[str]] = {unit: [] for unit in now.owers}
    gone = set(profile.labels((Part.ENDED, Part.REPLACED)))
    for code, card in sorted(cards.cards(on=today, profile=profile).items()):
        unit = str(getattr(card.version, now.role))
        fits = (
            (not now.stage or now.stage in card.reached)
            and (not now.list or now.list in card.lists)
            and (not now.kind or card.version.kind == now.kind)
            and card.state not in gone
        )
        if fits and unit in rows:
            rows[unit].append(code)
    return {unit: tuple(codes) for unit, codes in rows.items() if codes}


def preview_of(draft: MomentDraft, today: date) -> Moment:
    """Make the form as it would be, to be looked at before it is sent."""
    return Moment(
        0, draft.title, draft.unit, draft.subject, today, draft.due_on, draft.closes_on, rules.named(draft.columns), draft.owed,
        draft.basis, draft.number, draft.note,
    )  # fmt: skip


def column_lines(found: Sequence[MomentColumn]) -> list[dict[str, Any]]:
    """Give the editor's lines: the columns, and a few empty ones."""
    lines = [*found, *(MomentColumn("", "") for _ in range(SPARE))][: rules.MOST_COLUMNS]
    return [
        {"at": at, "order": at + 1, "column": one, "choices": "、".join(one.choices)} for at, one in enumerate(lines)
    ]


def unit_groups(
    tree: Tree, profile: Profile, *, root: str, within: frozenset[str] | None, seats: Sequence[str]
) -> list[dict[str, Any]]:
    """Give the units that may be asked, by kind: those directly below the sender's reach first, deeper ones folded."""
    kinds: dict[str, list[Unit]] = {}
    for code, unit in sorted(tree.units.items()):
        if unit.open and code != root and (within is None or code in within):
            kinds.setdefault(unit.kind, []).append(unit)
    level = {kind.id: kind.level for kind in profile.unit_kinds}
    return [
        {"kind": kind, "units": kinds[kind.id], "folded": within is None and level[kind.id] > 1}
        for kind in profile.unit_kinds
        if kind.id in kinds
    ]
