"""Before a command that needs the store: Django's start, the store's state, and who acts."""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import click

from luodi.kernel.problem import Refused

if TYPE_CHECKING:
    from luodi.codebook.values import Permission
    from luodi.ledger.values import Actor

P = ParamSpec("P")
T = TypeVar("T")

OPERATOR = "local"  # identity.values.LOCAL_OPERATOR: whoever may run commands on an embedded store


class TokenNeeded(Refused):
    """On PostgreSQL nobody acts without a token."""

    code = "ledger.actor.token_needed"


class TokenUnknown(Refused):
    """No person has that token."""

    code = "ledger.actor.token_unknown"


class OtherPerson(Refused):
    """The token is not of the person named. Parameters: `person`, `wanted`."""

    code = "ledger.actor.other_person"


def start() -> None:
    """Start Django with the product's settings, whatever state the store is in."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luodi.server.settings")
    django.setup()


def setup(*, guarded: bool = True) -> None:
    """
    Start Django and refuse plainly when there is no store to work on.

    :param guarded: also refuse a store whose facts the database does not guard
    :raises NotMade, GuardsMissing, Unreachable:
    """
    start()
    from luodi.ledger import making

    making.require(guarded=guarded)


def as_option(command: Callable[P, T]) -> Callable[P, T]:
    """Add `--as PERSON` to a command, passed as `person`."""
    return click.option(
        "--as", "person", envvar="LUODI_USER", default=None, help="Who acts (default: LUODI_USER, else the operator)."
    )(command)


def acting(person: str | None = None) -> Actor:
    """
    Tell who acts by this command: the person named, LUODI_USER, or the operator. On PostgreSQL only by LUODI_TOKEN.

    :raises TokenNeeded, TokenUnknown, OtherPerson:
    """
    from django.db import connection

    from luodi.ledger.values import Actor

    wanted = person or os.environ.get("LUODI_USER") or None
    name = _by_token(wanted) if connection.vendor == "postgresql" else wanted or OPERATOR
    return Actor(name, "cli", os_user=_os_user())


def allowed(person: str | None, permission: Permission, *, unit: str | None = None, somewhere: bool = False) -> Actor:
    """
    Tell who acts, and refuse unless they may: about the whole city, about a unit, or (`somewhere`) about anything at all.

    :raises TokenNeeded, TokenUnknown, OtherPerson, luodi.identity.permissions.NotAllowed:
    """
    from luodi.identity import permissions
    from luodi.ledger import clock

    actor, on = acting(person), clock.today()
    if somewhere and unit is None:
        permissions.require_somewhere(actor.person, permission, on=on)
    else:
        permissions.require(actor.person, permission, on=on, unit=unit)
    return actor


def _by_token(wanted: str | None) -> str:
    """Until a first token is issued, whoever holds the database's password is setting the store up: the operator."""
    from luodi.identity import queries as identity
    from luodi.ledger import clock
    from luodi.ledger import queries as ledger

    token = os.environ.get("LUODI_TOKEN")
    if not token:
        if next(ledger.facts(names=["identity.token.issued"]), None) is None:
            return wanted or OPERATOR
        raise TokenNeeded()
    found = identity.person_of_token(token, on=clock.today())
    if found is None:
        raise TokenUnknown()
    if wanted not in (None, found):
        raise OtherPerson(person=found, wanted=wanted)
    return found


def _os_user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user id without a name
        return str(os.getuid())
