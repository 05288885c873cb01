"""`luodi indicators`, `luodi trace`, `luodi portfolio`, `luodi gaps`: values, the rows behind them, where projects stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import click

from luodi.cli import acting
from luodi.cli.output import format_option, head, language, print_json, print_table, refusals_exit_1, rows_of
from luodi.cli.several import ANYTHING, taking_several
from luodi.indicators.presenting import (
    answer_document,
    as_of_text,
    bridge_document,
    cut_of,
    gaps_document,
    indicators_document,
    portfolio_document,
    printed_document,
    trace_document,
    written,
)

if TYPE_CHECKING:
    from luodi.indicators.queries import Bridge, Trace
    from luodi.indicators.values import Answer

P = ParamSpec("P")
T = TypeVar("T")


def question_options(command: Callable[P, T]) -> Callable[P, T]:
    """Add the options that every question about indicators has."""
    for option in (
        click.option("--list", "list_", default=None, help="Only projects on this list at the period's last day."),
        click.option("--as-of", default=None, help="A day (its end), an instant, or `sealed`. Default: now."),
        click.option("--basis", type=click.Choice(["filed", "verified"]), default="verified", show_default=True),
        click.option(
            "--role", type=click.Choice(["host", "introducer", "lead_department"]), default="host", show_default=True
        ),
        click.option("--span", type=click.Choice(["period", "ytd", "since"]), default="ytd", show_default=True),
    ):
        command = option(command)
    return command


growth_option = click.option(
    "--growth-base",
    type=click.Choice(["revised", "published"]),
    default="revised",
    show_default=True,
    help="What growth compares with: the value as known by the same cut, or the one published at that period's own seal.",
)


@click.group()
def indicators() -> None:
    """Indicators: what there is, and values for units."""


@indicators.command("list")
@format_option
@refusals_exit_1
def list_indicators(output: str) -> None:
    """List the profile's indicators."""
    acting.start()
    from luodi.codebook import queries as codebook

    rows = indicators_document(codebook.profile())
    if output == "json":
        print_json({"indicators": rows})
    else:
        mine = language()
        columns = {"id": "id", "name": mine, "kind": "kind", "unit": "unit", "means": f"means_{mine}"}
        print_table(list(map(head, columns)), rows_of(rows, list(columns.values())))


@indicators.command("compute", cls=taking_several({"--unit": ANYTHING, "--indicator": ANYTHING}))
@click.option("--period", required=True, help="2024-05, 2024-01..02, 2024-05-上旬, 2024-Q2, 2024-H1, 2024.")
@click.option("--unit", "units", multiple=True, help="Unit codes; none: every unit, and what no unit holds.")
@click.option("--children", is_flag=True, help="The units right below those named, too.")
@growth_option
@click.option("--indicator", "wanted", multiple=True, help="Indicator ids, or ID_yoy for growth; none: all but growth.")
@question_options
@acting.as_option
@format_option
@refusals_exit_1
def compute(
    period: str,
    units: Sequence[str],
    children: bool,
    growth_base: str,
    wanted: Sequence[str],
    span: str,
    role: str,
    basis: str,
    as_of: str | None,
    list_: str | None,
    person: str | None,
    output: str,
) -> None:
    """Compute indicators for units."""
    acting.setup()
    from luodi.codebook import queries as codebook
    from luodi.codebook.values import Permission
    from luodi.indicators import queries

    acting.allowed(person, Permission.SEE_FIGURES, somewhere=True)
    cut, profile = cut_of(as_of, period)
    answer = queries.compute(
        period=period,
        units=list(units) or None,
        children=children,
        span=span,
        role=role,
        list_=queries.known_list(list_, profile=profile),
        cut=cut,
        basis=basis,
        growth_base=growth_base,
        indicators=list(wanted) or None,
        profile=profile,
        count_owed=True,
    )
    if output == "json":
        print_json(answer_document(answer, as_of_text(cut)))
    else:
        _print_answer(answer, {row["id"]: row[language()] for row in indicators_document(codebook.profile())})


def _print_answer(answer: Answer, names: Mapping[str, str]) -> None:
    units = [line.unit or "-" for line in answer.lines]
    rows = [
        [indicator, names.get(indicator), *(written(line.values[indicator], kind) for line in answer.lines)]
        for indicator, kind in answer.kinds.items()
    ]
    title = f"{answer.period.label} {answer.span} {answer.role} {answer.basis}"
    print_table((head("id"), head("name"), *units), rows, title=title)


