"""
`luodi clock`: run the clocks of a policy on one matter or many and print where each stands, with its proof sheet.
Reads files and the time of day; everything else is in `luodi.kernel.clocks`, which needs no Django and no store.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from luodi.cli import output as out
from luodi.cli.several import taking_several
from luodi.kernel import instant
from luodi.kernel.clocks import answers, document, events, policy
from luodi.kernel.clocks.document import Document, Question
from luodi.kernel.clocks.values import Event, Matter, Policy
from luodi.kernel.problem import Problem, Refused, words
from luodi.kernel.workdays.rows import read_layer

FILE = click.Path(path_type=Path)
COLUMNS = ("clock", "due", "state", "light", "used", "left", "paused", "overrun", "calendar")


@click.command(name="clock", cls=taking_several({"--pause": r"\d{4}-[^/]*/"}))
@click.argument("policy_name", metavar="POLICY")
@click.option("--issued", metavar="WHEN", help="When the matter was issued: a day or an instant.")
@click.option("--events", "events_file", type=FILE, help="Table of events: kind,from,to,reason,known_at,by.")
@click.option("--pause", "pauses", multiple=True, metavar="A/B[:REASON]", help="A suspension; days include both ends.")
@click.option("--holidays", type=FILE, help="Table laid over the calendar: day,kind,status,notice,known_at.")
@click.option("--now", metavar="WHEN", help="The moment asked about; the present one when left out.")
@click.option("--known-at", metavar="WHEN", help="Answer as it was believed then; a day means its end.")
@click.option("--cases", type=FILE, help="Table of matters: id,issued,done; events then need an id.")
@click.option("--begin", metavar="CLOCK", help="Begin a chain of slips at this one.")
@click.option("--changes-since", metavar="WHEN", help="List what differs from what was believed then.")
@click.option("--fired", type=FILE, help="Record of firings, read and written: each threshold fires once.")
@click.option("--proof", is_flag=True, help="Print the proof sheet, day by day (JSON always holds it).")
@out.format_option
@out.refusals_exit_1
def clock(
    policy_name: str,
    issued: str | None,
    events_file: Path | None,
    pauses: tuple[str, ...],
    holidays: Path | None,
    now: str | None,
    known_at: str | None,
    cases: Path | None,
    begin: str | None,
    changes_since: str | None,
    fired: Path | None,
    proof: bool,
    output: str,
) -> None:
    """
    Say when a matter is due, what is used and left, and why, day by day.

    POLICY is a file (format: luodi-clock/1) or one that is shipped, such as 13710. See docs/howto/clock.md.
    """
    rules = policy.load(policy.find(policy_name))
    question = Question(rules, _moment(rules, now, "--now"), _known(rules, known_at, "--known-at"), holidays)
    matters = _matters(rules, issued, events_file, pauses, cases, begin)
    found = document.documents(question, matters, _known(rules, changes_since, "--changes-since"))
    if fired is not None:
        _sweep(question, matters, fired, found)
    _notices(rules, holidays)
    if output == "json":
        out.print_json(found if cases is not None else found[0])
        return
    for told in found:
        _print(told, proof)


def _moment(rules: Policy, text: str | None, where: str) -> int:
    """Read a moment; the clock of the machine is read here and nowhere else."""
    if text is None:
        return instant.from_datetime(datetime.now(UTC).replace(microsecond=0))
    return events.moment(text, rules.zone, where=where)


def _known(rules: Policy, text: str | None, where: str) -> int | None:
    return None if text is None else events.moment(text, rules.zone, where=where, end_of_day=True)


def _matters(
    rules: Policy,
    issued: str | None,
    events_file: Path | None,
    pauses: Sequence[str],
    cases: Path | None,
    begin: str | None,
) -> list[Matter]:
    """Read the matters and their events. Pauses on the command line are every matter's."""
    if (issued is None) == (cases is None):
        raise Refused(Problem("clock.needs_issued", where="--issued"))
    names = [rule.id for rule in rules.clocks]
    if begin is not None and begin not in names:
        params = {"key": "--begin", "found": begin, "allowed": ", ".join(names)}
        raise Refused(Problem("clock.no_such_clock", where="--begin", params=params))
    happened: tuple[Event, ...] = ()
    if events_file is not None:
        happened, unknown = events.read_events(events_file, rules.zone, clocks=names, many=cases is not None)
        _say_unknown(events_file, unknown)
    stood = tuple(events.read_pause(text, rules.zone) for text in pauses)
    if issued is not None:
        return [Matter(events.moment(issued, rules.zone, where="--issued"), (*stood, *happened), begin=begin)]
    assert cases is not None  # noqa: S101  one of the two is given; for the type checker
    matters, unknown = events.read_matters(cases, happened, rules.zone, clocks=names)
    _say_unknown(cases, unknown)
    return [Matter(matter.issued, (*stood, *matter.events), matter.id, matter.begin or begin) for matter in matters]


