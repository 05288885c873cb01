"""
`luodi people`: the first people of a new store, at the machine. Everybody after them is registered on the page 人员岗位 by the
security administrator; that page asks for an account, and the first one has to come from somewhere.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from luodi.cli import acting
from luodi.cli.output import format_option, print_json, print_record, refusals_exit_1

if TYPE_CHECKING:
    from luodi.ledger.values import Actor

USUAL_DAYS = 90  # as the page 我的账号 offers
DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group()
def people() -> None:
    """Register people with a post and an account, and give tokens to their programs: the first ones of a new store."""


@people.command()
@click.argument("who")
@click.option("--name", required=True, help="Kept apart from the ledger, erasable.")
@click.option("--phone", default=None, help="Kept apart from the ledger, erasable.")
@click.option("--role", required=True, help="A role of the profile, such as security_admin.")
@click.option("--unit", required=True, help="Code of the unit where the post is.")
@click.option("--from", "since", type=DAY, default=None, help="First day of the post. Default: today.")
@click.option("--login", default=None, help="Open an account under this name: the answer holds its one-time link.")
@acting.as_option
@format_option
@refusals_exit_1
def admit(
    who: str, name: str, phone: str | None, role: str, unit: str, since: datetime | None, login: str | None,
    person: str | None, output: str,
) -> None:  # fmt: skip
    """Register the person WHO (an id that tells nothing of them) with a post and, if asked, an account: all or nothing."""
    actor, on = _who_acts(person)
    from django.db import transaction

    from luodi.identity import actions

    valid_from = since.date() if since else on
    with transaction.atomic():
        actions.register_person(person=who, name=name, phone=phone, actor=actor, on=on)
        actions.give_post(person=who, unit=unit, role=role, valid_from=valid_from, actor=actor, on=on)
        link = _open_account(who, login, actor, on) if login else None
    _print({"person": who, "role": role, "unit": unit, "from": valid_from, "login": login, "link": link}, output)


@people.command()
@click.argument("who")
@click.option("--label", default="", help="What it is for.")
@click.option("--until", type=DAY, default=None, help="First day on which it opens nothing. Default: 90 days from now.")
@acting.as_option
@format_option
@refusals_exit_1
def token(who: str, label: str, until: datetime | None, person: str | None, output: str) -> None:
    """Give a token to a program of the person WHO. Its secret is shown this once."""
    actor, on = _who_acts(person)
    from luodi.identity import actions

    end = until.date() if until else on + timedelta(days=USUAL_DAYS)
    number, secret = actions.issue_token(person=who, actor=actor, on=on, label=label, valid_to=end)
    _print({"person": who, "token": number, "secret": secret, "until": end}, output)


def _open_account(who: str, login: str, actor: Actor, on: date) -> str:
    """Open an account; give the path of the page, on any address of this store, where its holder chooses a password once."""
    from django.urls import reverse

    from luodi.ledger import clock
    from luodi.web import people_accounts

    _, parts = people_accounts.open_account(person=who, login=login, actor=actor, on=on, at=clock.now())
    return str(reverse("welcome", args=parts.split("/")))


def _who_acts(person: str | None) -> tuple[Actor, date]:
    """Tell who acts and on which day; what they may do, each act asks itself."""
    acting.setup()
    from luodi.ledger import clock

    return acting.acting(person), clock.today()


def _print(document: dict[str, Any], output: str) -> None:
    if output == "json":
        print_json(document)
    else:
        print_record(document)
