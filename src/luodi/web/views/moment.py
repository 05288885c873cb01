"""Forms of the moment: what I owe, what I sent, who has filed, the collected table, ending one or making it regular."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from luodi.codebook.values import Permission
from luodi.identity import permissions
from luodi.kernel.problem import Problem, Refused, words
from luodi.statistics.actions import moment as actions
from luodi.statistics.queries import moment as queries
from luodi.statistics.rules import moment as rules
from luodi.statistics.rules import moment_regular
from luodi.statistics.values.asking import NUMBERS
from luodi.statistics.values.moment import Moment, MomentStanding, MomentState
from luodi.web import moment_seen
from luodi.web.access import needs
from luodi.web.exporting import workbook
from luodi.web.views.moment_new import senders
from luodi.web.views.projects import by_viewer

MANY = (Permission.SEND_MOMENT_FORM, Permission.FILL_FORM, Permission.KEEP_STORE)
SHOWN = 50  # forms of each list: older ones are found by their number


def fillers(viewer: Any) -> list[str]:
    """List the units that somebody fills forms for."""
    scope = viewer.scope(Permission.FILL_FORM)
    units = viewer.who.tree.units
    return [code for code in units if scope.everything or code in scope.units]


@needs(*MANY)
@require_GET
def moments(request: HttpRequest) -> HttpResponse:
    """List what I am asked, what I sent, and what administrators are to make regular."""
    viewer = request.viewer  # type: ignore[attr-defined]
    mine = owed_states(viewer)
    sent = queries.moments(sent_by=senders(viewer), most=SHOWN)
    counts = filed_counts(queries.states(sent, today=viewer.today))
    regular = queries.moments(regular=True, most=SHOWN) if viewer.may_somewhere(Permission.KEEP_STORE) else []
    context = {
        "owed": [line(state, viewer) for state in mine],
        "sent": [{"moment": one, "filed": counts.get(one.id, 0), "open": one.open(viewer.today)} for one in sent],
        "regular": [{"moment": one, "yaml": regular_yaml(one, viewer)} for one in regular],
        "may_send": bool(senders(viewer)),
    }
    return render(request, "web/moment_forms.html", context)


def owed_states(viewer: Any, *, open_on: date | None = None) -> list[MomentState]:
    """Tell where the units somebody fills for stand with the forms they owe: open ones first, the soonest due first."""
    units = frozenset(fillers(viewer))
    if not units:
        return []
    found = queries.moments(owed_by=units, open_on=open_on, most=SHOWN)
    states = [state for state in queries.states(found, today=viewer.today) if state.unit in units]
    return sorted(states, key=lambda one: (not one.moment.open(viewer.today), one.moment.due_on, one.unit))


def waiting_for(viewer: Any) -> list[MomentState]:
    """List the open forms of the moment that somebody still has to fill: for the desk."""
    if not viewer.may_somewhere(Permission.FILL_FORM):
        return []
    return [
        state
        for state in owed_states(viewer, open_on=viewer.today)
        if state.moment.open(viewer.today) and state.standing is not MomentStanding.SUBMITTED
    ]


def line(state: MomentState, viewer: Any) -> dict[str, Any]:
    """Give one form a unit owes as a line."""
    return {"state": state, "open": state.moment.open(viewer.today)}


def filed_counts(states: Sequence[MomentState]) -> dict[int, int]:
    """Count the units that have filed, by form."""
    found: dict[int, int] = {}
    for state in states:
        found[state.moment.id] = found.get(state.moment.id, 0) + (state.standing is MomentStanding.SUBMITTED)
    return found


def managed(request: HttpRequest, row: int) -> Moment:
    """Find a form the viewer manages, or say that there is none."""
    viewer = request.viewer  # type: ignore[attr-defined]
    found = queries.moment(row)
    if found is None or not permissions.acts_for(
        viewer.who, Permission.SEND_MOMENT_FORM, unit=found.unit, on=viewer.today
    ):
        raise Http404
    return found


@needs(Permission.SEND_MOMENT_FORM)
@require_http_methods(["GET", "POST"])
def moment(request: HttpRequest, row: int) -> HttpResponse:
    """Show a form that was sent: who has filed, the collected table; do what its buttons say."""
    viewer = request.viewer  # type: ignore[attr-defined]
    found = managed(request, row)
    problems: Sequence[Problem] = ()
    if request.method == "POST":
        try:
            act(request, found)
            return redirect("moment", row)
        except Refused as refusal:
            problems = refusal.problems
    states = queries.states([found], today=viewer.today)
    table = collected(request, found)
    missing = [state for state in states if state.standing is not MomentStanding.SUBMITTED]
    context = {
        "moment": found, "open": found.open(viewer.today), "states": states, "missing": missing,
        "filed": len(states) - len(missing), "table": table, "problems": problems,
        "late_text": late_text(found, missing, viewer),
        "to_remind": rules.to_remind(states, viewer.today) if found.open(viewer.today) else [],
        "yaml": regular_yaml(found, viewer) if found.regular else "",
    }  # fmt: skip
    return render(request, "web/moment.html", context, status=422 if problems else 200)


def act(request: HttpRequest, found: Moment) -> None:
    """Remind, send back, end, or make regular."""
    viewer, wanted = request.viewer, request.POST.get("act", "")  # type: ignore[attr-defined]
    given = {"id": found.id, "actor": viewer.actor(found.unit), "today": viewer.today}
    if wanted == "remind":
        actions.remind(**given)
    elif wanted == "send_back":
        actions.send_back(**given, unit=request.POST.get("unit", ""), reason=request.POST.get("reason", ""))
    elif wanted == "end":
        actions.end(**given)
    elif wanted == "regular":
        actions.make_regular(**given)


def collected(request: HttpRequest, found: Moment) -> dict[str, Any]:
    """Give the collected table: heads, rows with the cells in their order, sums."""
    viewer = request.viewer  # type: ignore[attr-defined]
    rows = queries.collected(found, profile=viewer.profile, today=viewer.today)
    lines = moment_seen.veiled_rows(rows, by_viewer(request), of=found.subject)
    columns = [queries.asked_column(one) for one in found.columns]
    for one in lines:
        one["cells"] = [
            {"text": one["values"].get(column.id, ""), "numeric": column.numeric, "yes_no": column.type == "yes_no"}
            for column in columns
        ]
        one["unit_name"] = viewer.who.tree.name(one["unit"])
    totals = rules.sums(columns, [row.values for row in rows])
    return {
        "columns": columns, "rows": lines, "any": any(row.values for row in rows),
        "totals": [{"text": totals.get(column.id, ""), "numeric": column.numeric} for column in columns],
    }  # fmt: skip


@needs(Permission.SEND_MOMENT_FORM)
@require_GET
def export(request: HttpRequest, row: int) -> HttpResponse:
    """Hand out the collected table as a workbook: numbers as numbers, sums below."""
    viewer = request.viewer  # type: ignore[attr-defined]
    found = managed(request, row)
    table = collected(request, found)
    say = viewer.language
    head = [words("filing.unit", say)]
    if found.subject == "project":
        head += [words("filing.book_label", say), words("filing.book_code", say)]
    head += [f"{one.zh}（{one.unit}）" if one.unit else one.zh for one in table["columns"]]

    def cells(one: dict[str, Any]) -> list[object]:
        return [as_cell(cell["text"], numeric=cell["numeric"]) for cell in one["cells"]]

    project = found.subject == "project"
    rows = [[one["unit_name"], *([one["label"], one["code"]] if project else []), *cells(one)] for one in table["rows"]]
    total = [as_cell(one["text"], numeric=one["numeric"]) for one in table["totals"]]
    rows.append([words("filing.total", say), *([None, None] if project else []), *total])
    name = "".join(sign if sign not in '\\/:*?"<>|[]' else "_" for sign in found.title)
    return workbook(name, head, rows)


def as_cell(text: str, *, numeric: bool) -> object:
    """Give a cell of the collected table: a number where the column is one and the text is."""
    return Decimal(text) if numeric and rules.is_number(text) else text or None


def late_text(found: Moment, missing: Sequence[MomentState], viewer: Any) -> str:
    """Write who has not filed as plain text for a chat group; "" when everybody has."""
    if not missing:
        return ""
    units = ("、" if viewer.language == "zh" else ", ").join(viewer.who.tree.name(one.unit) for one in missing)
    return words(
        "moment.late_text",
        viewer.language,
        title=found.title,
        due=found.due_on.isoformat(),
        count=len(missing),
        units=units,
    )


def regular_yaml(found: Moment, viewer: Any) -> str:
    """Write what an administrator adds to the profile to make a form regular."""
    tree, profile = viewer.who.tree, viewer.profile
    kinds = list(dict.fromkeys(one.kind for code in found.owed if (one := tree.unit(code)) is not None))
    owner = next((one.id for one in profile.offices if one.unit == found.unit), profile.offices[0].id)
    by_label = {one.zh: one.id for one in profile.measures if one.filed_on == found.subject}
    numbers = [one for one in found.columns if one.type in NUMBERS and not one.known]
    taken = [one.id for one in profile.measures]
    names = [by_label.get(one.label) or f"m{found.id >> 16}_{one.name}" for one in numbers]
    return moment_regular.snippet(found, names=names, unit_kinds=kinds, owner=owner, known=taken)