def _say_unknown(file: Path, columns: Sequence[str]) -> None:
    if columns:
        out.notice(words("clock.unknown_columns", out.language(), columns=", ".join(columns), file_read=file))


def _notices(rules: Policy, holidays: Path | None) -> None:
    if rules.example:
        out.notice(words("clock.example_policy", out.language(), policy=rules.id))
    if holidays is not None:
        _say_unknown(holidays, read_layer(holidays).unknown)


def _sweep(question: Question, matters: Sequence[Matter], file: Path, found: Sequence[Document]) -> None:
    """Fire thresholds against the record in the file, add the record to each answer and write it back."""
    record = _record(file)
    for matter, told in zip(matters, found, strict=True):
        record = document.sweep(matter.id, question.ask(matter)[0], record)
        own = {key: value for key, value in record.items() if key.startswith(f"{matter.id or ''}/")}
        told["firings"] = answers.render(own, question.policy.zone)
    file.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _record(file: Path) -> dict[str, dict[str, object]]:
    if not file.exists():
        return {}
    try:
        record = json.loads(file.read_text("utf-8"))
        shaped = all({"at", "state"} <= set(value) and key.count("/") >= 3 for key, value in record.items())
    except (ValueError, AttributeError, TypeError, OSError) as error:
        raise Refused(Problem("clock.not_a_ledger", file=str(file), params={"found": str(error)})) from None
    if not shaped:
        raise Refused(Problem("clock.not_a_ledger", file=str(file), params={"found": "at, state"}))
    return {str(key): dict(value) for key, value in record.items()}


# the table ----------------------------------------------------------------------------------------------------------


def _print(told: Document, proof: bool) -> None:
    language = out.language()
    clocks = told["clocks"]
    assert isinstance(clocks, list)  # noqa: S101  the document's shape; for the type checker
    heads = [words(f"clock.head.{column}", language) for column in COLUMNS]
    title = " ".join(str(part) for part in (told.get("id"), told["policy"], told["issued"]) if part)
    out.print_table(heads, [_row(one, language) for one in clocks], title=title)
    for one in clocks if proof else []:
        _print_proof(one, language)
    findings = told["findings"]
    assert isinstance(findings, list)  # noqa: S101  the document's shape; for the type checker
    for finding in findings:
        place = ":".join(str(finding[part]) for part in ("file", "line") if finding[part])
        out.notice(f"{place + ': ' if place else ''}{finding['message'][language]} [{finding['code']}]")


def _row(one: Mapping[str, object], language: str) -> list[object]:
    due = one["due_on"]
    if one.get("calendar") == "estimated":
        due = f"{due} ({one['earliest']} ~ {one['latest']})"
    state = "skipped_clock" if one["state"] == "skipped" else one["state"]
    said = [_word(state, language), _word(one["light"], language)]
    named = " ".join(str(one[key]) for key in ("id", "title") if key in one)
    return [named, due, *said, *(one.get(key) for key in COLUMNS[4:8]), _word(one.get("calendar"), language)]


def _print_proof(one: Mapping[str, object], language: str) -> None:
    days = one["days"]
    assert isinstance(days, list)  # noqa: S101  the document's shape; for the type checker
    columns = ("day", "did", "n", "why", "notice")
    rows = [
        [day["day"], _word(day["did"], language), day.get("n"), _why(day, language), day.get("notice")] for day in days
    ]
    heads = [words(f"clock.head.{column}", language) for column in columns]
    out.print_table(heads, rows, title=words("clock.head.proof", language, clock=one["id"]))


def _why(day: Mapping[str, object], language: str) -> str:
    why = day.get("why")
    return ", ".join(_word(word, language) for word in why) if isinstance(why, list) else ""


def _word(word: object, language: str) -> str:
    """Say one of the engine's words; a reason that a policy made up stands as it is."""
    if word is None:
        return ""
    code = f"clock.word.{word}"
    said = words(code, language)
    return str(word) if said == code else said
