"""Commands of the store: init, seal, verify, rebuild, backup, restore."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from luodi.cli import acting
from luodi.cli.output import format_option, language, notice, print_json, print_problems, print_record, refusals_exit_1
from luodi.kernel.problem import Refused, words

if TYPE_CHECKING:
    from luodi.demo import actions as demo_city

FILE = click.Path(dir_okay=False, path_type=Path)


def _print(document: dict[str, Any], output: str) -> None:
    if output == "json":
        print_json(document)
    else:
        print_record({name: cell for name, cell in document.items() if not isinstance(cell, list)})


@click.command()
@click.option("--empty", is_flag=True, help="Refuse a store that holds facts already.")
@click.option("--demo", is_flag=True, help="Fill a new store with a synthetic city, marked as such everywhere.")
@click.option("--seed", type=int, default=7, show_default=True, help="Of the demo city: equal seeds give equal facts.")
@click.option("--projects", type=click.IntRange(1), default=1200, show_default=True, help="Projects of the demo city.")
@click.option("--months", type=click.IntRange(1), default=30, show_default=True, help="Months of the demo city.")
@click.option("--algorithm", type=click.Choice(["sha256", "sm3"]), default=None, help="Hash of a new store.")
@format_option
@refusals_exit_1
def init(empty: bool, demo: bool, seed: int, projects: int, months: int, algorithm: str | None, output: str) -> None:
    """Make or upgrade the store."""
    if empty and demo:
        raise click.UsageError("--empty and --demo exclude each other")
    acting.start()
    from luodi.demo import actions as demo_city
    from luodi.ledger import making, queries, store

    if demo:
        demo_city.discard_unfinished()
    known = making.make(algorithm=algorithm, seed=str(seed) if demo else None, empty=empty)
    if demo and making.DEMO not in known:
        demo_city.build(seed=seed, projects=projects, months=months, progress=_tell)
    known = store.notes()
    document = {
        "store": making.place(),
        "algorithm": known["algorithm"],
        "synthetic": known.get("synthetic") == "yes",
        "facts": queries.last_fact(),
        "seals": len(queries.seals()),
    }
    _print(document, output)


def _tell(news: demo_city.Progress) -> None:
    notice(words("demo.progress", language(), **asdict(news)))


@click.command()
@click.argument("period")
@click.option("--export", "export_to", type=FILE, help="Write all seals to a file, to be kept outside the database.")
@acting.as_option
@format_option
@refusals_exit_1
def seal(period: str, export_to: Path | None, person: str | None, output: str) -> None:
    """Seal a month for the whole city. With --export, a month sealed before is only exported."""
    acting.setup()
    from luodi.ledger import queries, seals

    sealed = queries.live_seal(period) if export_to else None
    if sealed is None:
        sealed = _seal(period, person)
    if export_to:
        seals.export(export_to)
    _print(seals.exported(sealed), output)


def _seal(period: str, person: str | None) -> Any:
    from luodi.codebook import queries as codebook
    from luodi.ledger import clock
    from luodi.statistics.actions import closing

    profile = codebook.profile()
    wanted = profile.calendar.accounting_year.parse(period)
    return closing.seal_period(period=wanted, profile=profile, actor=acting.acting(person), today=clock.today())


@click.command()
@click.option("--seals", "export", type=FILE, help="Also compare with seals exported earlier (luodi seal --export).")
@click.option("--proof", "proofs", type=int, multiple=True, help="Give the proof that this fact is under a seal.")
@acting.as_option
@format_option
@refusals_exit_1
def verify(export: Path | None, proofs: tuple[int, ...], person: str | None, output: str) -> None:
    """Recompute all that proves the store: facts, seals, texts, evidence, projections. Exit code 1 on findings."""
    acting.setup(guarded=False)
    from luodi.codebook.values import Permission
    from luodi.kernel.problem import Problem
    from luodi.ledger import seals, upkeep, verification

    acting.allowed(person, Permission.VERIFY_LEDGER)
    report = verification.verify()
    with suppress(Refused):  # a store that can't be written to is verified all the same
        upkeep.done(upkeep.VERIFIED, facts=report.facts, seals=report.seals, problems=len(report.problems))
    for period in seals.differing(export) if export else ():
        report.problems.append(Problem("ledger.verify.seal_differs", f"period={period}", {"period": period}))
    counts = {key: cell for key, cell in asdict(report).items() if key != "problems"}
    document = {
        "whole": not report.problems,
        **counts,
        "proofs": [seals.proof(fact) for fact in proofs],
        "problems": [problem.as_json(language()) for problem in report.problems],
    }
    _print(document, output)
    if output == "table":
        print_problems(report.problems, output)
        for one in document["proofs"]:
            print_json(one)
    if report.problems:
        raise SystemExit(1)


@click.command()
@acting.as_option
@format_option
@refusals_exit_1
def rebuild(person: str | None, output: str) -> None:
    """Make every projection anew from the facts."""
    acting.setup()
    from luodi.codebook.values import Permission
    from luodi.ledger import rebuilding

    acting.allowed(person, Permission.KEEP_STORE)
    rows = rebuilding.rebuild()
    _print({"rows": rows} if output == "json" else dict(rows), output)


@click.command()
@click.argument("out", type=FILE)
@acting.as_option
@format_option
@refusals_exit_1
def backup(out: Path, person: str | None, output: str) -> None:
    """Write the whole store with its evidence files to OUT, while it is in use."""
    acting.setup()
    from luodi.codebook.values import Permission
    from luodi.ledger import backup as backups
    from luodi.ledger import upkeep

    acting.allowed(person, Permission.KEEP_STORE)
    made = backups.backup(out)
    with suppress(Refused):  # the backup stands, whether or not the store can note it
        upkeep.done(upkeep.BACKED_UP, file=out.name, facts=made.facts, bytes=made.bytes, problems=0)
    _print({"file": str(out), **asdict(made)}, output)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--replace", is_flag=True, help="Put a store with facts aside (luodi.sqlite3.replaced) instead of refusing."
)
@format_option
@refusals_exit_1
def restore(file: Path, replace: bool, output: str) -> None:
    """Make the backup FILE the store, verified before anything is replaced."""
    acting.start()
    from luodi.ledger import making, restoring

    manifest = restoring.restore(file, replace=replace)
    making.require()
    _print({key: manifest[key] for key in ("made_at", "engine", "facts", "last_seal")}, output)
