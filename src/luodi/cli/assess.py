"""The command `luodi assess`: a scheme applied to the store."""

from __future__ import annotations

from pathlib import Path

import click

from luodi.cli import acting
from luodi.cli.output import format_option, refusals_exit_1

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("scheme", type=FILE)
@click.option("--period", required=True, help="The period to score, as 2024-05.")
@click.option(
    "--inputs", "mapping", type=FILE, default=None,
    help="Which figure of the store each input is (YAML). Default: SCHEME.store.yaml beside the scheme, else by name.",
)  # fmt: skip
@click.option("--as-of", default=None, help="A day (its end), an instant, or `sealed`. Default: now.")
@click.option(
    "--keep", type=click.Path(file_okay=False, path_type=Path), default=None,
    help="Leave the gathered tables in this folder: `luodi score` takes them.",
)  # fmt: skip
@acting.as_option
@format_option
@refusals_exit_1
def assess(
    scheme: Path,
    period: str,
    mapping: Path | None,
    as_of: str | None,
    keep: Path | None,
    person: str | None,
    output: str,
) -> None:
    """Score the units of the city by SCHEME with the figures of the ledger; the answer is that of `luodi score`."""
    acting.setup()
    from luodi.assessment.store import applying
    from luodi.cli.score import print_answer
    from luodi.codebook import queries as codebook
    from luodi.indicators.presenting import as_of_text, cut_of
    from luodi.ledger import clock

    cut, sealed = cut_of(as_of, period)
    profile = sealed or codebook.profile()
    found = applying.assess(
        scheme=scheme, mapping=mapping, period=profile.calendar.accounting_year.parse(period), cut=cut, profile=profile,
        person=acting.acting(person).person, today=clock.today(), kept=keep,
    )  # fmt: skip
    print_answer({**found, "as_of": as_of_text(cut)}, output)
