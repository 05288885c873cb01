"""Writes of identity. One public function per thing a person may do; who acts is checked first, then the rules."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date

from luodi.codebook import queries as codebook
from luodi.codebook.values import Permission
from luodi.identity import facts, permissions, queries
from luodi.identity.models import AccessLog, Person
from luodi.identity.rules import secrecy, standing
from luodi.identity.rules.units import UnitDossier, unit_problems
from luodi.identity.values import LOCAL_OPERATOR, EvidenceAccess, PostAt, UnitRow
from luodi.kernel import instant
from luodi.kernel.problem import Problem, Refused, refuse_if_any
from luodi.ledger import actions as ledger
from luodi.ledger import texts
from luodi.ledger.values import Act, Actor

ROWS_PER_FACT = 1000


class BadUnits(Refused):
    """Rows of units don't fit. Its problems say which and why."""

    code = "identity.unit.refused"


class BadPost(Refused):
    """Somebody can't be given this post."""

    code = "identity.post.refused"


class NoSuchPerson(Refused):
    """Nobody has this id. Parameters: `person`."""

    code = "identity.person.unknown"


class BadPerson(Refused):
    """An id can't be used for a person. Parameters: `person`."""

    code = "identity.person.id"


class NoSuchPost(Refused):
    """The post is not held. Parameters: `person`, `role`, `unit`."""

    code = "identity.post.unknown"


class NoSuchToken(Refused):
    """There is no such token, or it has ended. Parameters: `token`."""

    code = "identity.token.unknown"


class EvidenceClosed(Refused):
    """The file opens only for filer, acceptor and auditor. Parameters: `digest`."""

    code = "permission.evidence"


# Units ------------------------------------------------------------------------------------------------------------


def record_units(
    rows: Sequence[UnitRow], *, actor: Actor, on: date, import_id: str = ""
) -> tuple[list[int], list[Problem]]:
    """
    Record versions of units, all or none; give the facts' ids and the findings that don't stop it.

    :raises permissions.NotAllowed: without KEEP_UNITS for the city
    :raises BadUnits: with everything that is wrong
    """
    permissions.require(actor.person, Permission.KEEP_UNITS, on=on)
    findings = _checked(rows)
    acts = [_units_act(rows[at : at + ROWS_PER_FACT]) for at in range(0, len(rows), ROWS_PER_FACT)]
    ids = ledger.record(acts, actor=actor, recheck=lambda: _recheck(rows), import_id=import_id)
    return ids, findings


def _checked(rows: Sequence[UnitRow]) -> list[Problem]:
    problems = unit_problems(UnitDossier(rows=rows, known=queries.versions(), profile=codebook.profile()))
    refuse_if_any(problems, BadUnits)
    return problems


def _recheck(rows: Sequence[UnitRow]) -> None:
    _checked(rows)


def _units_act(rows: Sequence[UnitRow]) -> Act:
    cells = [[getattr(row, column) for column in facts.UNIT_COLUMNS] for row in rows]
    subject = f"unit:{rows[0].code}" if len(rows) == 1 else "units"
    return Act(facts.UNIT_RECORDED, subject, rows={"identity.UnitVersion": cells})


# People and posts -------------------------------------------------------------------------------------------------


def register_person(
    *, person: str, name: str, actor: Actor, on: date, phone: str | None = None, left_on: date | None = None
) -> int:
    """
    Register a person, or change name, telephone or last day; give the fact's id.

    :param person: an id that says nothing of the person; name and telephone are kept apart and can be erased
    :raises BadPerson: if the id can't be used
    """
    permissions.require(actor.person, Permission.KEEP_PEOPLE, on=on)
    if not person or person == LOCAL_OPERATOR or any(sign in person for sign in " ;,:\t\n"):
        raise BadPerson(person=person)
    row = (person, name, phone, left_on)
    act = Act(facts.PERSON_RECORDED, f"person:{person}", rows={"identity.Person": [row]})
    return ledger.record([act], actor=actor)[0]


def remove_words_of(*, person: str, reason: str, actor: Actor, on: date) -> list[int]:
    """
    Remove a person's name and telephone by law (撤除) from every row that holds them; give the facts that say so.

    Done again, it removes what was recorded since, if anything.

    :raises NotAllowed: if the actor may not remove
    :raises NoSuchPerson: if nobody ever had this id
    """
    permissions.require(actor.person, Permission.REMOVE_BY_LAW, on=on)
    rows = list(Person.objects.filter(person=person).order_by("id").values("id", "name", "phone"))
    if not rows:
        raise NoSuchPerson(person=person)
    held = [(row["id"], [name for name in ("name", "phone") if row[name] is not None]) for row in rows]
    return [texts.remove(row=row, columns=names, reason=reason, actor=actor) for row, names in held if names]


