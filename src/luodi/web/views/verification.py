"""Stage verification 阶段核实: what waits for my office, by unit; several at once; a list for a day's site visits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from luodi.codebook.values import Permission
from luodi.kernel.problem import Problem, Refused, words
from luodi.projects import actions
from luodi.projects.queries import lists
from luodi.projects.queries.evidence import EvidenceFile, evidence_files
from luodi.projects.rules import stages
from luodi.projects.values.drafts import Decision
from luodi.projects.values.rows import Event
from luodi.projects.values.views import Card
from luodi.web.access import needs
from luodi.web.exporting import workbook
from luodi.web.views.projects import by_viewer

Claim = tuple[Card, Event]


class NothingChosen(Refused):
    """No claim was chosen, or one that doesn't wait for this person."""

    code = "verification.none_chosen"


@needs(Permission.VERIFY_STAGE)
@require_http_methods(["GET", "POST"])
def queue(request: HttpRequest) -> HttpResponse:
    """List the claims that wait for me; on POST verify the chosen, or send them back with a reason."""
    viewer = request.viewer  # type: ignore[attr-defined]
    waiting = lists.waiting_claims(by_viewer(request))
    problems: Sequence[Problem] = ()
    if request.method == "POST":
        try:
            count = decide(request, waiting)
            said = "sent_back_several" if request.POST.get("act") == "send_back" else "verified_several"
            messages.success(request, words(f"verification.{said}", viewer.language, count=count))
            return redirect("verification")
        except Refused as refusal:
            problems = refusal.problems
    if request.GET.get("as") == "xlsx":
        return export(request, waiting)
    context = {
        "groups": groups(request, waiting),
        "count": len(waiting),
        "problems": problems,
        "reason": request.POST.get("reason", ""),
        "chosen": set(request.POST.getlist("row")),
    }
    return render(request, "web/verification.html", context, status=422 if problems else 200)


def decide(request: HttpRequest, waiting: Iterable[Claim]) -> int:
    """
    Verify or send back the chosen claims, all or none for each unit I act for; tell how many.

    A choice is `row:last`: the claim, and the last thing that was said about it when the page was made.
    """
    viewer = request.viewer  # type: ignore[attr-defined]
    turns = {event.row: viewer.who.tree.successor(stages.turn(event)) for _, event in waiting}
    by_unit: defaultdict[str, list[Decision]] = defaultdict(list)
    reason = request.POST.get("reason", "").strip()
    for value in request.POST.getlist("row"):
        row, _, last = value.partition(":")
        if not (row.isdigit() and last.isdigit() and int(row) in turns):
            raise NothingChosen(Problem("verification.gone"))
        by_unit[turns[int(row)]].append(Decision(int(row), reason, int(last)))
    if not by_unit:
        raise NothingChosen(Problem("verification.none_chosen"))
    act = actions.send_back_stages if request.POST.get("act") == "send_back" else actions.verify_stages
    for unit, decisions in by_unit.items():
        act(decisions, actor=viewer.actor(unit), today=viewer.today)
    return sum(len(decisions) for decisions in by_unit.values())


def groups(request: HttpRequest, waiting: Sequence[Claim]) -> list[dict[str, Any]]:
    """Group the claims by the unit the projects lie in, in the tree's order of names."""
    tree, looking = request.viewer.who.tree, by_viewer(request)  # type: ignore[attr-defined]
    files: defaultdict[int, list[EvidenceFile]] = defaultdict(list)
    for one in evidence_files([card.code for card, _ in waiting]) if waiting else ():
        files[one.row].append(one)
    found: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for card, event in waiting:
        found[card.version.host].append(line(looking, card, event, files[event.row]))
    return [{"unit": tree.name(unit), "rows": found[unit]} for unit in sorted(found)]


def line(viewer: lists.Viewer, card: Card, event: Event, files: Sequence[EvidenceFile]) -> dict[str, Any]:
    """Give one claim as the list shows it, the project named as the viewer may see it."""
    kinds = {kind.id: kind for kind in viewer.profile.evidence_kinds}
    return {
        "card": card, "event": event, "label": viewer.face(card).label, "site": card.version.attributes.get("site", ""),
        "choice": f"{event.row}:{event.last}", "claimed_by": viewer.who.tree.name(event.claimed_by) if event.claimed_by else "—",
        "files": [{"digest": one.digest, "kind": kinds.get(one.kind)} for one in files],
        "step": event.step + 1, "steps": len(event.verifiers),
    }  # fmt: skip


def export(request: HttpRequest, waiting: Sequence[Claim]) -> HttpResponse:
    """Put the list into a workbook with room for what was found on the site."""
    tree, looking = request.viewer.who.tree, by_viewer(request)  # type: ignore[attr-defined]
    head = (
        "属地",
        "项目编号",
        "项目名称",
        "申报阶段",
        "发生日期",
        "建设地点",
        "现场情况",
        "是否属实",
        "核实人",
        "核实日期",
    )
    rows = [
        (
            tree.name(card.version.host),
            card.code,
            looking.face(card).label,
            event.stage,
            event.occurred_on,
            card.version.attributes.get("site", ""),
            "",
            "",
            "",
            "",
        )
        for card, event in waiting
    ]
    return workbook("site-visits", head, rows)
