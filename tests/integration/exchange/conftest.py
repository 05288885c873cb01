"""A small city, and imports of small tables typed in the test itself."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from luodi.codebook import queries as codebook
from luodi.exchange import actions
from luodi.exchange.answer import Answer
from luodi.ledger import clock
from tests import city

TODAY = date(2025, 6, 2)


class Desk:
    """Somebody's desk: types tables and imports them."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.number = folder, 0

    def file(self, text: str, name: str = "") -> Path:
        """Type a table as lines of comma-separated cells; with a name, any file as it is."""
        self.number += 1
        path = self.folder / (name or f"t{self.number}.csv")
        table = "\n".join(line.strip() for line in text.strip().splitlines()) + "\n"
        path.write_text(text if name else table, "utf-8")
        return path

    def take(
        self, kind: str, table: str | Path, *, history: bool = True, actor=city.OPERATOR, **options: object
    ) -> Answer:
        """Import a table; its text, or a file."""
        path = table if isinstance(table, Path) else self.file(table)
        return actions.import_file(
            kind=kind,
            path=path,
            profile=codebook.profile(),
            actor=actor,
            now=clock.now(),
            today=clock.today(),
            options=actions.Options(history=history, **options),
        )

    def refused(self, kind: str, table: str | Path, **options: object) -> list[tuple[str, str]]:
        """Import a table that isn't taken; gives the cells and codes of what is wrong."""
        with pytest.raises(actions.Rejected) as rejected:
            self.take(kind, table, **options)
        return [
            (problem.where.partition("!")[2], problem.code.removeprefix("import."))
            for problem in rejected.value.answer.problems(blocking=True)
        ]


@pytest.fixture
def desk(db, tmp_path) -> Desk:
    """A desk in a small city without projects."""
    city.make(on=TODAY)
    return Desk(tmp_path)


@pytest.fixture
def full(desk) -> Desk:
    """A desk in a small city with two projects, known since their first day."""
    desk.take(
        "projects",
        """
        code,name,host,kind,total_investment,investor,valid_from
        P1,晨光智能工厂,YL01,招商引资,50000,晨光集团（演示）,2024-01-10
        P2,青石建材（演示）,YL02,招商引资,8000,,2024-02-01
        """,
    )
    return desk


def lines(path: Path) -> list[dict[str, str]]:
    """Read a written .csv back."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
