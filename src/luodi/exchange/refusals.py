"""The ways in which a file, a mapping or a cell is refused. Words: `kernel/words/import.yaml` and `exchange.yaml`."""

from __future__ import annotations

from luodi.kernel.problem import Problem, Refused


class BadFile(Refused):
    """The file as a whole can't be taken. `code` says why; parameters fill its words."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(Problem(code, params=params))


class BadRows(Refused):
    """Cells or rows of the file can't be taken; the problems say which. Nothing was changed."""


class BadMapping(Refused):
    """The mapping file has mistakes; the problems carry its lines."""


class NotAllowed(Refused):
    """Who asks may not do this."""


class BadCell(Exception):
    """One cell can't be read: a code of the words catalogue and its parameters. Collected, never shown by itself."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code, self.params = code, params
