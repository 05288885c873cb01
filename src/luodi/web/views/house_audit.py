"""
The log for the security auditor alone: who opened what, saw whose contacts, was refused; and what the administrators did.

Signing in and out is in the log because the law asks for it. It is never counted or listed for many: only one named person's
lines are shown, to whoever looks into an incident.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from luodi.codebook.values import Permission
from luodi.identity import actions as identity_actions
from luodi.identity import permissions
from luodi.identity import queries as identity
from luodi.identity.values import LOCAL_OPERATOR, Access
from luodi.kernel import chinese, instant
from luodi.kernel.problem import words
from luodi.ledger import clock
from luodi.ledger.models import Fact
from luodi.web.access import needs
from luodi.web.exporting import workbook
from luodi.web.views.indicators import name_of

PER_PAGE = 50
USUAL_DAYS = 30
SIGNING = ("signed_in", "signed_out", "sign_in_failed")
# What may be asked for: kinds of acts in the log. `acts` are facts of the administrators, from the ledger.
WHAT: dict[str, tuple[str, ...]] = {
    "": (),
    "personal": ("contact.seen",),
    "evidence": ("evidence.opened",),
    "accounts": ("account.opened", "account.locked", "account.unlocked", "password.reset", "password.chosen"),
    "exports": ("audit.exported",),
    "signing": SIGNING,
}
ADMINISTRATION = (
    "identity.person.recorded", "identity.post.given", "identity.post.ended", "identity.token.issued",
    "identity.token.revoked", "identity.unit.recorded", "identity.rows.voided", "ledger.text.removed",
    "ledger.evidence.removed",
)  # fmt: skip
HEAD = ("when", "who", "act", "subject", "allowed", "via", "address")


@needs(Permission.READ_AUDIT)
@require_GET
def audit(request: HttpRequest) -> HttpResponse:
    """Show the log, newest first, or the administrators' acts."""
    viewer = request.viewer  # type: ignore[attr-defined]
    permissions.require(viewer.who, Permission.READ_AUDIT, on=viewer.today)
    until = asked_day(request, "until", viewer.today)
    since = asked_day(request, "since", until - timedelta(days=USUAL_DAYS))
    what = request.GET.get("what", "")
    who = found_people(request.GET.get("who", "").strip())
    span: dict[str, Any] = {"since": instant.start_of(since), "until": instant.end_of(until) + 1}
    context: dict[str, Any] = {
        "since": since, "until": until, "asked": request.GET, "what": what if what in (*WHAT, "acts") else "",
        "choices": [*WHAT, "acts"], "several": who if len(who) > 1 else (),
    }  # fmt: skip
    if what == "acts":
        return render(request, "web/house_audit.html", {**context, **administration(request, span, who)})
    wanted = filters(request, what, who)
    if wanted is None:  # signing in of nobody in particular: not shown
        return render(request, "web/house_audit.html", {**context, "name_somebody": True})
    if request.GET.get("as") == "xlsx":
        return export(request, {**span, **wanted})
    total = identity.access_count(**span, **wanted)
    page = Paginator(range(total), PER_PAGE).get_page(request.GET.get("page"))
    lines = identity.accesses(**span, **wanted, newest=(max(0, page.start_index() - 1), page.end_index()))
    named = identity.people()
    shown = {
        "page": page,
        "lines": [(one, name_of(named, one.person), subject_words(one.subject, named)) for one in lines],
        "total": None if what == "signing" else total,
    }
    return render(request, "web/house_audit.html", {**context, **shown})


def found_people(text: str) -> list[tuple[str, str]]:
    """Find whom a name, pinyin or id means."""
    if not text:
        return []
    people = identity.people()
    exact = [(code, one.name or code) for code, one in people.items() if text in (code, one.name)]
    return exact or [
        (code, one.name or code) for code, one in people.items() if chinese.matches_query(text, one.name or "")
    ]


def filters(request: HttpRequest, what: str, who: Sequence[tuple[str, str]]) -> dict[str, Any] | None:
    """Give what the log is filtered by; None where signing in is asked of nobody in particular."""
    named = request.GET.get("who", "").strip()
    if what == "signing" and len(who) != 1:
        return None
    return {
        "subject": request.GET.get("subject", "").strip() or None,
        "person": (who[0][0] if len(who) == 1 else named) if named else None,
        "acts": WHAT.get(what, ()),
        "but": SIGNING,
        "refused": request.GET.get("refused") == "1",
    }


def export(request: HttpRequest, wanted: dict[str, Any]) -> HttpResponse:
    """Put the log into a workbook; that this was done is in the log too."""
    viewer = request.viewer  # type: ignore[attr-defined]
    people = identity.people()
    say = viewer.language
    rows = [
        (
            f"{instant.to_datetime(one.at):%Y-%m-%d %H:%M:%S}", name_of(people, one.person), act_words(one.act, say),
            subject_words(one.subject, people), words("house.yes" if one.allowed else "house.no", say), one.via, one.address,
        )
        for one in identity.accesses(**wanted)
    ]  # fmt: skip
    identity_actions.log_access(
        person=viewer.person, act="audit.exported", at=clock.now(), via="web", address=request.META.get("REMOTE_ADDR", "")
    )  # fmt: skip
    return workbook("audit", [words(f"house.audit.{one}", say) for one in HEAD], rows)


def act_words(act: str, language: str) -> str:
    """Say a kind of act."""
    return words(f"house.act.{act}", language)


def actor_words(actor: str, people: Any, language: str) -> str:
    """Name who acted; whoever sat at the machine itself has no name."""
    return words("house.audit.operator", language) if actor == LOCAL_OPERATOR else name_of(people, actor)


def subject_words(subject: str, people: Any) -> str:
    """Name a person who is spoken of; a digest stays a digest."""
    kind, _, code = subject.partition(":")
    return name_of(people, code) if kind == "person" else subject


def administration(request: HttpRequest, span: dict[str, int], who: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Give a page of the administrators' acts, from the ledger: who gave whom a post, changed units, removed words by law."""
    rows = Fact.objects.filter(name__in=ADMINISTRATION, recorded_at__gte=span["since"], recorded_at__lt=span["until"])
    if who:
        rows = rows.filter(actor__in=[code for code, _ in who])
    page = Paginator(
        rows.order_by("-id").values_list("id", "recorded_at", "actor", "name", "subject"), PER_PAGE
    ).get_page(request.GET.get("page"))
    people, language = identity.people(), request.viewer.language  # type: ignore[attr-defined]
    lines = [
        (
            Access(at, actor, name, subject, True, via=f"#{fact}"), actor_words(actor, people, language),
            subject_words(subject, people),
        )
        for fact, at, actor, name, subject in page
    ]  # fmt: skip
    return {"page": page, "lines": lines, "total": page.paginator.count}


def asked_day(request: HttpRequest, name: str, usual: date) -> date:
    """Read a day from the address; without one (or with a wrong one) the usual."""
    try:
        return date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return usual
