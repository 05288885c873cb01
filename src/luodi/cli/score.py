"""The commands `luodi score` and `luodi scheme`: thin; everything happens in luodi.assessment.schemes."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from multiprocessing import get_context
from typing import Any

import click
import orjson

from luodi.assessment.schemes import scoring
from luodi.assessment.schemes.data import BadData
from luodi.assessment.schemes.exact import NotANumber
from luodi.assessment.schemes.exact import number as exact_number
from luodi.assessment.schemes.reading import BadScheme, read_scheme
from luodi.cli.output import (
    as_json,
    format_option,
    language,
    notice,
    print_problems,
    print_table,
    refusals_exit_1,
)
from luodi.cli.several import taking_several
from luodi.kernel.problem import Problem, refuse_if_any, sort_blocking_first, words

FILE = click.Path(exists=True, dir_okay=False)
PERIODS_WORTH_A_PROCESS = 3


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


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Keep the collector from walking a million live figures again and again; a scoring makes no cycles worth it."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@click.command(cls=taking_several({"--rows": r"\w+="}))
@click.argument("scheme", type=FILE)
@click.argument("data", type=FILE)
@rows_option
@click.option("--period", help="The period to score (the last one unless said); `all` for each of them.")
@known_option
@format_option
@refusals_exit_1
def score(scheme: str, data: str, rows: Sequence[str], period: str | None, known_at: str | None, output: str) -> None:
    """Score the units in DATA by SCHEME; every score opens into a trace (--format json)."""
    with _no_collecting():
        case = scoring.read_case(scheme=scheme, data=data, rows=_rows(rows), known_at=known_at)
        if period == "all":
            _print_all(case, output)
        else:
            print_answer(scoring.answer(case, scoring.chosen_period(case, period)), output)


def _print_all(case: scoring.Case, output: str) -> None:
    """Print several periods; nothing is printed before all of them are scored."""
    if output == "json":
        pages = _pages(case)
        out = sys.stdout.buffer
        out.write(b'{"periods": [\n' + pages[0])
        for page in pages[1:]:
            out.write(b",\n" + page)
        out.write(b"\n]}\n")
        return
    for found in list(scoring.answers(case)):
        print_answer(found, output)


def _pages(case: scoring.Case) -> list[bytes]:
    """
    Write every period as JSON, in as many processes as there are processors.

    Each scores what history its own periods need. Raises BadData as one process would: of the earliest period that fails.
    """
    labels = scoring.periods(case)
    workers = min(len(os.sched_getaffinity(0)), len(labels) // PERIODS_WORTH_A_PROCESS)
    if workers < 2:
        return _written(case, labels)
    size = -(-len(labels) // workers)
    parts = [labels[at : at + size] for at in range(0, len(labels), size)]
    with ProcessPoolExecutor(len(parts), mp_context=get_context("fork")) as pool:
        return [page for pages in pool.map(partial(_written, case), parts) for page in pages]


def _written(case: scoring.Case, labels: Sequence[str | None]) -> list[bytes]:
    return [orjson.dumps(found, default=_exact) for found in scoring.answers(case, labels)]


def print_answer(found: Mapping[str, Any], output: str) -> None:
    """Print the scores of one period."""
    if output == "json":
        print_exact(found)
        return
    if "mark" in found:
        notice(found["mark"][language()])
    items = {item["item"]: item.get("title", item["item"]) for unit in found["units"] for item in unit["items"]}
    heads = [_head(name) for name in ("group", "rank", "unit", "score")]
    noted = any("notes" in unit for unit in found["units"])
    rows = []
    for unit in found["units"]:
        scores = {item["item"]: item["score"] for item in unit["items"]}
        place = unit["rank"] if unit["rank"] is not None else words(f"scheme.state.{unit['state']}", language())
        cells = [unit["group"], place, unit["unit"], unit["score"], *(scores.get(item) for item in items)]
        rows.append([*cells, unit.get("notes", {}).get(language())] if noted else cells)
    title = " ".join(str(part) for part in (found["scheme"], found["period"]) if part)
    print_table([*heads, *items.values(), *([_head("notes")] if noted else [])], rows, title=title)
    for problem in found["problems"]:
        notice(f"{problem.message(language())} [{problem.code}]")


# luodi scheme -------------------------------------------------------------------------------------------------------


@click.group()
def scheme() -> None:
    """Check, explain, compare and try out assessment schemes."""


def data_arguments(command: Any) -> Any:
    """Add SCHEME, DATA, --rows, --period and --known-at."""
    for add in (
        known_option,
        click.option("--period", help="The period (the last one unless said)."),
        rows_option,
        click.argument("data", type=FILE),
        click.argument("path", metavar="SCHEME", type=FILE),
    ):
        command = add(command)
    return command


def _case(path: str, data: str, rows: Sequence[str], known_at: str | None, period: str | None) -> tuple[Any, Any]:
    case = scoring.read_case(scheme=path, data=data, rows=_rows(rows), known_at=known_at)
    return case, scoring.chosen_period(case, period)


def _head(name: str) -> str:
    return words(f"scheme.head.{name}", language())


@scheme.command()
@click.argument("path", metavar="SCHEME", type=FILE)
@click.argument("data", type=FILE, required=False)
@rows_option
@click.option("--period", help="The period (the last one unless said).")
@known_option
@format_option
@refusals_exit_1
def check(
    path: str, data: str | None, rows: Sequence[str], period: str | None, known_at: str | None, output: str
) -> None:
    """Check SCHEME before use; with DATA also that every input is there and declared directions hold."""
    from luodi.assessment.schemes import checking

    found = list(checking.check(read_scheme(path)))
    if data is not None:
        case, label = _case(path, data, rows, known_at, period)
        found += checking.check_on(case, label)
    refuse_if_any(sort_blocking_first(found), BadScheme)
    if output == "json":
        print_exact({"scheme": read_scheme(path).id, "problems": found})
        return
    print_problems(found, output)
    click.echo(words("scheme.check.passed", language(), id=read_scheme(path).id))


@scheme.command()
@click.argument("path", metavar="SCHEME", type=FILE)
@click.argument("data", type=FILE, required=False)
@rows_option
@click.option("--period", help="The period (the last one unless said).")
@known_option
@click.option("--unit", help="With DATA: only this unit.")
@format_option
@refusals_exit_1
def explain(
    path: str,
    data: str | None,
    rows: Sequence[str],
    period: str | None,
    known_at: str | None,
    unit: str | None,
    output: str,
) -> None:
    """Tell what each line of SCHEME does; with DATA, why each unit has its score."""
    from luodi.assessment.schemes import telling

    if data is None:
        _print_scheme(telling.explained(read_scheme(path)), output)
        return
    case, label = _case(path, data, rows, known_at, period)
    found = scoring.answer(case, label)
    names = [one["unit"] for one in found["units"]]
    if unit is not None and unit not in names:
        raise BadData(Problem("scheme.no_such_unit", params={"unit": unit}))
    if output == "json":
        print_exact({**found, "units": [one for one in found["units"] if unit in (None, one["unit"])]})
        return
    for name in [unit] if unit else names:
        click.echo("\n".join(telling.unit_told(found, name, language())))


def _print_scheme(found: Mapping[str, Any], output: str) -> None:
    if output == "json":
        print_exact(found)
        return
    if found["mark"]:
        notice(found["mark"][language()])
    rows = []
    for item in [*found["values"], *found["items"], found["total"]]:
        settled = "; ".join(
            f"{key}={_brief(value)}" for key, value in {**item["parameters"], **item["choices"]}.items()
        )
        rows.append([item["title"], item["op"], item["text"][language()], settled, item["basis"]])
    heads = [words(f"scheme.head.{name}", language()) for name in ("item", "op", "does", "settled", "basis")]
    print_table(heads, rows, title=found["title"])


def _brief(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_brief(one)}" for key, one in value.items()) + "}"
    return "[" + ", ".join(_brief(one) for one in value) + "]" if isinstance(value, list) else str(value)


@scheme.command()
@data_arguments
@click.option("--set", "changes", multiple=True, metavar="UNIT.INPUT=VALUE", help="Try another value.")
@click.option("--with", "other", type=FILE, help="Try another scheme.")
@click.option("--data-with", "other_data", type=FILE, help="Try other data.")
@format_option
@refusals_exit_1
def simulate(
    path: str,
    data: str,
    rows: Sequence[str],
    period: str | None,
    known_at: str | None,
    changes: Sequence[str],
    other: str | None,
    other_data: str | None,
    output: str,
) -> None:
    """Who moves, by how much and why, if values, data or the scheme change; the whole pool is computed again."""
    from luodi.assessment.schemes import simulating

    case, label = _case(path, data, rows, known_at, period)
    trial = None
    if other or other_data:
        trial, _ = _case(other or path, other_data or data, rows, known_at, label)
    tried = simulating.read_changes(trial or case, label, changes)
    found = simulating.simulate(case, label, changes=tried, other=trial)
    if output == "json":
        print_exact(found)
        return
    if not found["moved"]:
        click.echo(words("scheme.simulate.none", language()))
        return
    rows_shown = []
    for one in found["moved"]:
        was, now = one["was"] or {}, one["now"] or {}
        why = [f"{item['item']} {item['was']}→{item['now']} {item['text'][language()]}" for item in one["why"]]
        why += [f"{rule['rule']} {rule['text'][language()]}" for rule in one["rules"]]
        why += [words("scheme.because.others", language())] if one["only_others"] else []
        places = [was.get("score"), now.get("score"), was.get("rank"), now.get("rank")]
        rows_shown.append([one["unit"], *places, "; ".join(why)])
    print_table([_head(name) for name in ("unit", "was", "now", "rank_was", "rank_now", "why")], rows_shown)


@scheme.command()
@click.argument("old", type=FILE)
@click.argument("new", type=FILE)
@format_option
@refusals_exit_1
def diff(old: str, new: str, output: str) -> None:
    """List what two schemes don't share, with lines."""
    from luodi.assessment.schemes import telling

    for path in (old, new):
        read_scheme(path)
    found = telling.differences(old, new)
    if output == "json":
        print_exact({"old": old, "new": new, "differences": found})
        return
    shown = [[one["path"], _lined(one, "old"), _lined(one, "new")] for one in found]
    print_table([_head(name) for name in ("path", "old", "new")], shown)


