"""The command line as an outside program uses it: files in, one JSON document out, nothing known but the pages of the contract."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.integration.exchange.console import Console


class Office:
    """A store of its own, driven by commands only; tables are typed in the test."""

    def __init__(self, folder: Path, made: Path, **environment: str) -> None:
        self.folder, self.number = folder, 0
        shutil.copytree(made, folder / "store")
        self.console = Console(folder, **environment)

    def run(self, *arguments: str, exit_code: int = 0) -> dict[str, Any]:
        """Run one command."""
        return self.console.run(*arguments, exit_code=exit_code)

    def file(self, table: str | Sequence[Sequence[object]], *, suffix: str = ".csv", encoding: str = "utf-8") -> str:
        """Write a table: lines of cells divided by commas, or rows."""
        rows = [line.strip().split(",") for line in table.strip().splitlines()] if isinstance(table, str) else table
        self.number += 1
        path = self.folder / f"t{self.number}{suffix}"
        if suffix == ".xlsx":
            book = openpyxl.Workbook()
            for row in rows:
                book.active.append(list(row))
            book.save(path)
        else:
            with path.open("w", encoding=encoding, newline="") as file:
                csv.writer(file).writerows(rows)
        return str(path)

    def take(
        self, kind: str, table: str | Sequence[Sequence[object]], *options: str, suffix: str = ".csv", encoding: str = "utf-8",
        exit_code: int = 0,
    ) -> dict[str, Any]:  # fmt: skip
        """Import a table as history."""
        path = self.file(table, suffix=suffix, encoding=encoding)
        return self.run("import", kind, path, "--history", *options, exit_code=exit_code)

    def values(self, period: str, unit: str, *ids: str, options: Sequence[str] = ()) -> Any:
        """Compute indicators of one unit: the value of one, or the values of several by id."""
        asked = [part for one in ids for part in ("--indicator", one)]
        answer = self.run("indicators", "compute", "--period", period, "--unit", unit, *asked, *options)
        found = answer["units"][0]["values"]
        return found[ids[0]] if len(ids) == 1 else found

    def everywhere(self, period: str, indicator: str, *options: str) -> dict[str | None, Any]:
        """Compute one indicator of every unit, by unit."""
        answer = self.run("indicators", "compute", "--period", period, "--indicator", indicator, *options)
        return {line["unit"]: line["values"][indicator] for line in answer["units"]}


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty store made once: a copy for each office saves seconds."""
    folder = tmp_path_factory.mktemp("made")
    console = Console(folder)
    console.run("init")
    console.close()
    return folder / "store"


@contextmanager
def open_office(folder: Path, made: Path, **environment: str) -> Iterator[Office]:
    """Open a store for commands and end its process afterwards."""
    office = Office(folder, made, **environment)
    try:
        yield office
    finally:
        office.console.close()


@pytest.fixture
def office(tmp_path: Path, made: Path) -> Iterator[Office]:
    """An empty store."""
    with open_office(tmp_path, made) as found:
        yield found


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, made: Path) -> Iterator[Office]:
    """An empty store for all tests of a file: filled once, then only asked."""
    with open_office(tmp_path_factory.mktemp("office"), made) as found:
        yield found
