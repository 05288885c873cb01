"""Commands that exchange tables with the world: import, export, fill, template."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from luodi.cli import acting
from luodi.cli.output import format_option, language, notice, print_json, print_problems, print_table, refusals_exit_1
from luodi.kernel.problem import words

if TYPE_CHECKING:
    from luodi.exchange.answer import Answer
    from luodi.ledger.values import Actor

FILE = click.Path(dir_okay=False, path_type=Path)
EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)
KINDS = ("units", "projects", "stages", "lists", "plans", "figures", "notes", "targets", "attributions", "enterprises")
MOST_PRINTED = 50


@click.command("import")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("file", type=EXISTING)
@click.option("--mapping", type=EXISTING, default=None, help="How a foreign table becomes one of ours (YAML).")
@click.option("--dry-run", is_flag=True, help="Check and say what would change; change nothing.")
@click.option("--partial", is_flag=True, help="Take good rows and leave the bad ones (default: all or nothing).")
@click.option("--errors", type=FILE, default=None, help="Write the same workbook here, bad cells marked and explained.")
@click.option("--history", is_flag=True, help="Take rows as they were: known, verified and accepted in the past.")
@click.option(
    "--confirm", type=EXISTING, default=None, help="CSV (row, code): which project each row without a code is."
)
@acting.as_option
@format_option
@refusals_exit_1
def import_(
    kind: str, file: Path, mapping: Path | None, dry_run: bool, partial: bool, errors: Path | None, history: bool, confirm: Path | None,
    person: str | None, output: str,
) -> None:  # fmt: skip
    """Load a .xlsx, .xls or .csv file of KIND into the ledger."""
    acting.setup()
    from luodi.codebook import queries as codebook
    from luodi.exchange import actions, marked
    from luodi.ledger import clock

    options = actions.Options(history, partial, dry_run, mapping, confirm)
    actor = who(person)
    try:
        answer = actions.import_file(
            kind=kind,
            path=file,
            profile=codebook.profile(),
            actor=actor,
            now=clock.now(),
            today=clock.today(),
            options=options,
            progress=tell,
        )
    except actions.Rejected as rejected:
        answer = rejected.answer
    if errors is not None and answer.faults:
        marked.write(source=file, out=errors, answer=answer, language=language())
        answer.marked = str(errors)
    show(answer, output)
    if answer.refused and not partial:
        raise SystemExit(1)


def who(person: str | None) -> Actor:
    """Tell who acts; the operator at the machine is who permissions know as the local one."""
    from dataclasses import replace

    from luodi.identity.values import LOCAL_OPERATOR

    actor = acting.acting(person)
    return replace(actor, person=LOCAL_OPERATOR) if actor.person == acting.OPERATOR else actor


def tell(stage: str, count: int) -> None:
    """Say on stderr how far it is."""
    notice(words(f"import.progress.{stage}", language(), count=count))


def show(answer: Answer, output: str) -> None:
    """Print what an import did."""
    if output == "json":
        print_json(answer.as_json(language()))
        return
    problems, findings = answer.problems(blocking=True), answer.problems(blocking=False)
    print_problems([*problems[:MOST_PRINTED], *findings[:MOST_PRINTED]], "table")
    if len(problems) + len(findings) > 2 * MOST_PRINTED:
        notice(words("import.progress.more", language(), count=len(problems) + len(findings)))
    counts = ("rows", "loaded", "voided", "unchanged", "refused", "skipped")
    print_table(
        [words(f"import.count.{name}", language()) for name in counts],
        [[getattr(answer, name) for name in counts]],
        title=f"{answer.file} / {answer.sheet}",
    )
    if answer.unknown_columns:
        notice(words("import.progress.unknown_columns", language(), columns="、".join(answer.unknown_columns)))
