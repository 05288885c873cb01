"""`luodi remove`: words and files taken away for good where the law asks it (撤除); the ledger keeps that, why and by whom."""

from __future__ import annotations

from typing import Any

import click

from luodi.cli import acting
from luodi.cli.output import format_option, print_json, print_record, refusals_exit_1

REASON = click.option("--reason", required=True, help="Why: the law or the request it rests on. Kept on the ledger.")


@click.group()
def remove() -> None:
    """Take a person's words, a text or an evidence file away for good, by law (撤除). The fact and its seal stay."""


@remove.command()
@click.argument("row", type=int)
@click.argument("columns", nargs=-1, required=True)
@REASON
@acting.as_option
@format_option
@refusals_exit_1
def text(row: int, columns: tuple[str, ...], reason: str, person: str | None, output: str) -> None:
    """Remove the words in COLUMNS of a projection's ROW (both as `luodi trace` and the project's history give them)."""
    actor = _allowed(person)
    from luodi.ledger import texts

    _print({"removed": 1, "facts": [texts.remove(row=row, columns=columns, reason=reason, actor=actor)]}, output)


@remove.command()
@click.argument("fact", type=int)
@click.argument("names", nargs=-1, required=True)
@REASON
@acting.as_option
@format_option
@refusals_exit_1
def words(fact: int, names: tuple[str, ...], reason: str, person: str | None, output: str) -> None:
    """Remove the words under NAMES that a FACT holds beside its rows: the reason of an earlier removal."""
    actor = _allowed(person)
    from luodi.ledger import texts

    _print({"removed": 1, "facts": [texts.remove_own(fact=fact, names=names, reason=reason, actor=actor)]}, output)


@remove.command()
@click.argument("digest")
@REASON
@acting.as_option
@format_option
@refusals_exit_1
def evidence(digest: str, reason: str, person: str | None, output: str) -> None:
    """Remove the evidence file with a DIGEST."""
    actor = _allowed(person)
    from luodi.ledger import evidence as files

    _print({"removed": 1, "facts": [files.remove(digest, reason=reason, actor=actor)]}, output)


@remove.command()
@click.argument("who")
@REASON
@acting.as_option
@format_option
@refusals_exit_1
def person(who: str, reason: str, person: str | None, output: str) -> None:
    """Remove name and telephone of the person WHO wherever they were recorded, and the notices to them."""
    actor = _allowed(person)
    from luodi.identity import actions
    from luodi.ledger import clock
    from luodi.notices.actions import forget_person

    facts = actions.remove_words_of(person=who, reason=reason, actor=actor, on=clock.today())
    _print({"removed": len(facts), "facts": facts, "notices": forget_person(who)}, output)


def _allowed(person: str | None) -> Any:
    acting.setup()
    from luodi.codebook.values import Permission

    return acting.allowed(person, Permission.REMOVE_BY_LAW)


def _print(document: dict[str, Any], output: str) -> None:
    if output == "json":
        print_json(document)
    else:
        print_record(document)
