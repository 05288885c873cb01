"""One person 人员: name and telephone, posts with their days, accounts, tokens; and handing over what somebody answers for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import segno
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from luodi.codebook.values import Permission
from luodi.identity import actions as identity
from luodi.identity import permissions, queries
from luodi.identity.values import PersonAt
from luodi.kernel.problem import Problem, Refused, words
from luodi.ledger import clock
from luodi.notices.rules import masked_phone
from luodi.projects import actions as projects
from luodi.projects.actions import leaving
from luodi.projects.notices import public_labels
from luodi.projects.queries import cards, load
from luodi.web import people_accounts as accounts
from luodi.web.access import needs
from luodi.web.models import Account
from luodi.web.views.people import KEEPERS, role_name
from luodi.web.views.projects import by_viewer


def known(person: str) -> PersonAt:
    """Find a person, or nothing is here."""
    found = queries.person(person)
    if found is None:
        raise Http404
    return found


@needs(*KEEPERS)
@require_http_methods(["GET", "POST"])
def person_page(request: HttpRequest, person: str) -> HttpResponse:
    """Show a person; on POST do one of the acts that administrators have."""
    found = known(person)
    shown: dict[str, Any] = {}
    problems: Sequence[Problem] = ()
    if request.method == "POST":
        try:
            shown = ACTS.get(request.POST.get("act", ""), nothing)(request, found)
        except Refused as refusal:
            problems = refusal.problems
        else:
            if not shown:
                return redirect("person", person=person)
    return render(
        request, "web/person.html", {**about(request, known(person)), **shown, "problems": problems},
        status=422 if problems else 200,
    )  # fmt: skip


def about(request: HttpRequest, person: PersonAt) -> dict[str, Any]:
    """Give what the page shows: posts of all times, accounts, tokens, what would have to be handed over."""
    viewer = request.viewer  # type: ignore[attr-defined]
    posts = sorted(queries.posts(person=person.person), key=lambda post: (post.valid_from, post.unit), reverse=True)
    held = load.duties_of(person.person, on=viewer.today)
    labels = public_labels([one.project for one in held], viewer.profile)
    return {
        "person": person,
        "acts": person.acts_on(viewer.today),
        "masked": masked_phone(person.phone),
        "posts": [(post, role_name(viewer, post.role), post.held_on(viewer.today)) for post in posts],
        "accounts": accounts.accounts_of(person.person),
        "tokens": queries.tokens(person=person.person),
        "held": [(labels[one.project], duty_name(viewer, one.duty)) for one in held],
        "roles": [role for role in viewer.profile.roles if not role.local],
        "units": sorted((unit for unit in viewer.who.tree.units.values() if unit.open), key=lambda unit: unit.code),
        "may": {
            "keep": viewer.may_somewhere(Permission.KEEP_PEOPLE),
            "post": viewer.may_somewhere(Permission.GIVE_POSTS),
            "token": viewer.may_somewhere(Permission.KEEP_TOKENS),
            "assign": viewer.may_somewhere(Permission.ASSIGN_PEOPLE),
        },
    }


def duty_name(viewer: Any, duty: str) -> str:
    """Give a duty's label."""
    found = next((one for one in viewer.profile.responsibilities if one.id == duty), None)
    return duty if found is None else str(found.zh if viewer.language == "zh" else found.en)


# Acts -------------------------------------------------------------------------------------------------------------

Shown = dict[str, Any]


def asked_day(request: HttpRequest, name: str) -> date:
    """
    Read a day that a form sends; an empty one is today.

    :raises Refused: if it is none
    """
    text = request.POST.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else request.viewer.today  # type: ignore[attr-defined]
    except ValueError:
        raise Refused(Problem("people.day", name, {"found": text})) from None


def nothing(request: HttpRequest, person: PersonAt) -> Shown:
    """Do nothing for an act that isn't one."""
    return {}


