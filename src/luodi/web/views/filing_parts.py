"""Filing by workbook: the pre-filled file, splitting it, taking back what comes and settling what disagrees."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from luodi.codebook.values import Form, Permission
from luodi.exchange import asked_out
from luodi.exchange.asked_out import Face
from luodi.identity import queries as identity
from luodi.kernel.problem import Problem, Refused, words
from luodi.ledger import clock
from luodi.statistics.actions import drafts, parts
from luodi.statistics.models_parts import DraftPart
from luodi.statistics.queries.asking import row_facts
from luodi.statistics.rules import splitting
from luodi.statistics.rules.owing import window
from luodi.statistics.rules.splitting import RowFacts
from luodi.statistics.values.asking import Asking
from luodi.web import filed_books
from luodi.web.access import needs
from luodi.web.views.filing import INSIDE, place


def table(where: dict[str, Any]) -> Asking:
    """Build the unit's table as it stands now."""
    return parts.asked_form(**where)


def face(request: HttpRequest, where: dict[str, Any]) -> Face:
    """Say what stands above the table in a workbook."""
    viewer = request.viewer  # type: ignore[attr-defined]
    form: Form = drafts.form_of(where["profile"], where["form"])
    legal = f"{form.legal.number} {form.legal.approved_by}" if form.legal else words("filing.internal", viewer.language)
    return Face(
        unit=viewer.who.tree.name(where["unit"]), due=window(form, where["period"]).due_on.isoformat(), legal=legal
    )


@needs(*INSIDE)
@require_GET
def book(request: HttpRequest, form: str, period: str, unit: str) -> HttpResponse:
    """Hand out the pre-filled workbook of a form."""
    where = place(request, form, period, unit)
    language = request.viewer.language  # type: ignore[attr-defined]
    asking, above = table(where), face(request, where)
    return filed_books.attachment(
        asked_out.write(asking, above, language), f"{asked_out.file_name(asking, above.unit, language)}.xlsx"
    )


@needs(Permission.FILL_FORM)
@require_http_methods(["GET", "POST"])
def split(request: HttpRequest, form: str, period: str, unit: str) -> HttpResponse:
    """Show who answers for each row; on POST remember it and hand out one file for each, as a zip."""
    where = place(request, form, period, unit)
    asking = table(where)
    facts = row_facts(asking, on=where["period"].last, profile=where["profile"])
    return split_answer(request, asking=asking, facts=facts, above=face(request, where), context=where)


def split_answer(
    request: HttpRequest, *, asking: Asking, facts: Mapping[str, RowFacts], above: Face, context: Mapping[str, Any]
) -> HttpResponse:
    """Show or do a split of any table that was asked."""
    viewer, unit = request.viewer, asking.unit  # type: ignore[attr-defined]
    name = viewer.who.tree.name
    below = {one.code: one.name for one in viewer.who.tree.children(unit)}
    ways = [one for one in splitting.WAYS if one == "below" or any(fact.units.get(one) for fact in facts.values())]
    way = (request.POST if request.method == "POST" else request.GET).get("way", "")
    way = way if way in ways else ways[0] if below else ways[-1]
    possible = {**below, **{code: name(code) for fact in facts.values() if (code := fact.units.get(way, ""))}}
    if request.method == "POST":
        found = {row.subject: request.POST.get(f"part:{row.subject}", "") for row in asking.rows}
        found = {subject: part if part in possible else "" for subject, part in found.items()}
        parts.remember(unit=unit, way=way, parts=found, person=viewer.person, today=viewer.today)
        content = asked_out.write_parts(asking, splitting.split(asking, found), possible, above, viewer.language)
        file = asked_out.file_name(asking, above.unit, viewer.language)
        return filed_books.attachment(content, f"{file}.zip", filed_books.ZIP)
    chosen = {row: part for row, part in parts.remembered(unit=unit, way=way).items() if part in possible}
    found = splitting.parts_of(asking.rows, facts, way=way, below=below, chosen=chosen)
    rows = [
        {
            "row": row,
            "part": found[row.subject],
            "known": [(row.known.get(one.id, ""), one.type == "money") for one in asking.known],
        }
        for row in asking.rows
    ]
    counts = {"parts": len({part for part in found.values() if part}), "left": sum(not part for part in found.values())}
    shown = {"asking": asking, "way": way, "ways": ways, "offered": sorted(possible.items()), "rows": rows, **counts}
    return render(request, "web/filing_split.html", {**context, **shown, "home": request.path.removesuffix("split/")})


@needs(Permission.FILL_FORM)
@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, form: str, period: str, unit: str) -> HttpResponse:
    """Show the files that came back and what disagrees; on POST take files, or settle what was chosen."""
    where = place(request, form, period, unit)
    viewer = request.viewer  # type: ignore[attr-defined]
    at = clock.now()
    save = parts.form_saver(**where, person=viewer.person, at=at, today=viewer.today)

    def closed() -> None:
        parts.refuse_unless_open(form=form, period=where["period"].label, unit=unit)

    return merge_answer(
        request, asking=lambda: table(where), save=save, refuse=closed, context={**where, "title": None}
    )


def merge_answer(
    request: HttpRequest,
    *,
    asking: Callable[[], Asking],
    save: parts.Save,
    refuse: Callable[[], None],
    context: dict[str, Any],
) -> HttpResponse:
    """Do what the page of returned files asks, and show it."""
    viewer = request.viewer  # type: ignore[attr-defined]
    taken: list[parts.Taken] = []
    problems: list[Problem] = []
    if request.method == "POST":
        try:
            refuse()
            if request.POST.get("act") == "settle":
                choices = {
                    key.removeprefix("choose:"): str(value)
                    for key, value in request.POST.items()
                    if key.startswith("choose:")
                }
                parts.settle(asking=asking(), choices=choices, save=save, person=viewer.person, today=viewer.today)
            else:
                taken, problems = filed_books.take_files(
                    request, asking=asking, save=save, person=viewer.person, at=clock.now(), today=viewer.today
                )
        except Refused as refusal:
            problems = list(refusal.problems)
    now = asking()
    people = {code: one.name or code for code, one in identity.people().items()}
    shown = filed_books.merge_page(
        now, names=lambda code: people.get(code, code), unit_names=viewer.who.tree.name, language=viewer.language
    )
    kept = DraftPart.objects.filter(form=now.form, period=now.period, unit=now.unit).in_bulk()
    faulty = [
        (line["part"], kept[line["part"].id].faults)
        for line in shown["files"]
        if line["part"].faults and not line["superseded"]
    ]
    home = request.path.removesuffix("parts/")
    return render(
        request,
        "web/filing_merge.html",
        {
            **context, **shown, "asking": now, "taken": taken, "problems": problems, "home": home,
            "faults": filed_books.fault_lines(faulty, viewer.language),
        },
        status=422 if problems and not taken else 200,
    )  # fmt: skip


@needs(Permission.FILL_FORM)
@require_GET
def marked(request: HttpRequest, form: str, period: str, unit: str, row: int) -> HttpResponse:
    """Hand back a file with what could not be taken marked in it."""
    where = place(request, form, period, unit)
    return filed_books.marked(table(where), row, request.viewer.language)  # type: ignore[attr-defined]
