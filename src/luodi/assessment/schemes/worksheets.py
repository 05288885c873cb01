"""Rows as a pool sees them: of its period, known in time, keyed, shared out; each key's shares checked once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any

from luodi.assessment.schemes.data import RawRow, RowsFile, share_of
from luodi.assessment.schemes.exact import text_of
from luodi.assessment.schemes.operators.base import Row
from luodi.assessment.schemes.periods import key as period_key
from luodi.assessment.schemes.periods import period_of
from luodi.kernel import predicates
from luodi.kernel.predicates import plain

NO_ROWS: tuple[Row, ...] = ()


@dataclass
class Worksheets:
    """The rows of one pool, by file and key column."""

    files: Mapping[str, RowsFile]
    period: str | None
    cut: datetime | None  # up to when rows may have become known
    units: Collection[str]
    note: Callable[..., None]  # notes a problem of a file
    sheets: dict[tuple[str, str, bool], Mapping[str, Sequence[Row]]] = field(default_factory=dict)
    earlier: dict[tuple[str, str, str], Mapping[str, Sequence[tuple[str, Row]]]] = field(default_factory=dict)

    def rows(self, args: Mapping[str, Any], unit: str, *, whole: bool) -> Sequence[Row]:
        """Give a unit's rows; `whole` refuses a key that is credited more than once over all units."""
        at = (args["rows"], args["key"], whole)
        if at not in self.sheets:
            self.sheets[at] = self._sheet(*at)
        return self.sheets[at].get(unit, NO_ROWS)

    def before(self, args: Mapping[str, Any], key: str) -> Sequence[tuple[str, Row]]:
        """Give the rows with a key in earlier periods, earliest first."""
        dated = args["dated"] if args["dated"] not in (None, "as_listed") else ""
        at = (args["rows"], args["key"], dated)
        if at not in self.earlier:
            self.earlier[at] = self._earlier(*at)
        return self.earlier[at].get(key, ())

    def _sheet(self, name: str, key: str, whole: bool) -> Mapping[str, Sequence[Row]]:
        file = self.files[name]
        self._check_key(file, key)
        dated = "period" in file.header and self.period is not None
        found: dict[str, list[Row]] = {}
        for raw in file.rows:
            if dated and plain(raw.fields["period"]) != self.period:
                continue
            if self.cut is not None and raw.known_at > self.cut:
                continue
            row = self._row(file, raw, key)
            found.setdefault(row.unit, []).append(row)
        if whole:
            self._check_shares(file, key, found)
        self._check_units(file, found)
        return found

    def _row(self, file: RowsFile, raw: RawRow, key: str) -> Row:
        share = share_of(raw.fields.get("share", ""))
        if share is None:
            self._refuse(file, raw.line, "scheme.bad_share", unit=raw.fields["unit"], found=raw.fields["share"])
        named = plain(raw.fields.get(key, ""))
        if not named:
            self._refuse(file, raw.line, "scheme.row_without_key", key=key)
        return Row(named, raw.fields["unit"], share or Fraction(1), raw.fields, raw.line)

    def _check_key(self, file: RowsFile, key: str) -> None:
        if key not in file.header:
            self._refuse(file, 1, "scheme.column_missing", column=key)

    def _check_shares(self, file: RowsFile, key: str, rows: Mapping[str, Sequence[Row]]) -> None:
        """A thing is credited once over all units: shares of different units may not pass the whole."""
        shares: dict[str, dict[str, Row]] = {}
        for unit, found in rows.items():
            for row in found:
                kept = shares.setdefault(row.key, {}).get(unit)
                if kept is None or row.share > kept.share:
                    shares[row.key][unit] = row
        for named, by_unit in shares.items():
            whole = sum((row.share for row in by_unit.values()), Fraction(0))
            if whole > 1:
                line = max(row.line for row in by_unit.values())
                units = ", ".join(sorted(by_unit))
                self._refuse(file, line, "scheme.over_shared", key=key, found=named, units=units, shares=text_of(whole))

    def _check_units(self, file: RowsFile, rows: Mapping[str, Sequence[Row]]) -> None:
        for unit, found in rows.items():
            if unit not in self.units:
                self._refuse(file, found[0].line, "scheme.row_of_nobody", blocking=False, unit=unit)

    def _earlier(self, name: str, key: str, dated: str) -> Mapping[str, Sequence[tuple[str, Row]]]:
        """Collect the rows of earlier periods: by their `period`, else by the day that places them in one."""
        file, here = self.files[name], self.period
        if here is not None and "period" not in file.header and not dated:
            self._refuse(file, 1, "scheme.once_undated", blocking=False)
        found: dict[str, list[tuple[str, Row]]] = {}
        for raw in file.rows:
            label = plain(raw.fields.get("period", "")) or period_of(here, predicates.day(raw.fields.get(dated)))
            if here is not None and label and period_key(label) < period_key(here):
                row = self._row(file, raw, key)
                found.setdefault(row.key, []).append((label, row))
        return {key: sorted(rows, key=lambda one: period_key(one[0])) for key, rows in found.items()}

    def _refuse(self, file: RowsFile, line: int, code: str, *, blocking: bool = True, **params: object) -> None:
        self.note(code, file=file.file, line=line, blocking=blocking, **params)