def give_post(
    *,
    person: str,
    unit: str,
    role: str,
    valid_from: date,
    actor: Actor,
    on: date,
    valid_to: date | None = None,
    title: str = "",
) -> int:
    """
    Give a person a role at a unit from a day on; give the fact's id.

    :raises BadPost: if person, unit or role is unknown, or the person holds a role that excludes it
    """
    permissions.require(actor.person, Permission.GIVE_POSTS, on=on)
    post = PostAt(person, unit, role, valid_from, valid_to, title)
    _post_fits(post)
    act = Act(facts.POST_GIVEN, f"person:{person}", rows={"identity.Post": [_post_row(post)]})
    return ledger.record([act], actor=actor, recheck=lambda: _post_fits(post))[0]


def _post_fits(post: PostAt) -> None:
    held = queries.posts(person=post.person)
    problems = standing.post_problems(
        post=post,
        person=queries.person(post.person),
        others=tuple(
            one for one in held if _post_row(one)[:3] != _post_row(post)[:3] or one.valid_from != post.valid_from
        ),
        profile=codebook.profile(),
        tree=queries.tree(on=post.valid_from),
    )
    refuse_if_any(problems, BadPost)


def _post_row(post: PostAt) -> tuple[str, str, str, str, date, date | None]:
    return (post.person, post.unit, post.role, post.title, post.valid_from, post.valid_to)


def end_post(*, person: str, unit: str, role: str, valid_to: date, actor: Actor, on: date) -> int:
    """
    End a post: `valid_to` is the first day it is no longer held; give the fact's id.

    :raises NoSuchPost: if the person doesn't hold it before that day
    """
    permissions.require(actor.person, Permission.GIVE_POSTS, on=on)
    held = [
        post
        for post in queries.posts(person=person, unit=unit)
        if post.role == role and post.valid_from <= valid_to and (post.valid_to is None or valid_to < post.valid_to)
    ]
    if not held:
        raise NoSuchPost(person=person, role=role, unit=unit)
    rows = [(*_post_row(post)[:5], valid_to) for post in held]
    return ledger.record([Act(facts.POST_ENDED, f"person:{person}", rows={"identity.Post": rows})], actor=actor)[0]


# Tokens -----------------------------------------------------------------------------------------------------------


def issue_token(
    *, person: str, actor: Actor, on: date, label: str = "", valid_to: date | None = None, secret: str | None = None
) -> tuple[str, str]:
    """
    Issue a token for a person's programs; give its id and its secret, which is shown this once and kept nowhere.

    One's own token needs no permission. `secret` is for seeded demonstrations only.
    :raises NoSuchPerson: if nobody has this id, or the person has left
    """
    if actor.person != person:
        permissions.require(actor.person, Permission.KEEP_TOKENS, on=on)
    holder = queries.person(person)
    if holder is None or not holder.acts_on(on):
        raise NoSuchPerson(person=person)
    secret = secret or secrets.token_urlsafe(32)
    digest = queries.secret_digest(secret)
    token = digest[:12]
    row = (token, person, digest, label, valid_to)
    ledger.record([Act(facts.TOKEN_ISSUED, f"person:{person}", rows={"identity.ApiToken": [row]})], actor=actor)
    return token, secret


def revoke_token(*, person: str, token: str, actor: Actor, on: date) -> int:
    """
    Revoke a token from today on; give the fact's id.

    :raises NoSuchToken: if the person has none of that id that still opens
    """
    if actor.person != person:
        permissions.require(actor.person, Permission.KEEP_TOKENS, on=on)
    found = queries.token_row(person=person, token=token)
    if found is None or (found[4] is not None and found[4] <= on):
        raise NoSuchToken(token=token)
    act = Act(facts.TOKEN_REVOKED, f"person:{person}", rows={"identity.ApiToken": [(*found[:4], on)]})
    return ledger.record([act], actor=actor)[0]


# Looking ----------------------------------------------------------------------------------------------------------


def log_access(
    *, person: str, act: str, at: int, subject: str = "", allowed: bool = True, via: str = "", address: str = ""
) -> None:
    """Note that somebody looked at something that is logged, signed in, or was refused. Not a fact."""
    AccessLog.objects.create(at=at, person=person, act=act, subject=subject, allowed=allowed, via=via, address=address)


def open_evidence(evidence: EvidenceAccess, *, actor: Actor, at: int, address: str = "") -> None:
    """
    Decide whether somebody may open a piece of evidence, and log it either way.

    :raises EvidenceClosed: for anyone but the filer, the acceptor and the auditor
    """
    viewer = permissions.who(actor.person, on=instant.day_of(at))
    allowed = secrecy.may_open(viewer, evidence)
    log_access(
        person=actor.person,
        act="evidence.opened",
        at=at,
        subject=evidence.digest,
        allowed=allowed,
        via=actor.via,
        address=address,
    )
    if not allowed:
        raise EvidenceClosed(digest=evidence.digest)
