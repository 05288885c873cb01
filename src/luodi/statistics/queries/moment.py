"""Forms of the moment: what was sent, who has filed, the table of a unit, the collected table. A fixed number of queries each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal

from luodi.codebook.values import Profile
from luodi.identity import queries as identity
from luodi.kernel import instant
from luodi.kernel.money import WIDE, YUAN_IN
from luodi.ledger.models import Void
from luodi.ledger.values import WHOLE_FACT, fact_of, row_id
from luodi.projects.queries import cards
from luodi.projects.values.views import Card
from luodi.statistics.models import Draft
from luodi.statistics.models_moment import MomentCell, MomentColumn, MomentEvent, MomentForm, MomentOwed, MomentReturn
from luodi.statistics.queries.figures import figures_in_force
from luodi.statistics.rules import moment as rules
from luodi.statistics.rules.asking import plain
from luodi.statistics.rules.force import FILED
from luodi.statistics.values import moment as values
from luodi.statistics.values.asking import AskedColumn, AskedRow, Asking
from luodi.statistics.values.moment import Moment, MomentReturned, MomentState


def moments(
    *,
    ids: Collection[int] | None = None,
    sent_by: Collection[str] | None = None,
    owed_by: Collection[str] | None = None,
    open_on: date | None = None,
    regular: bool = False,
    most: int | None = None,
) -> list[Moment]:
    """
    List forms of the moment, newest first: these, those sent by units, those owed by units (neither: all).

    :param open_on: only those whose last day is not over on a day
    :param regular: only those handed over to become regular
    :param most: at most so many, the newest
    """
    rows = MomentForm.objects.exclude(id__in=Void.objects.filter(table=MomentForm._meta.label).values("target"))
    if ids is not None:
        rows = rows.filter(id__in=ids)
    if sent_by is not None:
        rows = rows.filter(unit__in=sent_by)
    if owed_by is not None:
        rows = rows.filter(id__in=MomentOwed.objects.filter(unit__in=owed_by).values("target"))
    if open_on is not None:
        rows = rows.filter(closes_on__gte=open_on)
    if regular:
        rows = rows.filter(id__in=MomentEvent.objects.filter(kind="regular").values("target"))
    heads = list(rows.order_by("-id")[:most])
    wanted = [row.id for row in heads]
    columns, owed, done = columns_of(wanted), owed_of(wanted), ends_of(wanted)
    return [
        Moment(
            row.id, row.title or "", row.unit, row.subject, row.sent_on, row.due_on, row.closes_on,
            tuple(columns[row.id]), owed[row.id], row.basis or "", row.number or "", row.note or "",
            "ended" in done[row.id], "regular" in done[row.id],
        )
        for row in heads
    ]  # fmt: skip


def moment(id: int) -> Moment | None:
    """Find one form of the moment."""
    return next(iter(moments(ids=[id])), None)


def titles(ids: Collection[int]) -> dict[int, str]:
    """Give the titles of forms; one removed by law reads as blank."""
    return {id: title or "" for id, title in MomentForm.objects.filter(id__in=ids).values_list("id", "title")}


def over_between(first: date, last: date) -> list[tuple[int, str]]:
    """List (form, unit) of forms whose last day lies between two days."""
    ids = list(MomentForm.objects.filter(closes_on__range=(first, last)).values_list("id", flat=True))
    return list(MomentOwed.objects.filter(target__in=ids).order_by("id").values_list("target", "unit"))


def columns_of(ids: Collection[int]) -> Mapping[int, list[values.MomentColumn]]:
    """Give the columns of forms, in the order they were sent."""
    found: defaultdict[int, list[values.MomentColumn]] = defaultdict(list)
    for row in MomentColumn.objects.filter(target__in=ids).order_by("id"):
        found[row.target].append(
            values.MomentColumn(
                row.name, row.label or "", row.type, row.filed_in, row.required, tuple(row.choices), row.known
            )
        )
    return found


def owed_of(ids: Collection[int]) -> Mapping[int, dict[str, tuple[str, ...]]]:
    """Give who owes forms, with their rows."""
    found: defaultdict[int, dict[str, tuple[str, ...]]] = defaultdict(dict)
    for row in MomentOwed.objects.filter(target__in=ids).order_by("id"):
        found[row.target][row.unit] = tuple(row.subjects)
    return found


def ends_of(ids: Collection[int]) -> Mapping[int, frozenset[str]]:
    """Tell which forms were ended or handed over to become regular."""
    found: defaultdict[int, frozenset[str]] = defaultdict(frozenset)
    for target, kind in MomentEvent.objects.filter(target__in=ids, kind__in=("ended", "regular")).values_list(
        "target", "kind"
    ):
        found[target] |= {kind}
    return found


def states(found: Iterable[Moment], *, today: date, unit: str | None = None) -> list[MomentState]:
    """Tell where every unit (or one) stands with forms, in the order the units were asked."""
    listed = list(found)
    ids = [one.id for one in listed]
    returned = last_returns(ids)
    events = list(MomentEvent.objects.filter(target__in=ids, kind__in=("reminded", "sent_back")).order_by("id"))
    forms = [one.form for one in listed]
    drafts = {(one.form, one.unit) for one in Draft.objects.filter(form__in=forms).only("form", "unit")}
    back: dict[tuple[int, str], tuple[int, str]] = {}
    reminders: defaultdict[tuple[int, str], list[date]] = defaultdict(list)
    for event in events:
        key = (event.target, event.unit)
        if event.kind == "sent_back":
            back[key] = (event.known_at, event.words or "")
        else:
            reminders[key].append(instant.day_of(event.known_at))
    answer = []
    for one in listed:
        for code in one.owed:
            if unit in (None, code):
                last = returned.get((one.id, code))
                answer.append(
                    rules.state_of(
                        one, code, returned=last, sent_back=back.get((one.id, code)),
                        has_draft=(one.form, code) in drafts, reminders=reminders[(one.id, code)],
                        filed_on=None if last is None else instant.day_of(last.known_at), today=today,
                    )
                )  # fmt: skip
    return answer


def last_returns(ids: Collection[int]) -> dict[tuple[int, str], MomentReturned]:
    """Give each unit's return that counts, by form and unit: the last."""
    return {
        (row.target, row.unit): MomentReturned(row.id, row.unit, row.known_at, row.filler, row.telephone)
        for row in MomentReturn.objects.filter(target__in=ids).order_by("id")
    }


