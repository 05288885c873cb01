"""
Accounts: who may sign in and how, kept by the security administrator; nobody's password is ever known to another person.

A first or lost password is replaced through a link that works once and not for long: whoever it is handed to chooses the password.
Every act here stays in the log that the security auditor reads.
"""

from __future__ import annotations

from datetime import date

from axes.utils import reset as forget_failures
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.encoding import force_str
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from luodi.codebook.values import Permission
from luodi.identity import actions as identity
from luodi.identity import permissions
from luodi.identity import queries as people
from luodi.kernel.problem import Problem, Refused
from luodi.ledger.values import Actor
from luodi.web.models import Account


class BadAccount(Refused):
    """The account can't be opened, or there is none. `problems` says why."""

    code = "people.account.refused"


class BadPassword(Refused):
    """The password can't be taken. `problems` says why."""

    code = "people.password.refused"


class LinkIsOver(Refused):
    """The link was used, is too old, or was never ours."""

    code = "people.link.over"


def accounts_of(person: str) -> list[Account]:
    """List a person's accounts, the first one first."""
    return list(Account.objects.filter(person=person).order_by("pk"))


@transaction.atomic
def open_account(*, person: str, login: str, actor: Actor, on: date, at: int, address: str = "") -> tuple[Account, str]:
    """
    Open an account without a password; give it and the path of its one-time link.

    :raises permissions.NotAllowed: without KEEP_TOKENS
    :raises BadAccount: if nobody has this id, or the login is taken or empty
    """
    permissions.require(actor.person, Permission.KEEP_TOKENS, on=on)
    holder = people.person(person)
    if holder is None or not holder.acts_on(on):
        raise BadAccount(Problem("people.account.nobody", person, {"person": person}))
    if not login or any(sign.isspace() for sign in login) or len(login) > 80:
        raise BadAccount(Problem("people.account.login", "login", {"login": login}))
    if Account.objects.filter(login=login).exists():
        raise BadAccount(Problem("people.account.taken", "login", {"login": login}))
    account = Account.objects.create_account(login=login, person=person, password=None)
    _log(actor, "account.opened", person, at, address)
    return account, link_parts(account)


@transaction.atomic
def reset_password(*, account: Account, actor: Actor, on: date, at: int, address: str = "") -> str:
    """
    Take the password away, end every session, and give the path of a link that sets a new one once.

    :raises permissions.NotAllowed: without KEEP_TOKENS
    """
    permissions.require(actor.person, Permission.KEEP_TOKENS, on=on)
    account.set_unusable_password()
    account.save(update_fields=["password"])
    forget_failures(username=account.login)
    _log(actor, "password.reset", account.person, at, address)
    return link_parts(account)


@transaction.atomic
def set_active(*, account: Account, active: bool, actor: Actor, on: date, at: int, address: str = "") -> None:
    """
    Lock an account, or unlock it (also after too many wrong passwords).

    :raises permissions.NotAllowed: without KEEP_TOKENS
    :raises BadAccount: for one's own: nobody locks themselves out
    """
    permissions.require(actor.person, Permission.KEEP_TOKENS, on=on)
    if account.person == actor.person and not active:
        raise BadAccount(Problem("people.account.own", account.login))
    account.is_active = active
    account.save(update_fields=["is_active"])
    if active:
        forget_failures(username=account.login)
    _log(actor, "account.unlocked" if active else "account.locked", account.person, at, address)


def link_parts(account: Account) -> str:
    """Give the two parts of an account's one-time link: it dies with the first password set, or by its age."""
    return f"{urlsafe_base64_encode(str(account.pk).encode())}/{default_token_generator.make_token(account)}"


def account_of_link(uid: str, token: str) -> Account:
    """
    Find whose link it is.

    :raises LinkIsOver: if it was used, is too old, or was never ours
    """
    try:
        account = Account.objects.filter(pk=int(force_str(urlsafe_base64_decode(uid))), is_active=True).first()
    except ValueError:
        account = None
    if account is None or not default_token_generator.check_token(account, token):
        raise LinkIsOver()
    return account


@transaction.atomic
def choose_password(*, account: Account, password: str, again: str, at: int, address: str = "") -> None:
    """
    Set the password that the account's holder chose.

    :raises BadPassword: if the two differ, or it is too weak
    """
    if password != again:
        raise BadPassword(Problem("people.password.differ", "again"))
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise BadPassword(*(_weak(one) for one in error.error_list)) from None
    account.set_password(password)
    account.save(update_fields=["password"])
    actor = Actor(account.person, "web")
    _log(actor, "password.chosen", account.person, at, address)


def _weak(error: ValidationError) -> Problem:
    known = ("password_too_short", "password_too_common", "password_entirely_numeric")
    return Problem(f"people.password.{error.code if error.code in known else 'refused'}", "password", {"least": 10})


def _log(actor: Actor, act: str, person: str, at: int, address: str) -> None:
    identity.log_access(person=actor.person, act=act, at=at, subject=f"person:{person}", via=actor.via, address=address)