@click.command()
@click.argument("indicator", required=False)
@click.option("--period", default=None)
@click.option("--unit", default=None, help="Unit code.")
@click.option("--ref", default=None, help="A trace number from a checking edition.")
@click.option(
    "--bridge", "as_bridge", is_flag=True, help="Instead: the steps from the published value to the revised one."
)
@growth_option
@question_options
@acting.as_option
@format_option
@refusals_exit_1
def trace(
    indicator: str | None,
    period: str | None,
    unit: str | None,
    ref: str | None,
    as_bridge: bool,
    growth_base: str,
    span: str,
    role: str,
    basis: str,
    as_of: str | None,
    list_: str | None,
    person: str | None,
    output: str,
) -> None:
    """Show the rows that make a value, and the value."""
    if ref is None and not (indicator and period and unit):
        raise click.UsageError("INDICATOR with --period and --unit, or --ref")
    acting.setup()
    from luodi.codebook.values import Permission
    from luodi.indicators import queries

    if ref is not None:
        printed = printed_document(ref)
        acting.allowed(person, Permission.TRACE, unit=printed["unit"], somewhere=True)
        return _show(queries.opened(ref), printed, output)
    assert indicator and period and unit  # noqa: S101  checked above
    acting.allowed(person, Permission.TRACE, unit=unit)
    cut, profile = cut_of(as_of, period)
    if as_bridge:
        found = queries.bridge(indicator=indicator, period=period, unit=unit, span=span, role=role, basis=basis)
        return _show_bridge(found, output)
    traced = queries.trace(
        indicator=indicator,
        period=period,
        unit=unit,
        span=span,
        role=role,
        list_=queries.known_list(list_, profile=profile),
        cut=cut,
        basis=basis,
        profile=profile,
        growth_base=growth_base,
        count_owed=True,
    )
    return _show(traced, {"as_of": as_of_text(cut)}, output)


def _show(found: Trace, more: dict[str, Any], output: str) -> None:
    document = {**trace_document(found), **more}
    if output == "json":
        return print_json(document)
    rows = [
        (
            row["part"],
            row["subject"],
            row["weight"],
            _shares(row["attributions"]),
            row["value"],
            one["says"],
            one["table"],
            one["fact"],
            one["recorded_at"],
            one["actor"],
        )
        for row in document["rows"]
        for one in row["sources"] or [dict.fromkeys(("says", "table", "fact", "recorded_at", "actor"))]
    ]
    columns = ("part", "subject", "weight", "shares", "value", "says", "table", "fact", "recorded_at", "by")
    title = f"{found.indicator} {found.unit or '-'} {found.period} = {document['value']}"
    return print_table(list(map(head, columns)), rows, title=title)


def _shares(attributions: Sequence[dict[str, Any]]) -> str:
    """Say the set that a weight comes from: each unit with its share and the fact that says so."""
    return ", ".join(f"{one['unit']} {one['share']} #{one['source']['fact']}" for one in attributions)


def _show_bridge(found: Bridge, output: str) -> None:
    document = bridge_document(found)
    if output == "json":
        return print_json(document)
    rows = [
        (s["at"], s["cause"], s["change"], s["after"], ", ".join(map(str, s["by_project"]))) for s in document["steps"]
    ]
    title = f"{found.indicator} {found.unit} {found.period}: {document['published']} -> {document['revised']}"
    return print_table(list(map(head, ("at", "cause", "change", "after", "projects"))), rows, title=title)


@click.command()
@click.option("--on", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The day.")
@click.option("--by", default=None, help="Split by a project column or attribute.")
@acting.as_option
@format_option
@refusals_exit_1
def portfolio(on: datetime, by: str | None, person: str | None, output: str) -> None:
    """Count projects by furthest stage, with their total investment, on a day."""
    acting.setup()
    from luodi.codebook.values import Permission
    from luodi.indicators import queries

    acting.allowed(person, Permission.SEE_FIGURES, somewhere=True)
    document = portfolio_document(queries.portfolio(on=on.date(), by=by), on=on.date(), by=by)
    if output == "json":
        return print_json(document)
    table = [(row["group"], row["stage"] or head("none_yet"), row["count"], row["amount"]) for row in document["rows"]]
    heads = (head("group"), head("stage"), head("count"), head("amount"))
    return print_table(heads, table, title=on.date().isoformat())


@click.command()
@click.argument("since")
@click.argument("until")
@click.option("--by", default=None, help="Split by a project column or attribute.")
@acting.as_option
@format_option
@refusals_exit_1
def gaps(since: str, until: str, by: str | None, person: str | None, output: str) -> None:
    """Describe the days between two stages: n, median, mean, min, max."""
    acting.setup()
    from luodi.codebook.values import Permission
    from luodi.indicators import queries

    acting.allowed(person, Permission.SEE_FIGURES, somewhere=True)
    document = gaps_document(queries.gaps(since=since, until=until, by=by), since=since, until=until, by=by)
    if output == "json":
        return print_json(document)
    columns = ("group", "n", "median", "mean", "min", "max", "negative")
    return print_table(list(map(head, columns)), rows_of(document["rows"], columns), title=f"{since} -> {until}")
