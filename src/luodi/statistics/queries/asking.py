"""One unit's table of a form of the profile, as it is asked: a fixed number of queries whatever the number of rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from luodi.codebook.values import Form, Profile
from luodi.kernel.money import in_unit
from luodi.kernel.period import Period
from luodi.kernel.problem import words
from luodi.projects.queries import cards
from luodi.projects.values.views import Card
from luodi.statistics.models import Draft
from luodi.statistics.queries.figures import figures_in_force
from luodi.statistics.queries.filings import filing_text
from luodi.statistics.queries.moving import figures_moved
from luodi.statistics.queries.remembering import NO_LINES, Memory
from luodi.statistics.rules.asking import plain
from luodi.statistics.rules.force import FILED
from luodi.statistics.rules.splitting import RowFacts
from luodi.statistics.values.asking import NOTE, AskedColumn, AskedRow, Asking, KnownColumn
from luodi.statistics.values.reporting import Cell, Owed

KNOWN = (
    KnownColumn("total_investment", "总投资", "Total investment", "万元", "money"),
    KnownColumn("state", "阶段", "Stage"),
)
TYPE_OF = {"money": "money", "persons": "whole", "count": "whole"}


def asking_of(
    *,
    profile: Profile,
    form: Form,
    owed: Owed,
    period: Period,
    kept: Draft,
    only: frozenset[Cell] | None = None,
    unit_name: str = "",
) -> Asking:
    """Build the table: its rows with what the ledger knows, the draft's cells, last period and the same period a year ago."""
    columns = tuple(columns_of(form, profile))
    lines = cards.cards(on=period.last, profile=profile)
    ((before, ago, filed),) = BESIDE.get(
        [owed], lines=NO_LINES, profile=profile, make=lambda returns: [pasts(profile, one, period) for one in returns]
    )
    rows = tuple(
        AskedRow(
            subject=code,
            label=label_of(lines.get(code), unit_name or code if form.subject == "unit" else code),
            known=known_of(lines.get(code)) if form.subject == "project" else {},
            values=values_of(kept, code, columns),
            before=before.get(code, {}),
            ago=ago.get(code, {}),
            filed=filed.get(code, {}),
        )
        for code in owed.subjects
    )
    known = KNOWN if form.subject == "project" else ()
    return Asking(
        form.id, period.label, owed.unit, form.zh, form.en, columns, rows, known, kept.edition, only, form.subject
    )


def columns_of(form: Form, profile: Profile) -> list[AskedColumn]:
    """Give a form's columns: its measures, then the notes it asks."""
    found = []
    for item in form.measures:
        measure = profile.measure(item.measure)
        if measure is not None:
            kind = TYPE_OF[measure.unit]
            found.append(
                AskedColumn(
                    measure.id,
                    measure.zh,
                    measure.en,
                    kind,
                    measure.filed_in,
                    measure.places,
                    item.required,
                    kind=item.column,
                )
            )
    for field in form.notes:
        found.append(AskedColumn(f"{NOTE}{field}", words(f"note.{field}", "zh"), words(f"note.{field}", "en")))
    return found


def label_of(card: Card | None, otherwise: str) -> str:
    """Name a row."""
    return (card.version.name or card.code) if card is not None else otherwise


def known_of(card: Card | None) -> dict[str, str]:
    """Give what the ledger knows of a project's row."""
    if card is None:
        return {}
    total = card.version.total_investment
    return {"total_investment": "" if total is None else plain(in_unit(total, "万元", 2)), "state": card.state}


def values_of(kept: Draft, code: str, columns: tuple[AskedColumn, ...]) -> dict[str, str]:
    """Give what stands in the draft for a row; an amount in another currency by its text."""
    notes = kept.notes.get(code, {})
    found = {}
    for column in columns:
        if column.id.startswith(NOTE):
            text = notes.get(column.id.removeprefix(NOTE), "")
        else:
            text = text_of(kept.cells.get(f"{code}|{column.id}", ""))
        if text:
            found[column.id] = text
    return found


def text_of(value: object) -> str:
    """Give a draft's cell as text."""
    return str(value.get("text", "")) if isinstance(value, Mapping) else str(value)


Texts = dict[str, dict[str, str]]
BESIDE: Memory[tuple[Texts, Texts, Texts]] = Memory(most=20_000, moved=figures_moved)  # some 300 bytes a cell


def pasts(profile: Profile, owed: Owed, period: Period) -> tuple[Texts, Texts, Texts]:
    """Give last period's, the same period's a year ago and this period's as filed, by row and column, in the filing unit."""
    year = profile.calendar.accounting_year
    before, ago = year.before(period), year.year_before(period)
    since = min(ago.first, before.first)
    rows = figures_in_force(subjects=owed.subjects, measures=owed.measures, since=since, until=period.last, basis=FILED)
    found: dict[str, Texts] = {before.label: {}, ago.label: {}, period.label: {}}
    for (subject, measure, label), row in rows.items():
        of = profile.measure(measure)
        if of is not None and row.value is not None and label in found:
            found[label].setdefault(subject, {})[measure] = filing_text(row.value, of)
    return found[before.label], found[ago.label], found[period.label]


def row_facts(asking: Asking, *, on: date, profile: Profile) -> dict[str, RowFacts]:
    """Give what decides to which part each row belongs: the project's units, who holds a duty for it, its name and site."""
    lines = cards.cards(on=on, profile=profile)
    found = {}
    for row in asking.rows:
        card = lines.get(row.subject)
        if card is None:
            continue
        version = card.version
        units = {"host": version.host, "introducer": version.introducer, "lead_department": version.lead_department}
        named = "".join(filter(None, (version.name, version.attributes.get("site", ""), version.content)))
        found[row.subject] = RowFacts(units, tuple(sorted(card.holders)), named)
    return found