def correct(request: HttpRequest, person: PersonAt) -> Shown:
    """Change name or telephone; an empty telephone field keeps the old one, since the page doesn't show it."""
    viewer = request.viewer  # type: ignore[attr-defined]
    name = request.POST.get("name", "").strip()
    if not name:
        raise Refused(Problem("people.name_missing", "name"))
    phone = request.POST.get("phone", "").strip() or person.phone
    identity.register_person(
        person=person.person, name=name, phone=phone, left_on=person.left_on, actor=viewer.actor(), on=viewer.today
    )
    return said(request, "people.corrected", name=name)


def leave(request: HttpRequest, person: PersonAt) -> Shown:
    """Let somebody act no more from a day on."""
    viewer = request.viewer  # type: ignore[attr-defined]
    day = asked_day(request, "left_on")
    leaving.leave(person=person.person, left_on=day, actor=viewer.actor(), on=viewer.today)
    return said(request, "people.left", name=person.name or person.person, day=day.isoformat())


def give_post(request: HttpRequest, person: PersonAt) -> Shown:
    """Give a post."""
    viewer, post = request.viewer, request.POST  # type: ignore[attr-defined]
    until = asked_day(request, "valid_to") if post.get("valid_to") else None
    identity.give_post(
        person=person.person, unit=post.get("unit", ""), role=post.get("role", ""), title=post.get("title", "").strip(),
        valid_from=asked_day(request, "valid_from"), valid_to=until, actor=viewer.actor(), on=viewer.today,
    )  # fmt: skip
    return said(request, "people.post_given", role=role_name(viewer, post.get("role", "")))


def end_post(request: HttpRequest, person: PersonAt) -> Shown:
    """End a post, unless a project would be left with nobody."""
    viewer, post = request.viewer, request.POST  # type: ignore[attr-defined]
    leaving.end_post(
        person=person.person, unit=post.get("unit", ""), role=post.get("role", ""),
        valid_to=asked_day(request, "valid_to"), actor=viewer.actor(), on=viewer.today,
    )  # fmt: skip
    return said(request, "people.post_ended", role=role_name(viewer, post.get("role", "")))


def see_phone(request: HttpRequest, person: PersonAt) -> Shown:
    """Show the telephone, and keep in the log that it was seen."""
    viewer = request.viewer  # type: ignore[attr-defined]
    permissions.require(viewer.who, Permission.KEEP_PEOPLE, on=viewer.today)
    identity.log_access(
        person=viewer.person, act="contact.seen", at=clock.now(), subject=f"person:{person.person}", via="web",
        address=request.META.get("REMOTE_ADDR", ""),
    )  # fmt: skip
    return {"phone": person.phone or "—"}


def open_account(request: HttpRequest, person: PersonAt) -> Shown:
    """Open an account and show its one-time link, once."""
    account, parts = accounts.open_account(
        person=person.person, login=request.POST.get("login", "").strip(), **acting(request)
    )
    return {"link": link(request, parts), "login": account.login}


def reset(request: HttpRequest, person: PersonAt) -> Shown:
    """Take a password away and show the link that sets a new one, once."""
    account = own_account(request, person)
    return {"link": link(request, accounts.reset_password(account=account, **acting(request))), "login": account.login}


def lock(request: HttpRequest, person: PersonAt) -> Shown:
    """Lock an account, or unlock it."""
    account = own_account(request, person)
    active = request.POST["act"] == "unlock"
    accounts.set_active(account=account, active=active, **acting(request))
    return said(request, "people.unlocked" if active else "people.locked", login=account.login)


def revoke(request: HttpRequest, person: PersonAt) -> Shown:
    """Revoke a token of somebody else's."""
    viewer = request.viewer  # type: ignore[attr-defined]
    token = request.POST.get("token", "")
    identity.revoke_token(person=person.person, token=token, actor=viewer.actor(), on=viewer.today)
    return said(request, "people.token_revoked", token=token)


ACTS: dict[str, Callable[[HttpRequest, PersonAt], Shown]] = {
    "correct": correct,
    "leave": leave,
    "give_post": give_post,
    "end_post": end_post,
    "phone": see_phone,
    "open_account": open_account,
    "reset": reset,
    "lock": lock,
    "unlock": lock,
    "revoke": revoke,
}