def filed_cells(returned: Collection[MomentReturned]) -> dict[str, dict[str, str]]:
    """Give the cells of returns, by row and column; what was removed by law reads as blank."""
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    facts = [fact_of(one.id) for one in returned]
    if not facts:
        return found
    span = {"id__gte": row_id(min(facts), 0), "id__lte": row_id(max(facts), WHOLE_FACT)}
    wanted = frozenset(facts)
    for id, subject, name, value in (
        MomentCell.objects.filter(**span).order_by("id").values_list("id", "subject", "name", "value")
    ):
        if fact_of(id) in wanted and value:
            found[subject][name] = value
    return found


# --- the table of one unit ------------------------------------------------------------------------------------------


def asking_of(found: Moment, unit: str, *, profile: Profile, today: date) -> Asking:
    """Build a unit's table of a form of the moment: what the ledger knows is filled and locked, the rest as typed so far."""
    subjects = found.owed.get(unit, ())
    lines = cards.cards(on=today, profile=profile) if found.subject == "project" else {}
    tree = identity.tree(on=today)
    kept = Draft.objects.filter(form=found.form, unit=unit).first()
    cells = kept.cells if kept is not None else typed_cells(found, unit)
    known = known_values(found, subjects, lines, profile=profile, today=today)
    columns = tuple(asked_column(column) for column in found.columns)
    rows = tuple(
        AskedRow(
            subject,
            tree.name(subject) if found.subject == "unit" else label_of(lines.get(subject), subject),
            known=known.get(subject, {}),
            values={**own(cells, subject, columns), **known.get(subject, {})},
        )
        for subject in subjects
    )
    only = frozenset((row.subject, column.id) for row in rows for column in columns if not row.known.get(column.id))
    edition = kept.edition if kept is not None else 0
    return Asking(
        found.form, found.period, unit, found.title, found.title, columns, rows, (), edition, only, found.subject
    )


def typed_cells(found: Moment, unit: str) -> dict[str, str]:
    """Give what a unit filed last as typed, to be mended or filed again; nothing when it has filed nothing."""
    last = last_returns([found.id]).get((found.id, unit))
    if last is None:
        return {}
    return {f"{subject}|{name}": text for subject, row in filed_cells([last]).items() for name, text in row.items()}


