"""Prints the figures of one paper: exact values from its sources, each with the question behind it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

from luodi.codebook.values.indicators import Flow, Indicator, Sum
from luodi.documents.queries.sources import Sources
from luodi.documents.rules import numbers
from luodi.documents.values import Figure


class Desk:
    """
    Prints figures of one paper. A class because what every figure shares (period, cut, trust) outlives each call.
    """

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self.asked = numbers.Asked(sources.period.label, sources.cut, sources.basis)

    def exact(self, wanted: str, unit: str, span: str = "ytd") -> Fraction | None:
        """Give the exact value of an indicator (or a growth) for a unit."""
        return self.sources.values[span].get(unit, {}).get(wanted)

    def figure(self, one: Indicator, unit: str, span: str = "ytd") -> Figure:
        """Print an indicator for a unit."""
        return numbers.figure(one, self.exact(one.id, unit, span), self.asked, unit=unit, span=span)

    def growth(self, one: Indicator, unit: str) -> Figure:
        """Print the growth of an indicator year to date; a dash where none is defined."""
        if not isinstance(one, Flow | Sum):
            return numbers.plain(None, "%", 1)
        return numbers.growth(one, self.exact(one.id + numbers.GROWTH, unit), self.asked, unit=unit)

    def project(self, one: Indicator | None, code: str, *, printed_in: str = "") -> Figure:
        """Print a project's own number, in its own unit or in another, then without decimals."""
        if one is None:
            return numbers.plain(None, "", 0)
        if printed_in:
            one = one.model_copy(update={"printed_in": printed_in, "places": 0})
        exact = self.sources.projects.figures.get(code, {}).get(one.id)
        return numbers.figure(one, exact, self.asked, project=code)

    def month(self, code: str, first: date, printed_in: str) -> Figure:
        """Print what a project had completed from the beginning of the year to the end of a month, in a unit, without decimals."""
        invested, year = self.sources.projects.invested, self.sources.profile.calendar.accounting_year
        if invested is None:
            return numbers.plain(None, printed_in, 0)
        exact = self.sources.projects.to_date.get(first, {}).get(code, {}).get(invested.id)
        asked = replace(self.asked, period=year.month_of(first).label)
        printed = invested.model_copy(update={"printed_in": printed_in, "places": 0})
        return numbers.figure(printed, exact, asked, project=code)
