"""
`luodi decompose`: a speech or minutes in, assignments for review out. Reads and writes files, and asks a model where one
is named; everything else is in `luodi.supervision.texts`, which needs no Django and no store.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import click

from luodi.cli import output as out
from luodi.kernel.gov_units import Unit, read_units
from luodi.kernel.problem import Problem, Refused, words
from luodi.supervision.texts import events, source
from luodi.supervision.texts.decompose import decompose as break_down
from luodi.supervision.texts.document import document
from luodi.supervision.texts.values import Answer, Event

FILE = click.Path(path_type=Path)
HEADS = ("n", "what", "leader", "lead", "help", "time", "span", "sure", "unsure")


@click.command(name="decompose")
@click.argument("file", type=FILE)
@click.option("--units", type=FILE, help="The city's units: code,name,aliases,parent,kind,valid_from,valid_to (CSV).")
@click.option("--date", "day", metavar="DAY", help="The day of the speech; else a line of its own in the text.")
@click.option("--events", "events_file", type=FILE, help="Days of fairs and meetings: name,aliases,from,to (CSV).")
@click.option("--text-out", type=FILE, help="Write the text that offsets count in (UTF-8).")
@click.option("--xlsx", type=FILE, help="Write the 任务分解表 as a workbook.")
@click.option("--docx", type=FILE, help="Write the 任务分解表 as a Word document.")
@click.option("--model", "url", envvar="LUODI_MODEL_URL", metavar="URL", help="Ask an OpenAI-compatible model too.")
@click.option("--model-name", envvar="LUODI_MODEL_NAME", default="default", show_default=True, help="Its name.")
@click.option("--model-timeout", type=click.FloatRange(1, 600), default=60, show_default=True, help="Seconds to wait.")
@out.format_option
@out.refusals_exit_1
def decompose(
    file: Path,
    units: Path | None,
    day: str | None,
    events_file: Path | None,
    text_out: Path | None,
    xlsx: Path | None,
    docx: Path | None,
    url: str | None,
    model_name: str,
    model_timeout: float,
    output: str,
) -> None:
    """
    Break a speech or minutes (.txt, .docx) down into tasks, each with the exact words it comes from.

    A list for review, not a decision: what is unsure says so. Offsets are code points of the text as it is in the file
    (of a .docx: as --text-out writes it). See docs/howto/decompose.md.
    """
    on = _day(day)
    known = read_units(units) if units else []
    dated = events.read(events_file) if events_file else []
    read = source.read(file)
    answer = break_down(raw=read.text, units=known, day=on, events=dated)
    if url:
        answer = _ask(answer, read.text, known, dated, url, model_name, model_timeout)
    _write(answer, read.text, text_out, xlsx, docx)
    for finding in answer.findings:
        out.notice(finding.message(out.language()))
    if output == "json":
        out.print_json(document(answer, read, out.language()))
        return
    _print(answer, read)


def _print(answer: Answer, read: source.Source) -> None:
    from luodi.supervision.texts import papers

    language = out.language()
    rows = []
    for at, task in enumerate(answer.tasks, 1):
        said = [words(f"decompose.unsure.{code}", language) for code in task.unsure]
        cells = papers.row(at, task)
        rows.append([*cells[:6], f"{task.start}-{task.end}", f"{task.confidence:.2f}", "；".join(said)])
    out.print_table([words(f"decompose.head.{head}", language) for head in HEADS], rows)
    params = {"encoding": read.encoding, "count": len(read.text), "tasks": len(answer.tasks)}
    out.notice(words("decompose.read_as", language, **params))
    if answer.day is None:
        out.notice(words("decompose.no_day_known", language))
    elif answer.day_from == "text":
        out.notice(words("decompose.day_from_text", language, day=answer.day))


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(Problem("decompose.bad_date_option", where="--date", params={"found": text})) from None


def _ask(
    answer: Answer, raw: str, units: Sequence[Unit], dated: Sequence[Event], url: str, name: str, timeout: float
) -> Answer:
    from luodi.supervision.texts import model
    from luodi.supervision.texts.naming import finder
    from luodi.supervision.texts.when import Reader

    if not re.match("https?://", url):
        raise Refused(Problem("decompose.bad_model_url", where="--model", params={"found": url}))
    out.notice(words("decompose.model_used", out.language(), url=url))
    ask = model.asker(url, name=name, key=os.environ.get("LUODI_MODEL_KEY"), timeout=timeout)
    reader = Reader(answer.day, tuple(dated))
    return model.add_model(answer, raw=raw, ask=ask, matcher=finder(units, on=answer.day), reader=reader)


def _write(answer: Answer, raw: str, text_out: Path | None, xlsx: Path | None, docx: Path | None) -> None:
    """Write what was asked for beside the printed answer."""
    from luodi.supervision.texts import papers

    wanted: list[tuple[Path | None, Callable[[Path], object]]] = [
        (text_out, lambda file: file.write_bytes(raw.encode("utf-8", "surrogatepass"))),
        (xlsx, lambda file: papers.write_xlsx(file, answer.tasks)),
        (docx, lambda file: papers.write_docx(file, answer.tasks)),
    ]
    for file, write in wanted:
        if file is None:
            continue
        try:
            write(file)
        except Exception as error:  # XlsxWriter wraps what the system says in errors of its own
            if not isinstance(error, OSError) and type(error).__module__.split(".")[0] != "xlsxwriter":
                raise
            params = {"found": str(error)}
            raise Refused(Problem("decompose.not_written", file=str(file), params=params)) from None
