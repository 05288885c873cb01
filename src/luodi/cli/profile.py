"""`luodi profile`: check a city's profile. Needs no store."""

from __future__ import annotations

from pathlib import Path

import click

from luodi.cli.output import format_option, language, print_json, print_problems, print_table
from luodi.codebook.load import BadProfile, load_profile
from luodi.codebook.values import Profile
from luodi.kernel.problem import words


@click.group()
def profile() -> None:
    """The city's profile: a folder of YAML files that says everything in which cities differ."""


@profile.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@format_option
def check(folder: Path, output: str) -> None:
    """Check the profile in FOLDER: all its mistakes, each with file, line and what is allowed. Exit 1 if there are any."""
    try:
        found = load_profile(folder)
    except BadProfile as refusal:
        print_problems(refusal.problems, output)
        raise SystemExit(1) from None
    if output == "json":
        print_json({"problems": []})
    else:
        click.echo(words("profile.fits", language(), city=found.city.zh, folder=folder), err=True)
        print_table(("section", "items"), sizes(found))


def sizes(profile: Profile) -> list[tuple[str, int]]:
    """Count the items of each list section."""
    lists = ((name, getattr(profile, name)) for name in Profile.model_fields)
    return [(name, len(items)) for name, items in lists if isinstance(items, tuple)]