def _lined(one: Mapping[str, Any], side: str) -> str:
    return "" if one[side] is None else f"{one[side]} ({one[f'{side}_line']})"


@scheme.command()
@data_arguments
@click.option("--disputed", type=FILE, help="Disputed figures: unit,input,low,high.")
@click.option("--percent", help="Take every figure as uncertain by so many percent.")
@format_option
@refusals_exit_1
def sensitivity(
    path: str,
    data: str,
    rows: Sequence[str],
    period: str | None,
    known_at: str | None,
    disputed: str | None,
    percent: str | None,
    output: str,
) -> None:
    """How far each rank holds under rounding and disputed figures."""
    from luodi.assessment.schemes import sensing

    case, label = _case(path, data, rows, known_at, period)
    figures = sensing.read_disputed(case, label, disputed) if disputed else []
    try:
        by = exact_number(percent) if percent else None
    except NotANumber:
        raise click.BadParameter(f"{percent!r} is not a number", param_hint="--percent") from None
    found = sensing.sense(case, label, disputed=figures, percent=by)
    if output == "json":
        print_exact(found)
        return
    heads = [_head(name) for name in ("unit", "rank", "exact", "best", "worst", "margin")]
    rows_shown = [
        [one["unit"], one["rank"], one["unrounded_rank"], one["best"], one["worst"], one["to_next_above"]]
        for one in found["units"]
    ]
    method = found["method"].partition(",")[0].replace(" ", "_")
    print_table(heads, rows_shown, title=words(f"scheme.method.{method}", language()))


