"""Rules about calendar, units, roles and size bands."""

from __future__ import annotations

from collections.abc import Iterator

from luodi.codebook.rules.draft import Draft, Flaw
from luodi.codebook.values import Permission

# The three administrators 三员分立: what each keeps, nobody else may, and no person may hold two of them.
ADMINISTRATORS: dict[str, frozenset[Permission]] = {
    "system": frozenset({Permission.KEEP_STORE}),
    "security": frozenset({Permission.KEEP_PEOPLE, Permission.GIVE_POSTS, Permission.KEEP_TOKENS}),
    "audit": frozenset({Permission.READ_AUDIT}),
}


def the_year_begins_in_a_month(draft: Draft) -> Iterator[Flaw]:
    """Months are 1 to 12."""
    if draft.calendar is None:
        return
    found = {
        ("year_begins_in",): draft.calendar.year_begins_in,
        ("building", "first_month"): draft.calendar.building.first_month,
        ("building", "last_month"): draft.calendar.building.last_month,
    }
    for path, month in found.items():
        if not 1 <= month <= 12:
            yield Flaw("calendar", 0, path, "profile.not_a_month", {"found": month})


def curves_have_twelve_rising_months(draft: Draft) -> Iterator[Flaw]:
    """A baseline says for each of twelve months how much should be done; it never goes back."""
    for index, curve in enumerate(draft.calendar.curves if draft.calendar else ()):
        if len(curve.months) != 12 or list(curve.months) != sorted(curve.months) or curve.months[0] < 0:
            params = {"curve": curve.id, "count": len(curve.months)}
            yield Flaw("calendar", 0, ("curves", index, "months"), "profile.curve_months", params)


def a_unit_has_one_curve(draft: Draft) -> Iterator[Flaw]:
    """No unit stands in two curves."""
    seen: dict[str, str] = {}
    for index, curve in enumerate(draft.calendar.curves if draft.calendar else ()):
        for unit in curve.units:
            if unit in seen:
                params = {"unit": unit, "first": seen[unit]}
                yield Flaw("calendar", 0, ("curves", index, "units"), "profile.two_curves", params)
            seen.setdefault(unit, curve.id)


def some_kind_may_be_the_root(draft: Draft) -> Iterator[Flaw]:
    """At least one kind of unit may stand without a parent."""
    kinds = draft.of("unit_kinds")
    if kinds and all(kind.under for _, kind in kinds):
        yield Flaw("unit_kinds", kinds[0][0], ("under",), "profile.no_root_kind")


def bands_rise_from_nothing(draft: Draft) -> Iterator[Flaw]:
    """The first size band begins at 0 and each later one higher, so that every amount has exactly one."""
    below = None
    for index, band in draft.of("size_bands"):
        if (index == 0 and band.at_least != 0) or (below is not None and band.at_least <= below):
            yield Flaw(
                "size_bands", index, ("at_least",), "profile.bands_out_of_order", {"found": f"{band.at_least:f}"}
            )
        below = band.at_least


def administrators_are_three(draft: Draft) -> Iterator[Flaw]:
    """What one administrator keeps stands in no role with another's, nor with any work on figures (三员分立)."""
    kept = frozenset[Permission]().union(*ADMINISTRATORS.values())
    for index, role in draft.of("roles"):
        offices = [name for name, own in ADMINISTRATORS.items() if own & set(role.may)]
        if role.local or not offices:
            continue
        others = sorted(str(one) for one in set(role.may) - kept - ADMINISTRATOR_MAY)
        if len(offices) > 1 or others:
            params = {"role": role.id, "found": ", ".join([*offices, *others])}
            yield Flaw("roles", index, ("may",), "profile.administrators_meet", params)


# What an administrator may do besides.
ADMINISTRATOR_MAY = frozenset({Permission.VERIFY_LEDGER, Permission.REMOVE_BY_LAW, Permission.KEEP_UNITS})


def administrators_exclude_each_other(draft: Draft) -> Iterator[Flaw]:
    """Each administrator's role names the other two's roles as never held by the same person."""
    holders = {
        role.id: (index, role, name)
        for index, role in draft.of("roles")
        if not role.local
        for name, own in ADMINISTRATORS.items()
        if own & set(role.may)
    }
    for role_id, (index, role, name) in holders.items():
        missing = sorted(
            other
            for other, (_, other_role, other_name) in holders.items()
            if other_name != name and other not in role.never_with and role_id not in other_role.never_with
        )
        if missing:
            yield Flaw(
                "roles", index, ("never_with",), "profile.administrators_may_meet", {"others": ", ".join(missing)}
            )


RULES = (
    the_year_begins_in_a_month,
    curves_have_twelve_rising_months,
    a_unit_has_one_curve,
    some_kind_may_be_the_root,
    bands_rise_from_nothing,
    administrators_are_three,
    administrators_exclude_each_other,
)
