"""Submitting a form: one act, one fact (上报)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from luodi.codebook.values import Form, Permission, Profile
from luodi.identity import permissions
from luodi.kernel import typed as reading
from luodi.kernel.period import Period
from luodi.kernel.problem import Problem, Refused
from luodi.ledger import actions as ledger
from luodi.ledger import queries as seals
from luodi.ledger.values import Act, Actor, Row, row_id
from luodi.statistics import facts_workflow as facts
from luodi.statistics.actions.drafts import draft, form_of
from luodi.statistics.models import Draft
from luodi.statistics.models_parts import DraftPart
from luodi.statistics.queries import checking, evidence, filings, owing, parts
from luodi.statistics.queries.asking import asking_of
from luodi.statistics.rules import attaching
from luodi.statistics.rules import filing as rules
from luodi.statistics.rules.owing import window
from luodi.statistics.values.reporting import Cell, FiledCell, Filing, Finding, Owed, Signatories, Standing, TypedCell


class CannotSubmit(Refused):
    """The form is not ready. `problems` says what is missing and where."""

    code = "filing.refused"


class NotOwed(Refused):
    """The unit does not owe this form for this period. Parameters: `form`, `period`, `unit`."""

    code = "filing.not_owed"


@dataclass(frozen=True)
class Preview:
    """Exactly what submitting would send, and why it can't be sent yet."""

    form: Form
    owed: Owed
    cells: tuple[FiledCell, ...]
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    signatories: Signatories
    notes: Mapping[str, Mapping[str, str]]
    scan: str
    open_cells: frozenset[Cell] | None
    draft: Draft

    @property
    def ready(self) -> bool:
        """Tell whether nothing blocks."""
        return not any(problem.blocking for problem in self.problems)


def owed_form(*, profile: Profile, form: str, period: Period, unit: str) -> Owed:
    """Give what a unit owes on a form, or refuse."""
    found = next(
        iter(owing.owed_forms(period=period, profile=profile, forms=[form_of(profile, form)], unit=unit)), None
    )
    if found is None:
        raise NotOwed(form=form, period=period.label, unit=unit)
    return found


def typed_cell(value: object) -> TypedCell:
    """Read a draft's cell: plain text, or a mapping with currency, rate and the rate's day."""
    if not isinstance(value, Mapping):
        return TypedCell("" if value is None else str(value))
    rate = None
    if value.get("rate"):
        try:
            rate = reading.read_number(str(value["rate"]))
        except reading.NotANumber:
            rate = None
    day = None
    if value.get("rate_on"):
        try:
            day = date.fromisoformat(str(value["rate_on"]))
        except ValueError:
            day = None
    return TypedCell(str(value.get("text", "")), str(value.get("currency", "")), rate, day)


def signatories_of(kept: Mapping[str, str]) -> Signatories:
    """Read a draft's names; a day that isn't one counts as not given."""
    try:
        day = date.fromisoformat(kept.get("filled_on", ""))
    except ValueError:
        day = None
    names = {name: kept.get(name, "").strip() for name in ("head", "statistician", "filler", "telephone")}
    return Signatories(**names, filled_on=day)


def preview(*, profile: Profile, form: str, period: Period, unit: str, today: date) -> Preview:
    """Show exactly what submitting would send today, with findings and what still blocks."""
    chosen = form_of(profile, form)
    owed = owed_form(profile=profile, form=form, period=period, unit=unit)
    kept = draft(form=form, period=period.label, unit=unit)
    filed = filings.return_of(form=form, period=period.label, unit=unit)
    open_cells = reopened_cells(filed)
    given = {rules.split_key(key): typed_cell(value) for key, value in kept.cells.items()}
    if open_cells is not None:
        given = {cell: value for cell, value in given.items() if cell in open_cells}
    cells, wrong = rules.read_cells(given, owed, profile, open_cells=open_cells)
    attached = {rules.split_key(key): [(kind, one) for kind, one, _ in files] for key, files in kept.evidence.items()}
    cells = attaching.proven(cells, attached)
    findings = checking.findings(profile=profile, form=chosen, period=period, owed=owed, cells=cells, notes=kept.notes)
    if open_cells is not None:
        findings = [one for one in findings if (one.subject, one.measure) in open_cells]
    signatories = signatories_of(kept.signatories)
    dossier = rules.FilingDossier(
        form=chosen, owed=owed, window=window(chosen, period), cells=cells, signatories=signatories, scan=kept.scan,
        state=kept.state, standing=filed.standing if filed is not None else Standing.DRAFT,
        period_sealed=seals.live_seal(period.label) is not None and open_cells is None,
        findings=findings, open_cells=open_cells, notes=kept.notes,
    )  # fmt: skip
    problems = [*wrong, *rules.submit_problems(dossier, today=today)]
    problems += attaching.evidence_problems(attached, cells, evidence.kept_files(attached))
    waiting = parts.waiting_conflicts(
        form=form, period=period.label, unit=unit,
        asking=lambda: asking_of(profile=profile, form=chosen, owed=owed, period=period, kept=kept, only=open_cells),
    )  # fmt: skip
    if waiting:
        problems.append(Problem("filing.conflicts_open", where=rules.where(dossier), params={"count": waiting}))
    return Preview(
        chosen,
        owed,
        tuple(cells),
        tuple(findings),
        tuple(problems),
        signatories,
        kept.notes,
        kept.scan,
        open_cells,
        kept,
    )