def acting(request: HttpRequest) -> dict[str, Any]:
    """Give who does something to an account, when, and from where."""
    viewer = request.viewer  # type: ignore[attr-defined]
    address = request.META.get("REMOTE_ADDR", "")
    return {"actor": viewer.actor(), "on": viewer.today, "at": clock.now(), "address": address}


def own_account(request: HttpRequest, person: PersonAt) -> Account:
    """Find the account that a form names, if it is this person's."""
    login = request.POST.get("login", "")
    found = next((one for one in accounts.accounts_of(person.person) if one.login == login), None)
    if found is None:
        raise accounts.BadAccount(Problem("people.account.unknown", "login", {"login": login}))
    return found


def said(request: HttpRequest, code: str, **params: object) -> Shown:
    """Say what was done, on the next page."""
    viewer = request.viewer  # type: ignore[attr-defined]
    messages.success(request, words(code, viewer.language, **params))
    return {}


def link(request: HttpRequest, parts: str) -> dict[str, str]:
    """Give a one-time link as text and as a picture for a phone."""
    uid, token = parts.split("/")
    address = request.build_absolute_uri(reverse("welcome", args=[uid, token]))
    picture = segno.make(address, error="m").svg_data_uri(scale=4, border=2)
    return {"address": address, "picture": picture}


# Handing over -----------------------------------------------------------------------------------------------------


@needs(Permission.ASSIGN_PEOPLE)
@require_http_methods(["GET", "POST"])
def duties(request: HttpRequest, person: str) -> HttpResponse:
    """Show what a person answers for, as far as I may see it; on POST hand all of it over at once."""
    viewer = request.viewer  # type: ignore[attr-defined]
    found = known(person)
    problems: Sequence[Problem] = ()
    if request.method == "POST":
        try:
            count = hand_over(request, found)
        except Refused as refusal:
            problems = refusal.problems
        else:
            messages.success(request, words("people.handed_over", viewer.language, count=count))
            return redirect("person_duties", person=person)
    by, held = by_viewer(request), load.duties_of(person, on=viewer.today)
    lines = cards.cards(on=viewer.today, profile=viewer.profile)
    rows = [
        {
            "card": lines[one.project],
            "face": by.face(lines[one.project]),
            "duty": duty_name(viewer, one.duty),
            "since": one.valid_from,
        }
        for one in held
        if one.project in lines and by.sees(lines[one.project])
    ]
    context = {
        "person": found,
        "rows": rows,
        "hidden": len(held) - len(rows),
        "people": successors(viewer, person),
        "problems": problems,
        "typed": request.POST,
    }
    return render(request, "web/person_duties.html", context, status=422 if problems else 200)


def successors(viewer: Any, person: str) -> list[tuple[str, str, str]]:
    """List who may take over: everybody who holds a post today, those of the same units first."""
    posts = queries.posts(on=viewer.today)
    mine = {post.unit for post in posts if post.person == person}
    people = queries.people()
    found = {post.person: post.unit for post in posts if post.person != person}
    rows = [
        (code, people[code].name or code, viewer.who.tree.name(unit)) for code, unit in found.items() if code in people
    ]
    return sorted(rows, key=lambda row: (found[row[0]] not in mine, found[row[0]], row[0]))


def hand_over(request: HttpRequest, person: PersonAt) -> int:
    """Hand everything over to one person, from a day on, for a reason; all or nothing."""
    viewer, post = request.viewer, request.POST  # type: ignore[attr-defined]
    reason = post.get("reason", "").strip()
    if not reason:
        raise Refused(Problem("people.reason_missing", "reason"))
    return len(
        projects.hand_over_all(
            person.person, to=post.get("to", "").strip(), on=asked_day(request, "on"), reason=reason,
            actor=viewer.actor(), today=viewer.today,
        )
    )  # fmt: skip
