"""Finds out who is looking, once per request: the person's standing today, language, unit of amounts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.http import HttpRequest, HttpResponse

from luodi.codebook import queries as codebook
from luodi.codebook.values import Permission, Profile
from luodi.identity import permissions
from luodi.identity import queries as identity
from luodi.identity.rules.standing import Standing
from luodi.identity.values import Scope
from luodi.kernel.problem import Refused
from luodi.ledger import clock
from luodi.ledger.values import Actor
from luodi.web.words import refusal_page


@dataclass(frozen=True)
class Viewer:
    """Who looks at a page, on which day."""

    who: Standing
    today: date
    language: str
    money_unit: str

    @property
    def person(self) -> str:
        """The person's id."""
        return self.who.person

    @property
    def profile(self) -> Profile:
        """The city's profile."""
        return self.who.profile

    @cached_property
    def name(self) -> str:
        """The person's name as shown; the id where the name was removed."""
        found = identity.person(self.person)
        return (found.name if found else None) or self.person

    @cached_property
    def posts(self) -> Sequence[str]:
        """Role and unit of each post held, in words."""
        zh = self.language == "zh"
        return [f"{self.who.tree.name(post.unit)} · {role.zh if zh else role.en}" for post, role in self.who.posts]

    @property
    def seats(self) -> tuple[str, ...]:
        """The units the person sits in, as of today's tree, the first one first."""
        return tuple(dict.fromkeys(self.who.tree.successor(post.unit) for post, _ in self.who.posts))

    @property
    def unit(self) -> str:
        """The unit the person looks from."""
        return self.seats[0] if self.seats else self.who.root

    def may(self, permission: Permission, unit: str | None = None, *, answers_for: bool = False) -> bool:
        """Tell whether the person may do something about a unit's matter."""
        return permissions.may(self.who, permission, on=self.today, unit=unit, answers_for=answers_for)

    def may_somewhere(self, permission: Permission) -> bool:
        """Tell whether a permission reaches anything at all."""
        return permissions.may_anywhere(self.who, permission, on=self.today)

    def scope(self, permission: Permission) -> Scope:
        """Give the rows a permission covers."""
        return permissions.scope_units(self.who, permission, on=self.today)

    def actor(self, unit: str = "") -> Actor:
        """Give the actor for an act done through a page."""
        return Actor(self.person, "web", unit=unit or self.unit)


class ViewerMiddleware:
    """Puts `viewer` (or None), `language` and `money_unit` on the request; says refusals as pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.language = language_of(request)  # type: ignore[attr-defined]
        request.money_unit = preference(request, "money_unit", "万元")  # type: ignore[attr-defined]
        request.viewer = viewer_of(request)  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Turn a refusal nobody caught into a page that says what to do; anything else stays an error."""
        return refusal_page(request, exception) if isinstance(exception, Refused) else None


def viewer_of(request: HttpRequest) -> Viewer | None:
    """Find out who is looking; an account whose person left or never was looks at nothing."""
    if not request.user.is_authenticated:
        return None
    today = clock.today()
    profile = codebook.profile()
    who = permissions.who(request.user.person, on=today, profile=profile)
    if not who.person or not request.user.is_active:
        return None
    return Viewer(who, today, request.language, request.money_unit)  # type: ignore[attr-defined]


def language_of(request: HttpRequest) -> str:
    """Tell the page's language: as chosen, else Chinese unless the browser asks for English and nobody is signed in."""
    chosen = preference(request, "language", "")
    if chosen:
        return chosen
    asked = request.headers.get("Accept-Language", "")
    return "en" if asked.lower().startswith("en") else "zh"


def preference(request: HttpRequest, name: str, default: str) -> str:
    """Give what was chosen in this browser, else what the account keeps."""
    kept = request.session.get(name)
    if kept is None and request.user.is_authenticated:
        kept = getattr(request.user, name, None)
    return str(kept) if kept else default
