"""
What commands print. JSON: one document on stdout and nothing else there. Table: for people. Notices go to stderr.

Exit codes: 0 done, 1 refused and nothing changed, 2 wrong usage.
"""

from __future__ import annotations

import functools
import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import ParamSpec, TypeVar

import click

from luodi.kernel.problem import Problem, Refused, words

P = ParamSpec("P")
T = TypeVar("T")


def format_option(command: Callable[P, T]) -> Callable[P, T]:
    """Add `--format table|json` to a command, passed as `output`."""
    return click.option(
        "--format",
        "output",
        type=click.Choice(["table", "json"]),
        default="table",
        show_default=True,
        help="How to print.",
    )(command)


def language() -> str:
    """Tell which language messages are printed in: LUODI_LANG, `zh` unless it says `en`."""
    return "en" if os.environ.get("LUODI_LANG", "zh").startswith("en") else "zh"


def as_json(value: object) -> object:
    """Turn one of our values into what `json` writes. Numbers stay numbers; callers make money text themselves."""
    if isinstance(value, Decimal | Fraction):
        return int(value) if value == int(value) else float(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"no JSON for {type(value).__name__}")


def print_json(document: object) -> None:
    """Print one document."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=1, default=as_json))


def head(name: str) -> str:
    """Say what a field is called; one without words, such as a table's name, is called as it is."""
    code = f"head.{name}"
    said = words(code, language())
    return name if said == code else said


def print_table(
    columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str | None = None, headed: bool = True
) -> None:
    """Print rows under headings, as wide as the terminal, or as long lines when piped."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(*map(escape, columns), title=title, title_justify="left", show_header=headed)
    for row in rows:
        table.add_row(*(escape(_cell(cell)) for cell in row))
    Console(width=None if sys.stdout.isatty() else 240).print(table)


def print_record(document: Mapping[str, object]) -> None:
    """Print one document as lines of a field's name and what it holds; documents within it are left to JSON."""
    rows = [(head(name), cell) for name, cell in document.items() if not isinstance(cell, dict)]
    print_table(("", ""), rows, headed=False)


def _cell(cell: object) -> str:
    if isinstance(cell, bool):
        return head("yes" if cell else "no")
    if isinstance(cell, list | tuple):
        return ", ".join(map(_cell, cell))
    return "" if cell is None else str(cell)


def notice(text: str) -> None:
    """Say something that is not the answer, on stderr."""
    click.echo(text, err=True)


def print_problems(problems: Iterable[Problem], output: str) -> None:
    """Print a refusal: as JSON on stdout, or as lines on stderr."""
    if output == "json":
        print_json({"problems": [problem.as_json(language()) for problem in problems]})
        return
    for problem in problems:
        place = ":".join(str(part) for part in (problem.file, problem.line) if part)
        where = " ".join(part for part in (place, problem.path or problem.where) if part)
        click.echo(f"{where + ': ' if where else ''}{problem.message(language())} [{problem.code}]", err=True)


def refusals_exit_1(command: Callable[P, T]) -> Callable[P, T]:
    """Wrap a command so that a refusal prints its problems and exits 1. Needs the `output` argument."""

    @functools.wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return command(*args, **kwargs)
        except Refused as refusal:
            print_problems(refusal.problems, str(kwargs.get("output", "table")))
            raise SystemExit(1) from None

    return wrapped


def rows_of(items: Iterable[Mapping[str, object]], columns: Sequence[str]) -> list[list[object]]:
    """Pick columns out of mappings for `print_table`."""
    return [[item.get(column) for column in columns] for item in items]