def open_cells_of(*, form: str, period: str, unit: str) -> frozenset[Cell] | None:
    """Give the cells that alone may be filed now, because an accepted return was reopened; None: all of them."""
    return reopened_cells(filings.return_of(form=form, period=period, unit=unit))


def reopened_cells(filed: Filing | None) -> frozenset[Cell] | None:
    """Give the cells of a return that were reopened, or None if it is not such a one."""
    return frozenset(filed.reopened) if filed is not None and filed.standing is Standing.REOPENED else None


def submit(*, profile: Profile, form: str, period: Period, unit: str, actor: Actor, today: date) -> Filing:
    """
    Submit a unit's form: one act with all its cells, notes and names.

    :raises NotAllowed: if the person may not submit for the unit
    :raises CannotSubmit: with every problem, if one blocks; the draft stays as it is
    """
    permissions.require(actor.person, Permission.SUBMIT_FORM, unit=unit, on=today)
    shown = preview(profile=profile, form=form, period=period, unit=unit, today=today)
    if not shown.ready:
        raise CannotSubmit(*shown.problems)
    came = DraftPart.objects.filter(form=form, period=period.label, unit=unit)
    files = [f"{digest} {by} {at}" for digest, by, at in came.order_by("id").values_list("digest", "by", "at")]
    asking = asking_of(
        profile=profile, form=shown.form, owed=shown.owed, period=period, kept=shown.draft, only=shown.open_cells
    )
    act = submission_act(
        shown, period=period, steps=chain_of(shown.form, profile, unit), counts=(asking.asked, asking.filled_by_system),
        files=files,
    )  # fmt: skip

    def nobody_was_quicker() -> None:
        now = filings.return_of(form=form, period=period.label, unit=unit)
        if now is not None and shown.open_cells is None and now.standing is not Standing.SENT_BACK:
            raise CannotSubmit(Problem("filing.already_submitted", where=f"form={form} period={period} unit={unit}"))

    (fact,) = ledger.record([act], actor=actor, recheck=nobody_was_quicker)
    Draft.objects.filter(form=form, period=period.label, unit=unit).delete()
    came.delete()
    found = filings.filing(row_id(fact, 0))
    assert found is not None  # noqa: S101  just written
    return found


def chain_of(form: Form, profile: Profile, unit: str) -> list[str]:
    """
    Resolve who accepts a form, in order, as unit codes.

    :raises CannotSubmit: if the profile names an office that no unit is
    """
    found = []
    for party in form.steps:
        code = profile.office_unit(party.office) if party.office else unit
        if not code:
            raise CannotSubmit(
                Problem("filing.unknown_chain", params={"form": form.id, "party": party.office or party.of or ""})
            )
        found.append(code)
    return found


def submission_act(
    shown: Preview, *, period: Period, steps: list[str], counts: tuple[int, int], files: Sequence[str] = ()
) -> Act:
    """
    Build the act of a submission from its preview.

    `counts`: cells asked, and cells that the system filled (K3); `files`: digest, person and instant of each workbook merged into it.
    """
    owed, names = shown.owed, shown.signatories
    head = (
        owed.form, owed.period, owed.unit, shown.open_cells is None, steps, *counts,
        names.head, names.statistician, names.filler, names.telephone, names.filled_on, shown.scan,
    )  # fmt: skip
    figures = [figure_row(cell, shown.form, period, owed.unit, shown.form.subject) for cell in shown.cells]
    notes = [
        (code, period.label, *(parts.get(field) or None for field in ("progress", "problems", "next", "coordinate")))
        for code, parts in shown.notes.items()
        if code in owed.subjects and any(parts.values())
    ]
    return Act(
        facts.FORM_SUBMITTED,
        subject=f"form:{owed.form}:{owed.period}:{owed.unit}",
        rows={"statistics.Submission": [head], "statistics.Figure": figures, "projects.Note": notes},
        details={"hands": [f"{step} {person}" for step, person, _ in shown.draft.hands], "files": [*files]},
        evidence=tuple(
            dict.fromkeys([*filter(None, [shown.scan]), *(one for cell in shown.cells for _, one in cell.evidence)])
        ),
    )


def figure_row(cell: FiledCell, form: Form, period: Period, unit: str, subject_kind: str) -> Row:
    """Write a cell as a row of figures, with the column kind the form has today."""
    return (
        cell.subject, subject_kind, cell.measure, period.label, period.first, period.last, cell.value,
        form.column(cell.measure) or "period", form.id, unit, cell.foreign_amount, cell.foreign_currency, cell.rate, cell.rate_on,
        [digest for _, digest in cell.evidence], [kind for kind, _ in cell.evidence],
    )  # fmt: skip


def total(cells: tuple[FiledCell, ...], measure: str) -> Decimal | None:
    """Add up a column of a return; None when nothing in it is filled."""
    known = [cell.value for cell in cells if cell.measure == measure and cell.value is not None]
    return sum(known, Decimal(0)) if known else None
