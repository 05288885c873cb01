"""Reads of identity: the tree as of a day and a cut, people, posts, tokens, the log of who looked at what."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar

from django.db.models import QuerySet

from luodi.identity.models import AccessLog, ApiToken, Person, Post, UnitVersion
from luodi.identity.tree import Tree, Version, tree_on
from luodi.identity.values import Access, PersonAt, PostAt, TokenAt
from luodi.ledger.models import Fact, ProjectionRow, Void
from luodi.ledger.values import Cut, fact_of, row_id

Row = TypeVar("Row", bound=ProjectionRow)

# How many days' trees are kept: a page asks for today's, a report for a few period ends.
TREES = 16


def _in_force(model: type[Row], cut: Cut | None = None, **filters: Any) -> list[Row]:
    """Load the rows known by a cut and not void by then, in the order they became known."""
    rows = model._default_manager.filter(**filters)
    voids = Void.objects.filter(table=model._meta.label)
    if cut is not None:
        known = {"known_at__lte": cut.at} | ({} if cut.through is None else {"id__lt": row_id(cut.through + 1, 0)})
        rows, voids = rows.filter(**known), voids.filter(**known)
    return list(rows.exclude(id__in=voids.values("target")).order_by("known_at", "id"))


def versions(cut: Cut | None = None) -> list[Version]:
    """Load the history of units as known by a cut (None: by now)."""
    return [
        Version(row.code, row.name, row.parent, row.kind, row.group, row.successor, row.valid_from, row.valid_to)
        for row in _in_force(UnitVersion, cut)
    ]


def tree(*, on: date, cut: Cut | None = None) -> Tree:
    """Give the tree of a day as known by a cut (None: by now, kept until the ledger grows)."""
    if cut is not None:
        return tree_on(versions(cut), on=on)
    return _tree_now(on, _last_word_on_units())


def _last_word_on_units() -> tuple[int, int, bytes]:
    """Give what changes whenever the history of units does, in this store or another: last row, last void, and its fact's leaf."""
    row = UnitVersion.objects.order_by("-id").values_list("id", flat=True).first() or 0
    void = Void.objects.filter(table=UnitVersion._meta.label).order_by("-id").values_list("id", flat=True).first() or 0
    leaf = Fact.objects.filter(id=fact_of(max(row, void))).values_list("leaf", flat=True).first()
    return row, void, bytes(leaf) if leaf is not None else b""


@lru_cache(maxsize=TREES)
def _tree_now(on: date, last: tuple[int, int, bytes]) -> Tree:
    return tree_on(versions(), on=on)


def _people(rows: Iterable[Person]) -> dict[str, PersonAt]:
    return {row.person: PersonAt(row.person, row.name, row.phone, row.left_on) for row in rows}


def person(code: str) -> PersonAt | None:
    """Find a person by id."""
    return _people(_in_force(Person, person=code)).get(code)


def people() -> dict[str, PersonAt]:
    """Give everybody by id, in the order they were first registered."""
    return _people(_in_force(Person))


def posts(*, person: str | None = None, unit: str | None = None, on: date | None = None) -> tuple[PostAt, ...]:
    """List posts of a person or at a unit (neither: all), those held on a day or (None) of all times."""
    filters: dict[str, Any] = {key: value for key, value in (("person", person), ("unit", unit)) if value is not None}
    found: dict[tuple[str, str, str, date], PostAt] = {}
    for row in _in_force(Post, None, **filters):
        key = (row.person, row.unit, row.role, row.valid_from)
        found[key] = PostAt(*key, row.valid_to, row.title)
    return tuple(post for post in found.values() if on is None or post.held_on(on))


def tokens(*, person: str) -> tuple[TokenAt, ...]:
    """List a person's tokens, ended ones too; never their secrets, which are nowhere."""
    found = {
        row.token: TokenAt(row.token, row.person, row.label, row.valid_to) for row in _in_force(ApiToken, person=person)
    }
    return tuple(found.values())


def token_row(*, person: str, token: str) -> tuple[str, str, str, str, date | None] | None:
    """Give the row in force of a token, in the order of its fact's columns."""
    rows = _in_force(ApiToken, person=person, token=token)
    return (rows[-1].token, rows[-1].person, rows[-1].digest, rows[-1].label, rows[-1].valid_to) if rows else None


def secret_digest(secret: str) -> str:
    """Give what is kept of a token's secret. It has 256 random bits, so one plain hash is enough."""
    return hashlib.sha256(secret.encode("utf-8")).hexdigest()


def person_of_token(secret: str, *, on: date) -> str | None:
    """Tell whose token a secret is, or None if it is nobody's, has ended, or its person has left."""
    found = {row.token: row for row in _in_force(ApiToken, digest=secret_digest(secret))}
    for row in found.values():
        holder = person(row.person)
        if TokenAt(row.token, row.person, row.label, row.valid_to).opens_on(on) and holder and holder.acts_on(on):
            return row.person
    return None


def code_name_key() -> bytes:
    """Give the store's own key for code names: the leaf hash of its first fact, which never changes and goes with a backup."""
    first = Fact.objects.order_by("id").values_list("leaf", flat=True).first()
    return hashlib.sha256(b"luodi code names\n" + (bytes(first) if first is not None else b"")).digest()


def accesses(
    *, since: int, until: int, subject: str | None = None, person: str | None = None, acts: Collection[str] = (),
    but: Collection[str] = (), refused: bool = False, newest: tuple[int, int] | None = None,
) -> Sequence[Access]:  # fmt: skip
    """
    Read the log of who looked at what, oldest first. Ask `permissions.require(..., READ_AUDIT)` before showing it.

    :param acts: only these kinds of acts (none named: all but those of `but`)
    :param newest: (from, to) places counted from the newest: one page, newest first
    """
    rows = _accesses(since, until, subject, person, acts, but, refused)
    found = rows.order_by("at", "id") if newest is None else rows.order_by("-at", "-id")[newest[0] : newest[1]]
    return [Access(row.at, row.person, row.act, row.subject, row.allowed, row.via, row.address) for row in found]


def access_count(
    *, since: int, until: int, subject: str | None = None, person: str | None = None, acts: Collection[str] = (),
    but: Collection[str] = (), refused: bool = False,
) -> int:  # fmt: skip
    """Count the lines that `accesses` would read, for pages of them. Never asked per person: nobody is ranked by it."""
    return _accesses(since, until, subject, person, acts, but, refused).count()


def _accesses(
    since: int, until: int, subject: str | None, person: str | None, acts: Collection[str], but: Collection[str],
    refused: bool,
) -> QuerySet[AccessLog]:  # fmt: skip
    rows = AccessLog.objects.filter(at__gte=since, at__lt=until)
    wanted: dict[str, Any] = {
        "subject": subject,
        "person": person,
        "act__in": acts or None,
        "allowed": False if refused else None,
    }
    rows = rows.filter(**{key: value for key, value in wanted.items() if value is not None})
    return rows.exclude(act__in=but) if but and not acts else rows
