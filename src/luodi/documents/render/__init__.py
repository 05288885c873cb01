"""Lays papers out: Word, Excel, slides. Each writer is loaded when its kind is asked for."""

from __future__ import annotations

from pathlib import Path

from luodi.documents.render.fields import Numbers
from luodi.documents.values import Bulletin, Figure, Kind


def rendered(paper: Bulletin, numbers: Numbers, *, template: Path | None) -> bytes:
    """Give the file of a paper. `numbers`: the trace number of each figure's question, on a checking edition."""
    match paper.head.kind:
        case Kind.TABLE:
            from luodi.documents.render.sheet import sheet

            return sheet(paper, numbers, template=template)
        case Kind.WALL:
            from luodi.documents.render.deck import deck

            return deck(paper, numbers, template=template)
        case _:
            from luodi.documents.render.word import word

            return word(paper, numbers, template=template)


def figures(paper: Bulletin) -> list[Figure]:
    """List the figures that a paper prints, in reading order."""
    match paper.head.kind:
        case Kind.TABLE:
            from luodi.documents.render import sheet as writer

            return writer.figures(paper)
        case Kind.WALL:
            from luodi.documents.render import deck as slides

            return slides.figures(paper)
        case _:
            from luodi.documents.render import fields

            return fields.figures(paper)