def own(cells: Mapping[str, object], subject: str, columns: Iterable[AskedColumn]) -> dict[str, str]:
    """Give a row's cells out of a draft."""
    return {column.id: str(text) for column in columns if (text := cells.get(f"{subject}|{column.id}"))}


def label_of(card: Card | None, code: str) -> str:
    """Name a project's row."""
    return (card.version.name or code) if card is not None else code


def asked_column(column: values.MomentColumn) -> AskedColumn:
    """Take a column as one that is asked."""
    return AskedColumn(
        column.name,
        column.label,
        column.label,
        column.type,
        column.unit,
        rules.places_of(column),
        column.required,
        column.choices,
    )


def known_values(
    found: Moment, subjects: Collection[str], lines: Mapping[str, Card], *, profile: Profile, today: date
) -> dict[str, dict[str, str]]:
    """Give what the ledger knows of each row, by column; blank where it knows nothing (then the cell is asked)."""
    matched = [column for column in found.columns if column.known]
    if not matched or found.subject != "project":
        return {}
    figures = known_figures(matched, subjects, profile=profile, today=today)
    tree = identity.tree(on=today)
    answer: dict[str, dict[str, str]] = {}
    for subject in subjects:
        card = lines.get(subject)
        if card is None:
            continue
        texts = {}
        for column in matched:
            if column.known.startswith("measure:"):
                value = figures.get((subject, column.known.removeprefix("measure:")))
                text = "" if value is None else in_unit(value, column)
            else:
                text = known_text(card, column, tree.name)
            if text:
                texts[column.name] = text
        answer[subject] = texts
    return answer


UNITS = frozenset({"host", "introducer", "lead_department"})


def known_text(card: Card, column: values.MomentColumn, unit_name: object) -> str:
    """Write one known attribute of a project as a cell."""
    source = column.known.removeprefix("attribute:")
    if source == "state":
        return card.state
    value = card.version.get(source)
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return in_unit(value, column)
    if isinstance(value, bool):
        return "是" if value else "否"
    if source in UNITS and callable(unit_name):
        return str(unit_name(str(value)))
    return str(value)


def in_unit(value: Decimal, column: values.MomentColumn) -> str:
    """Write an amount in the column's unit; a plain number as it is."""
    if column.type != "money":
        return plain(value)
    return plain(WIDE.divide(value, YUAN_IN.get(column.unit, Decimal(1))))


def known_figures(
    columns: Iterable[values.MomentColumn], subjects: Collection[str], *, profile: Profile, today: date
) -> dict[tuple[str, str], Decimal]:
    """Give each project's figure of the accounting year so far: of a cumulative measure the last, of others the sum."""
    measures = {column.known.removeprefix("measure:") for column in columns if column.known.startswith("measure:")}
    if not measures:
        return {}
    year = profile.calendar.accounting_year.of(today)
    rows = figures_in_force(subjects=subjects, measures=measures, since=year.first, until=today, basis=FILED)
    found: dict[tuple[str, str], Decimal] = {}
    for (subject, measure, _label), row in sorted(rows.items(), key=lambda pair: pair[0][2]):
        if row.value is not None:
            before = found.get((subject, measure), Decimal(0)) if row.column != "cumulative" else Decimal(0)
            found[(subject, measure)] = before + row.value
    return found


# --- collected ------------------------------------------------------------------------------------------------------


def collected(found: Moment, *, profile: Profile, today: date) -> list[values.Collected]:
    """Give the collected table: the rows of every unit in the order asked, with what was filed and not sent back."""
    counted = [
        state.returned
        for state in states([found], today=today)
        if state.returned is not None and state.standing is values.MomentStanding.SUBMITTED
    ]
    by_row: dict[tuple[str, str], dict[str, str]] = {}
    units = {one.unit for one in counted}
    cells = filed_cells(counted)
    for unit, subjects in found.owed.items():
        for subject in subjects:
            by_row[(unit, subject)] = cells.get(subject, {}) if unit in units else {}
    lines = cards.cards(on=today, profile=profile) if found.subject == "project" else {}
    tree = identity.tree(on=today)
    return [
        values.Collected(
            unit, subject, tree.name(subject) if found.subject == "unit" else label_of(lines.get(subject), subject), row
        )
        for (unit, subject), row in by_row.items()
    ]
