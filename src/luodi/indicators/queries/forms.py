"""A superior's own form filled with values: the form says what it asks (exchange.filling), here each ask is computed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from luodi.codebook.values import Profile
from luodi.exchange import filling
from luodi.exchange.filling import Ask, Compute, Filled, Value
from luodi.identity import queries as identity
from luodi.indicators.queries.computing import compute
from luodi.kernel.period import Period


def fill(*, template: Path, mapping: Path, period: Period, cut: int | None, profile: Profile, out: Path) -> Filled:
    """
    Put the ledger into a form, cell by cell; the rest of the workbook stays as it was.

    :raises luodi.exchange.filling.BadMapping: with every mistake of the mapping, by line
    :raises luodi.indicators.queries.UnknownUnit: for a unit that had not begun
    """
    form = filling.load(mapping, profile)
    tree = identity.tree(on=period.last)
    codes = [code for unit in tree.roots() for code in sorted(tree.under(unit.code))]
    units = filling.Units(
        {code: tree.name(code) for code in codes},
        {code: [child.code for child in tree.children(code)] for code in codes},
    )
    ask = computing(period, cut, profile)
    return filling.fill(template=template, form=form, period=period.label, units=units, compute=ask, out=out)


def computing(period: Period, cut: int | None, profile: Profile) -> Compute:
    """Give what computes the values that a form asks for: one question a combination of span, role, basis and list."""

    def answer(asks: Sequence[Ask]) -> dict[Ask, Value]:
        together: defaultdict[tuple[str, str, str, str | None], list[Ask]] = defaultdict(list)
        for ask in asks:
            together[ask.span, ask.role, ask.basis, ask.list].append(ask)
        found: dict[Ask, Value] = {}
        for (span, role, basis, list_), some in together.items():
            answered = compute(
                period=period, units=sorted({ask.unit for ask in some}), indicators=sorted({ask.indicator for ask in some}),
                span=span, role=role, basis=basis, list_=list_, cut=cut, profile=profile,
            )  # fmt: skip
            values = {line.unit: line.values for line in answered.lines}
            found.update({ask: values[ask.unit].get(ask.indicator) for ask in some})
        return found

    return answer
