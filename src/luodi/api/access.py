"""Who calls: a person's token, checked against identity; the same permissions as everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest
from ninja.security import HttpBearer

from luodi.codebook import queries as codebook
from luodi.codebook.values import Permission, Profile
from luodi.identity import permissions
from luodi.identity import queries as identity
from luodi.identity.rules.standing import Standing
from luodi.ledger import clock
from luodi.ledger.values import Actor


@dataclass(frozen=True)
class Caller:
    """The person a program acts for, on which day."""

    who: Standing
    today: date

    @property
    def person(self) -> str:
        """The person's id."""
        return self.who.person

    @property
    def profile(self) -> Profile:
        """The city's profile."""
        return self.who.profile

    def actor(self, unit: str = "") -> Actor:
        """Give the actor for an act done through the API."""
        seats = [self.who.tree.successor(post.unit) for post, _ in self.who.posts]
        return Actor(self.person, "api", unit=unit or (seats[0] if seats else ""))

    def require(self, permission: Permission, unit: str | None = None) -> None:
        """Refuse unless the person may do it (with a unit: there; without: somewhere)."""
        if unit is None:
            permissions.require_somewhere(self.who, permission, on=self.today)
        else:
            permissions.require(self.who, permission, on=self.today, unit=unit)

    def require_everywhere(self, permission: Permission) -> None:
        """Refuse unless the person may do it about the whole city."""
        permissions.require(self.who, permission, on=self.today)


class Token(HttpBearer):
    """`Authorization: Bearer <token>`, a token issued to a person."""

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        """Find whose token it is; nobody's opens nothing."""
        today = clock.today()
        person = identity.person_of_token(token, on=today) if token.isascii() and len(token) < 200 else None
        if person is None:
            return None
        return Caller(permissions.who(person, on=today, profile=codebook.profile()), today)


def caller(request: HttpRequest) -> Caller:
    """Give who calls; every operation but health has one."""
    found: Caller = request.auth  # type: ignore[attr-defined]
    return found


def language_of(request: HttpRequest) -> str:
    """Tell in which language a caller reads: English if asked for first, else Chinese."""
    return "en" if request.headers.get("Accept-Language", "").startswith("en") else "zh"
