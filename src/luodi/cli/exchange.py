"""Commands that exchange tables with the world: import, export, fill, template."""

from __future__ import annotations

from datetime import datetime
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
        title=f"{answer.file} / {'、'.join(answer.sheets)}",
    )
    if answer.unknown_columns:
        notice(words("import.progress.unknown_columns", language(), columns="、".join(answer.unknown_columns)))
    if answer.other_sheets:
        notice(words("import.progress.other_sheets", language(), sheets="、".join(answer.other_sheets)))


@click.command()
@click.argument("kind", type=click.Choice(KINDS))
@click.option("-o", "--out", type=FILE, required=True, help="File to write: .xlsx or .csv.")
@click.option("--mapping", type=EXISTING, default=None, help="Write the columns of a mapping file instead of ours.")
@click.option("--unit", "units", multiple=True, help="Only this unit (may be repeated).")
@click.option("--project", "projects", multiple=True, help="Only this project.")
@click.option("--period", "periods", multiple=True, help="Only this period.")
@click.option("--measure", "measures", multiple=True, help="Only this measure.")
@click.option("--stage", "stages", multiple=True, help="Only this stage.")
@click.option("--list", "lists", multiple=True, help="Only this list.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), default=None, help="Only rows valid from this day on.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), default=None, help="Only rows valid up to this day.")
@click.option(
    "--as-of", "as_of", type=click.DateTime(["%Y-%m-%d"]), default=None, help="As known at the end of this day."
)
@click.option(
    "--history",
    is_flag=True,
    help="Every row with its known time, and the voids: `luodi import --history` takes it back.",
)
@click.option("--codes", is_flag=True, help="Head the columns by code.")
@acting.as_option
@format_option
@refusals_exit_1
def export(
    kind: str, out: Path, mapping: Path | None, units: tuple[str, ...], projects: tuple[str, ...], periods: tuple[str, ...],
    measures: tuple[str, ...], stages: tuple[str, ...], lists: tuple[str, ...], since: datetime | None, until: datetime | None,
    as_of: datetime | None, history: bool, codes: bool, person: str | None, output: str,
) -> None:  # fmt: skip
    """Write the rows of KIND as a table."""
    acting.setup()
    from luodi.codebook import queries as codebook
    from luodi.exchange import actions, exporting, kinds, writing
    from luodi.kernel import instant
    from luodi.ledger import clock

    profile = codebook.profile()
    layout = actions.layout_of(mapping, kinds.KINDS[kind], profile) if mapping else None
    filters = exporting.Filters(
        units, projects, periods, measures, stages, lists, since.date() if since else None, until.date() if until else None,
        instant.end_of(as_of.date()) if as_of else None, history,
    )  # fmt: skip
    table = exporting.table(kind=kind, profile=profile, actor=who(person), today=clock.today(), filters=filters)
    rows = writing.write(table, out=out, profile=profile, layout=layout, codes=codes)
    document = {"kind": kind, "file": str(out), "rows": rows, "withheld": table.withheld}
    print_json(document) if output == "json" else notice(words("exchange.exported", language(), **document))


@click.command()
@click.argument("kind", type=click.Choice(KINDS))
@click.option("-o", "--out", type=FILE, required=True, help="Workbook to write (.xlsx).")
@format_option
@refusals_exit_1
def template(kind: str, out: Path, output: str) -> None:
    """Write a blank workbook for KIND, with drop-downs and notes."""
    acting.start()
    from django.db import DatabaseError

    from luodi.codebook import queries as codebook
    from luodi.exchange import templates

    try:
        units = known_units()
    except DatabaseError:  # no store yet: the template needs none
        units = []
    templates.write(kind=kind, profile=codebook.profile(), out=out, language=language(), units=units)
    print_json({"kind": kind, "file": str(out)}) if output == "json" else notice(
        words("exchange.written", language(), file=str(out))
    )


def known_units() -> list[tuple[str, str]]:
    """List the city's units as they stand today: code and name."""
    from luodi.identity import queries
    from luodi.ledger import clock

    tree = queries.tree(on=clock.today())
    return [(code, tree.name(code)) for unit in tree.roots() for code in sorted(tree.under(unit.code))]


@click.command()
@click.argument("template", type=EXISTING)
@click.option("--mapping", type=EXISTING, required=True, help="Which cell of the form gets what (YAML).")
@click.option("--period", required=True, help="The period, as 2024-05.")
@click.option(
    "--as-of", "as_of", type=click.DateTime(["%Y-%m-%d"]), default=None, help="As known at the end of this day."
)
@click.option("-o", "--out", type=FILE, required=True, help="Workbook to write (.xlsx).")
@acting.as_option
@format_option
@refusals_exit_1
def fill(
    template: Path, mapping: Path, period: str, as_of: datetime | None, out: Path, person: str | None, output: str
) -> None:
    """Put the ledger into a superior's own TEMPLATE, cell by cell."""
    acting.setup()
    from luodi.codebook import queries as codebook
    from luodi.codebook.values import Permission
    from luodi.indicators.queries import forms
    from luodi.kernel import instant
    from luodi.ledger import clock

    profile = codebook.profile()
    asked = profile.calendar.accounting_year.parse(period)
    acting.allowed(who(person).person, Permission.EXPORT)
    cut = instant.end_of(as_of.date()) if as_of else clock.now()
    done = forms.fill(template=template, mapping=mapping, period=asked, cut=cut, profile=profile, out=out)
    document = {
        "file": str(out),
        "period": asked.label,
        "cells": done.cells,
        "missing": done.missing,
        "unmatched": list(done.unmatched),
    }
    print_json(document) if output == "json" else notice(words("exchange.filled", language(), **document))