@scheme.command()
@data_arguments
@click.option("--unit", required=True, help="Which unit wants to move up.")
@click.option("--input", "only", help="Only by this input.")
@format_option
@refusals_exit_1
def climb(
    path: str,
    data: str,
    rows: Sequence[str],
    period: str | None,
    known_at: str | None,
    unit: str,
    only: str | None,
    output: str,
) -> None:
    """What would move a unit up one place: the least change of each figure that does, proved by scoring again."""
    from luodi.assessment.schemes import climbing

    case, label = _case(path, data, rows, known_at, period)
    found = climbing.climb(case, label, unit, only=only)
    if output == "json":
        print_exact(found)
        return
    if not found["ways"]:
        click.echo(words("scheme.climb.first" if found["rank"] == 1 else "scheme.climb.none", language(), unit=unit))
        return
    heads = [_head(name) for name in ("input", "from", "to", "rank_now", "over")]
    rows_shown = [
        [one["input"], one["from"], one["to"], one["rank"], ", ".join(one["passes"])] for one in found["ways"]
    ]
    print_table(heads, rows_shown, title=words("scheme.climb.title", language(), unit=unit, rank=found["rank"]))


@scheme.command()
@format_option
@refusals_exit_1
def operators(output: str) -> None:
    """List the operators with their keys and required choices."""
    from luodi.assessment.schemes import manual

    if output == "json":
        print_exact({"operators": manual.operators()})
        return
    click.echo(manual.written())
