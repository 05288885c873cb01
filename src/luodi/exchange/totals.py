"""
Rows of sums in a file: skipped as data, checked against the rows they sum. A sum that is off is noted, not refused: the rows
are what is loaded, and which of the two is wrong only the office knows.
"""

from __future__ import annotations

from decimal import Decimal

from luodi.exchange import cells
from luodi.exchange.cells import Raw
from luodi.exchange.frame import Fault
from luodi.exchange.reading import Part, Total
from luodi.exchange.refusals import BadCell

SUMMED = frozenset({"total_investment", "fixed_investment", "invest", "value"})


def check(part: Part) -> list[Fault]:
    """Compare every sum with the rows of its sheet that it may sum: all of them, or those since the sum before, or up to the next one."""
    frame = part.frame
    faults: list[Fault] = []
    if not part.totals:
        return faults
    for column in SUMMED & frame.cells.keys():
        at = next((at for at in frame.places[column] if at is not None), None)
        if at is None or len(set(frame.places[column])) > 1:
            continue
        values = [
            (row, number)
            for row, cell in zip(frame.numbers, frame.raw[column], strict=True)
            if (number := as_number(cell)) is not None
        ]
        for total in part.totals:
            printed = as_number(total.cells[at])
            if printed is None:
                continue
            sums = possible(total, part.totals, values)
            if not any(agrees(printed, found) for found in sums):
                header = frame.headers.get(column, "")
                params = {"found": f"{printed:f}", "sum": f"{sums[0]:f}"}
                faults.append(Fault(total.row, at, column, header, "import.total.differs", params, blocking=False))
    return faults


def possible(total: Total, totals: tuple[Total, ...], values: list[tuple[int, Decimal]]) -> list[Decimal]:
    """Give the sums a total may stand for."""
    whole = sum((value for _row, value in values), Decimal(0))
    if not total.subtotal and sum(not other.subtotal for other in totals) == 1:
        return [whole]
    above = max((other.row for other in totals if other.row < total.row), default=-1)
    below = min((other.row for other in totals if other.row > total.row), default=10**9)
    since = sum((value for row, value in values if above < row < total.row), Decimal(0))
    until = sum((value for row, value in values if total.row < row < below), Decimal(0))
    return [since, until, whole]


def agrees(printed: Decimal, found: Decimal) -> bool:
    """Tell whether a printed sum may be the exact one, rounded to its last digit."""
    half = Decimal(1).scaleb(int(printed.as_tuple().exponent)) / 2
    return abs(printed - found) <= half


def as_number(cell: Raw) -> Decimal | None:
    """Read a cell of a sum as a number, if it is one."""
    try:
        return cells.number(cell)
    except BadCell:
        return None
