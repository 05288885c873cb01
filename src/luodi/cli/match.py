"""
`luodi match`: whose names these are, by a register. Needs no store and no Django.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from luodi.cli.output import format_option, language, notice, print_json, print_table, refusals_exit_1

if TYPE_CHECKING:
    from luodi.directory.names.index import Index
    from luodi.directory.names.values import Answer

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
VERDICTS = {
    "zh": {"matched": "对上", "ambiguous": "待选", "none": "没有"},
    "en": {"matched": "matched", "ambiguous": "ambiguous", "none": "none"},
}
COLUMNS = {
    "zh": ("名称", "结论", "企业编号", "候选", "理由"),
    "en": ("name", "verdict", "code", "candidates", "reason"),
}


@click.command()
@click.argument("names", type=FILE)
@click.argument("register", type=FILE)
@click.option("--aliases", type=FILE, help="Other and former names: columns code, alias, from, to (CSV).")
@click.option(
    "--save-index", type=click.Path(dir_okay=False, path_type=Path), help="Keep the read register for the next time."
)
@format_option
@refusals_exit_1
def match(names: Path, register: Path, aliases: Path | None, save_index: Path | None, output: str) -> None:
    """
    Resolve company names against a register.

    NAMES: columns name and, where known, uscc and date. REGISTER: columns code, name, uscc; or an index that
    --save-index kept, which holds the other names too. Each name is matched, with the reason; ambiguous, with the
    candidates; or none.
    """
    from luodi.directory.names import tables
    from luodi.directory.names.document import document
    from luodi.directory.names.resolve import resolve

    asked = tables.read_names(names)
    index = _index(register, aliases)
    if save_index:
        index.save(save_index)
    answers = [resolve(asked=one, index=index) for one in asked]
    if output == "json":
        print_json(document(answers, language()))
    else:
        print_table(COLUMNS[language()], map(_as_row, answers))


def _index(register: Path, aliases: Path | None) -> Index:
    from luodi.directory.names import index, tables

    if index.is_index(register):
        if aliases:
            raise click.UsageError("A saved index holds its other names: give --aliases when it is made.")
        return index.load(register)
    entries = tables.read_register(register)
    others = tables.read_aliases(aliases) if aliases else []
    for finding in tables.findings(entries, others):
        notice(finding.message(language()))
    return index.build(entries, others)


def _as_row(answer: Answer) -> tuple[object, ...]:
    said = VERDICTS[language()][answer.verdict.value]
    return (
        answer.asked.name,
        said,
        answer.code or "",
        "、".join(answer.candidates),
        answer.reason.message(language()),
    )
