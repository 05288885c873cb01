"""The command `luodi bulletin`: the papers of a period."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from luodi.cli import acting
from luodi.cli.output import format_option, print_json, print_table, refusals_exit_1
from luodi.kernel import instant

# What a file's ending asks for; of the kinds with one ending, the first unless --kind says otherwise.
KINDS = {".docx": ("notice", "brief"), ".xlsx": ("table",), ".pptx": ("wall",)}
NAMES = {"notice": "通报", "brief": "简报", "table": "月报表", "wall": "挂图"}
EDITIONS = {"final": "正式版", "flash": "快报"}


@click.command()
@click.argument("period")
@click.option(
    "-o", "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="OUT.docx, OUT.xlsx or OUT.pptx"
)
@click.option(
    "--edition",
    type=click.Choice(["flash", "final"]),
    default="final",
    show_default=True,
    help="flash: what was filed so far, marked as not sealed. final: as of the period's seal.",
)
@click.option("--checking", is_flag=True, help="A trace number beside each figure, the seal's hash and a QR (核对版).")
@click.option("--unit", default="", metavar="CODE", help="One unit's tables or wall charts.")
@click.option(
    "--kind", type=click.Choice(list(NAMES)), default=None, help="Which paper, where the ending leaves a choice."
)
@acting.as_option
@format_option
@refusals_exit_1
def bulletin(
    period: str,
    out: Path,
    edition: str,
    checking: bool,
    unit: str,
    kind: str | None,
    person: str | None,
    output: str,
) -> None:
    """Write the papers of PERIOD: notice or brief (.docx), tables (.xlsx), wall charts (.pptx)."""
    chosen = _kind(out, kind)
    acting.setup()
    from luodi.documents import actions
    from luodi.ledger import clock

    made = actions.make_paper(
        kind=chosen,
        period=period,
        edition=edition,
        checking=checking,
        unit=unit,
        actor=acting.acting(person),
        today=clock.today(),
        out=out,
    )
    document = {"file": str(out), **asdict(made), "made_at": instant.iso(made.made_at), "seal": made.seal or None}
    if output == "json":
        print_json(document)
    else:
        _print(document)


def _kind(out: Path, kind: str | None) -> str:
    possible = KINDS.get(out.suffix.lower())
    if possible is None:
        raise click.UsageError(f"-o {out.name}: the name must end with {', '.join(KINDS)}")
    if kind is not None and kind not in possible:
        raise click.UsageError(f"--kind {kind} is not written as {out.suffix}")
    return kind or possible[0]


def _print(document: dict[str, Any]) -> None:
    rows = [
        ("文件", document["file"]),
        (
            "种类",
            f"{NAMES[document['kind']]}（{EDITIONS[document['edition']]}{'，核对版' if document['checking'] else ''}）",
        ),
        ("标题", document["title"]),
        ("已报/应报报表", f"{document['filed']}/{document['owed']}"),
        ("封账", document["seal"] or "未封账"),
        ("核对号", f"{document['first_reference']} … {document['last_reference']}" if document["references"] else ""),
        ("更正", document["corrections"]),
        ("SHA-256", document["digest"]),
    ]
    print_table(("", ""), rows, headed=False)
