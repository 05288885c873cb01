"""`luodi profile`: check a city's profile. Needs no store, unless asked to compare with one."""

from __future__ import annotations

from pathlib import Path

import click

from luodi.cli import acting
from luodi.cli.output import format_option, head, language, print_json, print_problems, print_table, refusals_exit_1
from luodi.codebook.load import load_profile
from luodi.codebook.values import Profile
from luodi.kernel.problem import Problem, words


@click.group()
def profile() -> None:
    """The city's profile: a folder of YAML files that says everything in which cities differ."""


@profile.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--store", is_flag=True, help="Also see that the units it names stand in the ledger today.")
@format_option
@refusals_exit_1
def check(folder: Path, store: bool, output: str) -> None:
    """Check the profile in FOLDER: all its mistakes, each with file, line and what is allowed. Exit 1 if there are any."""
    found = load_profile(folder)
    problems = _not_in_the_ledger(found) if store else []
    if problems:
        print_problems(problems, output)
        raise SystemExit(1)
    if output == "json":
        print_json({"problems": []})
    else:
        click.echo(words("profile.fits", language(), city=found.city.zh, folder=folder), err=True)
        print_table((head("section"), head("items")), sizes(found))


def _not_in_the_ledger(profile: Profile) -> list[Problem]:
    acting.setup()
    from luodi.identity import queries
    from luodi.identity.rules.places import place_problems
    from luodi.ledger import clock

    return list(place_problems(profile, queries.tree(on=clock.today())))


def sizes(profile: Profile) -> list[tuple[str, int]]:
    """Count the items of each list section."""
    lists = ((name, getattr(profile, name)) for name in Profile.model_fields)
    return [(name, len(items)) for name, items in lists if isinstance(items, tuple)]
