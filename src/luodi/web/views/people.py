"""People 人员: everybody with their posts and whether they can sign in; found by name, pinyin, id or unit; new ones registered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from luodi.codebook.values import Permission
from luodi.identity import actions as identity
from luodi.identity import queries
from luodi.identity.values import PersonAt, PostAt
from luodi.kernel import chinese
from luodi.kernel.problem import Problem, Refused, words
from luodi.web.access import needs
from luodi.web.models import Account

PER_PAGE = 50
KEEPERS = (Permission.KEEP_PEOPLE, Permission.GIVE_POSTS, Permission.KEEP_TOKENS)
SHOWN = ("acting", "without_post", "without_account", "locked", "left", "all")


@needs(*KEEPERS)
@require_http_methods(["GET", "POST"])
def people_list(request: HttpRequest) -> HttpResponse:
    """Show everybody who fits; on POST register a person."""
    viewer = request.viewer  # type: ignore[attr-defined]
    problems: Sequence[Problem] = ()
    if request.method == "POST":
        try:
            return register(request)
        except Refused as refusal:
            problems = refusal.problems
    asked = {key: request.GET.get(key, "").strip() for key in ("q", "unit", "show")}
    asked["show"] = asked["show"] if asked["show"] in SHOWN else "acting"
    rows = [row for row in everybody(viewer) if fits(row, asked, viewer)]
    context = {
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "total": len(rows),
        "asked": asked,
        "choices": SHOWN,
        "units": sorted((unit for unit in viewer.who.tree.units.values() if unit.open), key=lambda unit: unit.code),
        "may_register": viewer.may_somewhere(Permission.KEEP_PEOPLE),
        "problems": problems,
        "typed": request.POST,
    }
    return render(request, "web/people.html", context, status=422 if problems else 200)


def everybody(viewer: Any) -> list[dict[str, Any]]:
    """Give a line for every person: posts held today in words, accounts. Three queries whatever the number."""
    posts: defaultdict[str, list[PostAt]] = defaultdict(list)
    for post in queries.posts(on=viewer.today):
        posts[post.person].append(post)
    accounts: defaultdict[str, list[Account]] = defaultdict(list)
    for account in Account.objects.order_by("pk"):
        accounts[account.person].append(account)
    return [line(viewer, person, posts, accounts) for person in queries.people().values()]


def line(
    viewer: Any, person: PersonAt, posts: Mapping[str, Sequence[PostAt]], accounts: Mapping[str, Sequence[Account]]
) -> dict[str, Any]:
    """Give one person's line."""
    held = posts.get(person.person, ())
    return {
        "person": person,
        "acts": person.acts_on(viewer.today),
        "posts": [(post, role_name(viewer, post.role)) for post in held],
        "units": {viewer.who.tree.successor(post.unit) for post in held},
        "accounts": accounts.get(person.person, ()),
    }


def role_name(viewer: Any, role: str) -> str:
    """Give a role's label; the id of one that the profile no longer has."""
    found = viewer.profile.role(role)
    return role if found is None else str(found.zh if viewer.language == "zh" else found.en)


def fits(row: Mapping[str, Any], asked: Mapping[str, str], viewer: Any) -> bool:
    """Tell whether a line fits the filter; a name is found by its characters, pinyin or initials."""
    person, query = row["person"], asked["q"]
    if query and query != person.person and not chinese.matches_query(query, person.name or ""):
        return False
    if asked["unit"] and row["units"].isdisjoint(viewer.who.tree.under(asked["unit"])):
        return False
    tests = {
        "acting": row["acts"],
        "left": not row["acts"],
        "without_post": row["acts"] and not row["posts"],
        "without_account": row["acts"] and not row["accounts"],
        "locked": any(not account.is_active for account in row["accounts"]),
    }
    return bool(tests.get(asked["show"], True))


def register(request: HttpRequest) -> HttpResponse:
    """
    Register a person, and go to their page.

    :raises identity.BadPerson: if the id can't be used
    """
    viewer, post = request.viewer, request.POST  # type: ignore[attr-defined]
    person, name = post.get("person", "").strip(), post.get("name", "").strip()
    if not name:
        raise Refused(Problem("people.name_missing", "name"))
    if queries.person(person) is not None:
        raise Refused(Problem("people.exists", "person", {"person": person}))
    phone = post.get("phone", "").strip() or None
    identity.register_person(person=person, name=name, phone=phone, actor=viewer.actor(), on=viewer.today)
    messages.success(request, words("people.registered", viewer.language, name=name))
    return redirect("person", person=person)
