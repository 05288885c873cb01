"""Sections about the city, its calendar, its units and who may do what."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Literal

from luodi.codebook.values.base import Frozen, Item, Label, Money, Month, Name, Number, Whole, Words, Yes
from luodi.kernel.period import AccountingYear, add_months

Of = Literal["host", "introducer", "lead_department", "filer"]


class City(Frozen):
    """Whose profile it is and what every page and paper says of it."""

    id: Name
    zh: Words
    en: Words
    root: Name  # the code of the unit that is the whole city
    go_live: Month  # nothing is owed before this month
    hash: Literal["sha256", "sm3"] = "sha256"
    counted_kinds: tuple[Label, ...]  # kinds of project that indicators count unless they say otherwise
    not_secret_zh: Words  # beside each upload and free-text field
    not_secret_en: Words
    not_statistics_zh: Words  # on each paper
    not_statistics_en: Words


class Curve(Item):
    """A baseline of the city's own: the share of the year that should be done at each month's end; it may exceed 1."""

    units: tuple[Name, ...]
    months: tuple[Number, ...]  # twelve, of the accounting year


class Season(Frozen):
    """Months in which building goes on; others are winter stops and are not counted against anybody."""

    first_month: Whole
    last_month: Whole

    def builds_in(self, month: int) -> bool:
        """Tell whether a calendar month is a building month; a season may run over the new year."""
        if self.first_month <= self.last_month:
            return self.first_month <= month <= self.last_month
        return month >= self.first_month or month <= self.last_month


class Calendar(Frozen):
    """How the city counts its year."""

    year_begins_in: Whole = 1
    merge_jan_feb: Yes = False
    building: Season = Season(first_month=1, last_month=12)
    curves: tuple[Curve, ...] = ()

    @property
    def accounting_year(self) -> AccountingYear:
        """Give the kernel's rule of the accounting year."""
        return AccountingYear(self.year_begins_in, self.merge_jan_feb)

    def baseline(self, *, unit: str, day: date) -> Fraction:
        """
        Give the share of the accounting year that should be done by the end of a day (序时进度; indicators.md, points).

        Whole months elapsed / 12, inside a month plus the days to the day / the month's days; along the unit's own curve
        if it has one, straight between two month ends.
        """
        marks = self._marks(unit)
        first = self.accounting_year.of(day).first
        elapsed = (day.year - first.year) * 12 + day.month - first.month
        month_first = add_months(first, elapsed)
        month_ends = add_months(first, elapsed + 1)
        part = Fraction((day - month_first + timedelta(days=1)).days, (month_ends - month_first).days)
        return marks[elapsed] + (marks[elapsed + 1] - marks[elapsed]) * part

    def _marks(self, unit: str) -> tuple[Fraction, ...]:
        own = next((curve for curve in self.curves if unit in curve.units), None)
        if own is None:
            return tuple(Fraction(n, 12) for n in range(13))
        return (Fraction(0), *(Fraction(share) for share in own.months))


class UnitKind(Item):
    """A kind of unit (`units` column kind) and below which kinds it may stand."""

    under: tuple[Name, ...] = ()  # empty: only as the root, or without a parent
    level: Whole = 0  # 0 the city, 1 counties and departments, 2 towns and squads; for papers and filters
    files: Yes = False  # such units file forms and are listed when missing
    acts_for_parent: Yes = False  # an office: who sits there acts for the unit above


class Group(Item):
    """Units compared with each other in assessments and rankings (考核组)."""


class Perimeter(Item):
    """A named list of units beside the tree: no parent, no filings, never added up with the tree."""

    units: tuple[Name, ...]


class Office(Item):
    """An office of the city with a duty that forms and stages name: which unit it is."""

    unit: Name


class Party(Frozen):
    """Who has to agree: an office of the city, or the unit a project has in a role (or that filed)."""

    office: Name | None = None
    of: Of | None = None


class Permission(StrEnum):
    """Everything a person may be allowed to do or see. Roles give them; identity.permissions decides."""

    SEE_FIGURES = "see_figures"  # indicators, projects, papers of units within reach
    SEE_INVESTORS = "see_investors"  # true names before signing, within reach
    SEE_EVIDENCE = "see_evidence"  # open the images; each view is logged
    SEE_CONTACTS = "see_contacts"  # telephones of people
    KEEP_PROJECTS = "keep_projects"  # register, re-version, plan, list, note
    CLAIM_STAGE = "claim_stage"
    VERIFY_STAGE = "verify_stage"
    VOID_ROWS = "void_rows"
    MERGE_PROJECTS = "merge_projects"
    RAISE_PROBLEM = "raise_problem"
    CLOSE_PROBLEM = "close_problem"
    APPROVE_EXCUSE = "approve_excuse"
    ASSIGN_PEOPLE = "assign_people"  # sponsor, secretary, team, helper of a project
    SHARE_CREDIT = "share_credit"  # attributions
    FILL_FORM = "fill_form"
    CHECK_FORM = "check_form"
    SIGN_FORM = "sign_form"
    SUBMIT_FORM = "submit_form"
    ACCEPT_FORM = "accept_form"
    REOPEN_CELL = "reopen_cell"
    SEND_MOMENT_FORM = "send_moment_form"  # ask units within reach for a table of the moment, collect it
    EXPLAIN_FINDING = "explain_finding"
    SET_TARGETS = "set_targets"
    SEAL_PERIOD = "seal_period"
    PUBLISH_PAPERS = "publish_papers"
    TRACE = "trace"
    SCORE = "score"
    KEEP_SCHEMES = "keep_schemes"
    IMPORT = "import"
    IMPORT_HISTORY = "import_history"
    EXPORT = "export"
    KEEP_UNITS = "keep_units"
    KEEP_PEOPLE = "keep_people"
    GIVE_POSTS = "give_posts"
    KEEP_TOKENS = "keep_tokens"
    KEEP_STORE = "keep_store"  # back up, restore, rebuild, upgrade
    REMOVE_BY_LAW = "remove_by_law"  # 撤除
    READ_AUDIT = "read_audit"
    VERIFY_LEDGER = "verify_ledger"


# Where a role acts, from narrowest to widest.
Reach = Literal["projects", "unit", "subtree", "city"]


class Role(Item):
    """What a post allows and how far: its own projects, its unit, the part of the tree below, the whole city."""

    reach: Reach
    may: tuple[Permission, ...] = ()
    never_with: tuple[Name, ...] = ()  # roles the same person may not hold at the same time (三员分立)
    local: Yes = False  # only the operator at the machine's own command line; no post gives it


class SizeBand(Item):
    """A band of size by total investment, from `at_least` up to the next: all that others see of an amount before signing."""

    at_least: Money
