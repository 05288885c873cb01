"""The commands `luodi score` and `luodi scheme`: thin; everything happens in luodi.assessment.schemes."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import click
import orjson

from luodi.assessment.schemes import scoring
from luodi.cli.output import as_json, format_option, language, notice, print_table, refusals_exit_1
from luodi.kernel.problem import Problem, words

FILE = click.Path(exists=True, dir_okay=False)


def _exact(value: object) -> object:
    """Write a decimal with the places it has: 40.00 stays 40.00. Problems say their words."""
    if isinstance(value, Decimal):
        return orjson.Fragment(str(value).encode())
    if isinstance(value, Problem):
        return value.as_json(language())
    return as_json(value)


def print_exact(found: object) -> None:
    """Print one JSON document in which decimals keep their places."""
    text = orjson.dumps(found, default=_exact, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS)
    sys.stdout.write(text.decode())
    sys.stdout.write("\n")


def rows_option(command: Any) -> Any:
    """Add `--rows NAME=FILE`, as often as needed."""
    return click.option("--rows", "rows", multiple=True, metavar="NAME=FILE", help="A file of rows the scheme names.")(
        command
    )


def known_option(command: Any) -> Any:
    """Add `--known-at DAY`."""
    return click.option("--known-at", metavar="DAY", help="Leave out what became known later.")(command)


def _rows(rows: Sequence[str]) -> dict[str, str]:
    found = {}
    for one in rows:
        name, equals, file = one.partition("=")
        if not equals or not name or not file:
            raise click.BadParameter(f"{one!r} is not NAME=FILE", param_hint="--rows")
        if name in found:
            raise click.BadParameter(f"{name} stands twice", param_hint="--rows")
        found[name] = file
    return found


@click.command()
@click.argument("scheme", type=FILE)
@click.argument("data", type=FILE)
@rows_option
@click.option("--period", help="The period to score (the last one unless said); `all` for each of them.")
@known_option
@format_option
@refusals_exit_1
def score(scheme: str, data: str, rows: Sequence[str], period: str | None, known_at: str | None, output: str) -> None:
    """Score the units in DATA by SCHEME; every score opens into a trace (--format json)."""
    case = scoring.read_case(scheme=scheme, data=data, rows=_rows(rows), known_at=known_at)
    if period == "all":
        answers = [scoring.answer(case, label) for label in scoring.periods(case)]
        _print_all(answers, output)
        return
    found = scoring.answer(case, scoring.chosen_period(case, period))
    _print_one(found, output)


def _print_all(answers: Sequence[Mapping[str, Any]], output: str) -> None:
    if output == "json":
        print_exact({"periods": answers})
        return
    for found in answers:
        _print_one(found, output)


def _print_one(found: Mapping[str, Any], output: str) -> None:
    if output == "json":
        print_exact(found)
        return
    if "mark" in found:
        notice(found["mark"][language()])
    items = list(dict.fromkeys(item["item"] for unit in found["units"] for item in unit["items"]))
    heads = [words(f"scheme.head.{name}", language()) for name in ("group", "rank", "unit", "score")]
    rows = []
    for unit in found["units"]:
        scores = {item["item"]: item["score"] for item in unit["items"]}
        place = unit["rank"] if unit["rank"] is not None else words(f"scheme.state.{unit['state']}", language())
        rows.append([unit["group"], place, unit["unit"], unit["score"], *(scores.get(item) for item in items)])
    title = " ".join(str(part) for part in (found["scheme"], found["period"]) if part)
    print_table([*heads, *items], rows, title=title)
    for problem in found["problems"]:
        notice(f"{problem.message(language())} [{problem.code}]")
