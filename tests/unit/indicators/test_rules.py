"""Rules of indicators: when rows are believed, which figures count, where projects stand, who holds what, how numbers are finished."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from luodi.identity.tree import Tree, Unit
from luodi.indicators.rules import dated, figures, finish, lives, weights
from luodi.indicators.rules.trust import last_standing, trust
from luodi.indicators.values import DatedRow, EventRow, FigureRow, Mark
from luodi.kernel.instant import END_OF_TIME

YEAR = date(2024, 1, 1)
MONTH_ENDS = (31, 29, 31, 30, 31, 30)


def month(
    n: int, value: str | None, *, own: int = 0, cumulative: bool = False, known: int = 1, accepted: int | None = 1
) -> FigureRow:
    amount = None if value is None else Decimal(value)
    return FigureRow(
        own or n, known, accepted, date(2024, n, 1), date(2024, n, MONTH_ENDS[n - 1]), 1, YEAR, cumulative, amount
    )


def quarter(value: str, *, own: int = 20, cumulative: bool = False, known: int = 1) -> FigureRow:
    return FigureRow(own, known, 1, YEAR, date(2024, 3, 31), 3, YEAR, cumulative, Decimal(value))


def total(
    rows: list[FigureRow], first: date, last: date, marks: dict[int, list[Mark]] | None = None, cut: int = 10
) -> tuple[Decimal, int]:
    found = figures.contributions(rows, marks or {})
    counted = [c for c in found if first <= c.first and c.last <= last and c.verified <= cut < c.until]
    direct = [i for i in figures.items(rows) if i.counts(first, last)]
    if not marks:
        assert sum(i.value for i in direct) == sum(c.value for c in counted)
    return sum((c.value for c in counted), Decimal(0)), sum(c.n for c in counted)


class TestTrust:
    def test_a_row_without_acceptance_is_filed_only(self) -> None:
        found = trust(known_at=5, trusted_at=None, marks=[])
        assert (found.verified, found.filed) == ((), ((5, END_OF_TIME),))

    def test_acceptance_before_the_row_was_known_counts_from_then(self) -> None:
        assert trust(known_at=5, trusted_at=2, marks=[]).verified == ((5, END_OF_TIME),)

    def test_withdrawn_is_filed_still_sent_back_is_not_until_accepted_after_all(self) -> None:
        marks = [Mark(6, 1, "accepted"), Mark(7, 2, "withdrawn"), Mark(8, 3, "sent_back"), Mark(9, 4, "accepted")]
        found = trust(known_at=5, trusted_at=None, marks=marks)
        assert found.verified == ((6, 7), (9, END_OF_TIME))
        assert found.filed == ((5, 8), (9, END_OF_TIME))

    def test_void_ends_everything_and_before_the_row_leaves_nothing(self) -> None:
        assert trust(known_at=5, trusted_at=5, marks=[Mark(8, 1, "void")]).verified == ((5, 8),)
        assert trust(known_at=5, trusted_at=5, marks=[Mark(4, 1, "void")]) == ((), ())

    def test_said_twice_changes_nothing(self) -> None:
        marks = [Mark(6, 1, "withdrawn"), Mark(7, 2, "withdrawn"), Mark(8, 3, "accepted"), Mark(9, 4, "verified")]
        assert trust(known_at=5, trusted_at=5, marks=marks).verified == ((5, 6), (8, END_OF_TIME))

    def test_of_one_key_the_last_believed_stands_and_falls_back(self) -> None:
        rows = [("old", ((1, 9),)), ("new", ((3, 5), (7, 8)))]
        assert last_standing(rows) == [(1, 3, "old"), (3, 5, "new"), (5, 7, "old"), (7, 8, "new"), (8, 9, "old")]

    def test_a_row_that_changes_nothing_is_no_turn_and_a_gap_is_empty(self) -> None:
        assert last_standing([("low", ((2, 3), (5, 6))), ("high", ((1, 4), (5, 7)))]) == [
            (1, 4, "high"),
            (5, 7, "high"),
        ]


class TestFigures:
    def test_months_add_up(self) -> None:
        assert total([month(1, "5"), month(2, "7")], YEAR, date(2024, 2, 29)) == (12, 2)

    def test_a_quarter_drops_its_months_only_where_it_fits(self) -> None:
        rows = [month(1, "5"), month(2, "7"), quarter("100")]
        assert total(rows, YEAR, date(2024, 2, 29)) == (12, 2)
        assert total(rows, YEAR, date(2024, 3, 31)) == (100, 1)

    def test_a_blank_neither_counts_nor_covers(self) -> None:
        blank = quarter("1")._replace(value=None)
        assert total([month(1, "5"), blank], YEAR, date(2024, 3, 31)) == (5, 1)
        assert total([month(1, None)], YEAR, date(2024, 3, 31)) == (0, 0)

    def test_of_a_cumulative_the_last_one_inside_the_year_counts(self) -> None:
        rows = [month(1, "5", cumulative=True), month(2, "9", cumulative=True), month(4, "20", cumulative=True)]
        assert total(rows, YEAR, date(2024, 3, 31))[0] == 9
        assert total(rows, YEAR, date(2024, 4, 30))[0] == 20

    def test_a_month_of_a_cumulative_needs_the_one_before(self) -> None:
        rows = [month(1, "5", cumulative=True), month(2, "9", cumulative=True), month(4, "20", cumulative=True)]
        assert total(rows, date(2024, 2, 1), date(2024, 2, 29)) == (4, 1)
        assert total(rows, date(2024, 4, 1), date(2024, 4, 30)) == (0, 0)

    def test_the_difference_is_not_taken_across_accounting_years(self) -> None:
        december = FigureRow(9, 1, 1, date(2023, 12, 1), date(2023, 12, 31), 1, date(2023, 1, 1), True, Decimal(80))
        february = month(2, "9", cumulative=True)._replace(first=date(2024, 1, 1), year_first=date(2023, 12, 15))
        assert figures.items([december, february])[-1].rows == (2,)

    def test_a_coarser_cumulative_of_one_end_stands(self) -> None:
        rows = [month(3, "30", cumulative=True), quarter("33", cumulative=True)]
        assert total(rows, YEAR, date(2024, 3, 31)) == (33, 1)

    def test_mixed_columns_never_count_twice(self) -> None:
        rows = [month(1, "5"), month(2, "7"), month(3, "30", cumulative=True)]
        assert total(rows, YEAR, date(2024, 3, 31)) == (30, 1)
        assert total([month(3, "30", cumulative=True), quarter("33")], YEAR, date(2024, 3, 31)) == (33, 1)

    def test_every_cut_has_its_own_values(self) -> None:
        rows = [
            month(1, "5", cumulative=True),
            month(2, "9", cumulative=True, known=3),
            month(2, "8", own=7, cumulative=True, known=5),
        ]
        marks = {7: [Mark(8, 90, "void")]}
        seen = [total(rows, YEAR, date(2024, 2, 29), marks, cut)[0] for cut in (1, 3, 5, 8)]
        assert seen == [5, 9, 8, 9]

    def test_what_differs_between_the_levels_is_told_apart(self) -> None:
        late = month(1, "5", accepted=4)
        assert [(c.verified, c.filed) for c in figures.contributions([late], {})] == [(4, 1)]
        sent_back = {1: [Mark(6, 90, "sent_back")]}
        assert [(c.verified, c.filed, c.until) for c in figures.contributions([late], sent_back)] == [(4, 1, 6)]
        withdrawn = {1: [Mark(6, 90, "withdrawn")]}
        found = {(c.verified, c.filed, c.until) for c in figures.contributions([late], withdrawn)}
        assert found == {(END_OF_TIME, 1, END_OF_TIME), (4, END_OF_TIME, 6)}


class TestLives:
    def event(self, own: int, stage: str, day: int, known: int = 1, verified: int | None = 1) -> EventRow:
        return EventRow(own, known, verified, stage, date(2024, 1, day))

    def test_the_first_day_is_the_earliest_in_force(self) -> None:
        assert lives.firsts([self.event(1, "开工", 9), self.event(2, "开工", 3)]) == (("开工", date(2024, 1, 3)),)

    def test_the_state_is_the_last_stage_ties_to_the_later_known(self) -> None:
        found = lives.states([self.event(2, "停滞", 5, known=1), self.event(1, "复工", 5, known=2)])
        assert found == (("复工", date(2024, 1, 5), lives.END_OF_DAYS),)

    def test_a_life_is_resolved_for_every_cut(self) -> None:
        rows = [self.event(1, "签约", 2), self.event(2, "开工", 5, known=4, verified=6)]
        first, states = lives.life(rows, {2: [Mark(9, 50, "void")]})
        verified = [(one.since, one.until, len(one.days)) for one in first if one.basis != 2]
        assert verified == [(1, 6, 1), (6, 9, 2), (9, END_OF_TIME, 1)]
        assert ("开工", 6, 9) in {(one.stage, one.since, one.until) for one in states}

    def test_what_changes_no_first_day_is_one_stretch_and_nothing_in_force_is_none(self) -> None:
        rows = [self.event(1, "签约", 2), self.event(2, "签约", 5, known=4, verified=4)]
        first, _ = lives.life(rows, {})
        assert [(one.since, one.until) for one in first] == [(1, END_OF_TIME)]
        gone = {1: [Mark(3, 50, "withdrawn"), Mark(5, 51, "verified")]}
        first, states = lives.life(rows[:1], gone)
        assert {(one.since, one.until) for one in first if one.basis == 1} == {(1, 3), (5, END_OF_TIME)}
        assert lives.life([self.event(1, "签约", 2, verified=None)], {1: [Mark(1, 50, "void")]}) == ([], [])
        assert states


class TestDated:
    def row(self, own: int, day: int, known: int = 1, void: int | None = None, group: str = "") -> DatedRow:
        return DatedRow(own, known, void, date(2024, 1, day), group)

    def test_one_row_holds_from_its_day(self) -> None:
        assert [r.rows for r in dated.rectangles([self.row(1, 5)])] == [(1,)]
        assert dated.rectangles([self.row(1, 5, known=3, void=2)]) == []

    def test_the_same_day_again_supersedes_and_a_void_falls_back(self) -> None:
        found = dated.rectangles([self.row(1, 5), self.row(2, 5, known=4, void=7)])
        assert [(r.since, r.until, r.rows) for r in sorted(found, key=lambda r: r.since)] == [
            (1, 4, (1,)),
            (4, 7, (2,)),
            (7, END_OF_TIME, (1,)),
        ]

    def test_rows_filed_together_hold_together(self) -> None:
        rows = [self.row(1, 5, group="a"), self.row(2, 5, group="a"), self.row(3, 5, known=2, group="b")]
        assert [(r.since, r.rows) for r in dated.rectangles(rows)] == [(1, (1, 2)), (2, (3,))]

    def test_all_void_is_nothing(self) -> None:
        assert [r.rows for r in dated.rectangles([self.row(1, 5, void=3), self.row(2, 6, void=3)])] == [(1,), (2,)]

    def test_the_last_known_of_a_key_replaces_the_others(self) -> None:
        rows = [self.row(1, 5), self.row(2, 5, known=4), self.row(3, 6, known=9, void=9)]
        found = list(dated.replaced(rows, lambda row: row.valid_from))
        assert [(since, until, row.id) for since, until, row in found] == [(1, 4, 1), (4, END_OF_TIME, 2)]


UNITS = {
    code: Unit(code, code, parent, "district", "", "", True)
    for code, parent in (("C", ""), ("A", "C"), ("A1", "A"), ("B", "C"), ("Z", ""))
}
SHAPE = weights.Shape(Tree(date(2024, 1, 1), UNITS), "C", {"zone": ("A1", "B")})


def part(unit: str, num: int, den: int = 1, *, full: bool = False) -> weights.Part:
    return weights.Part("P", "", unit, num, den, full)


def lines(parts: list[weights.Part]) -> dict[str | None, Fraction]:
    found: dict[str | None, Fraction] = {}
    for one in weights.weights(parts, SHAPE):
        assert one.places(SHAPE) == tuple(SHAPE.lines[line] for line in one.lines(SHAPE))
        for line in one.lines(SHAPE):
            found[line] = found.get(line, Fraction(0)) + Fraction(one.num, one.den)
    return found


class TestWeights:
    def test_shares_add_up_along_the_tree(self) -> None:
        found = lines([part("A1", 1, 3), part("B", 2, 3)])
        assert found == {"A1": Fraction(1, 3), "A": Fraction(1, 3), "B": Fraction(2, 3), "C": 1, "zone": 1}

    def test_what_no_unit_holds_is_a_line_of_its_own(self) -> None:
        assert lines([part("A", 1, 3)]) == {"A": Fraction(1, 3), "C": 1, None: Fraction(2, 3)}
        assert lines([part("gone", 1)]) == {"C": 1, None: 1}

    def test_in_full_every_unit_counts_all_once_in_each_line(self) -> None:
        found = lines([part("A", 1, full=True), part("A1", 1, full=True), part("B", 1, full=True)])
        assert found == {"A": 1, "A1": 1, "B": 1, "C": 1, "zone": 1}
        assert lines([part("gone", 1, full=True)]) == {"C": 1, None: 1}

    def test_holders_show_in_each_line_around_them_once(self) -> None:
        found = SHAPE.lines_of(["A1", "A", "gone"])
        assert found == {"A1": {"A1"}, "A": {"A1", "A"}, "C": {"A1", "A", "gone"}, "zone": {"A1"}}

    def test_shares_of_unlike_denominators_are_added_exactly(self) -> None:
        assert lines([part("A", 1, 3), part("B", 1, 6)]) == {"A": Fraction(1, 3), "B": Fraction(1, 6), "zone": Fraction(1, 6), "C": 1, None: Fraction(1, 2)}  # fmt: skip

    def test_a_share_in_full_beside_a_fraction_counts_whole(self) -> None:
        found = lines([part("A1", 1, full=True), part("B", 2, 3)])
        assert found == {"A1": 1, "A": 1, "B": Fraction(2, 3), "C": 1, "zone": 1}

    def test_shares_beyond_the_whole_count_at_most_one(self) -> None:
        assert lines([part("A1", 2, 3), part("A", 2, 3)]) == {
            "A1": Fraction(2, 3),
            "A": 1,
            "C": 1,
            "zone": Fraction(2, 3),
        }


class TestFinish:
    def test_a_ratio_over_nothing_is_none(self) -> None:
        assert finish.divided(Fraction(1), Fraction(0)) is None
        assert finish.divided(None, Fraction(1)) is None
        assert finish.divided(Fraction(1), Fraction(3)) == Fraction(1, 3)

    @pytest.mark.parametrize(
        ("now", "base", "found"),
        [(3, 2, Fraction(1, 2)), (3, 0, None), (3, -1, None), (None, 1, None), (1, None, None)],
    )
    def test_growth_needs_a_base_above_zero(self, now: int | None, base: int | None, found: Fraction | None) -> None:
        assert finish.grown(None if now is None else Fraction(now), None if base is None else Fraction(base)) == found

    def test_the_middle_of_counted_days(self) -> None:
        assert finish.median({}) is None
        assert finish.median({5: 1, -3: 1, 9: 1}) == 5
        assert finish.median({5: 1, 8: 1}) == Fraction(13, 2)
        with pytest.raises(IndexError):
            finish.nth({1: 1}, 1)

    def test_the_target_that_counts(self) -> None:
        def target(kind: str, source: str, value: str | None, period: str = "2024") -> finish.TargetRow:
            return finish.TargetRow("A", "x", period, kind, source, None if value is None else Decimal(value))

        rows = [target("striving", "above", "9"), target("guaranteed", "own", "7"), target("guaranteed", "above", None)]
        assert finish.targets(rows, period="2024") == {("A", "x"): 7}
        assert finish.targets([*rows, target("guaranteed", "above", "5")], period="2024") == {("A", "x"): 5}
        assert finish.targets([rows[1], rows[0]], period="2024") == {("A", "x"): 7}
        assert finish.targets([target("odd", "own", "5"), target("guaranteed", "own", "2", "2023")], period="2024") == {
            ("A", "x"): 5
        }

    def test_points_above_the_baseline(self) -> None:
        assert finish.gap(None, Fraction(1, 2)) is None
        assert finish.gap(Fraction(3, 4), Fraction(1, 2)) == 25
