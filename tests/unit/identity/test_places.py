"""Units that a profile names must stand in the ledger."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from luodi.codebook.load import SHIPPED, load_profile
from luodi.codebook.values import Calendar, Curve
from luodi.identity.rules.places import named_units, place_problems
from luodi.identity.tree import Version, tree_on

DAY = date(2024, 6, 1)


def tree(*codes, closed=()):
    rows = [Version(code, code, "", "park", "", "", date(2020, 1, 1), None) for code in codes]
    rows += [Version(code, code, "", "park", "", into, date(2020, 1, 1), DAY) for code, into in closed]
    return tree_on(rows, on=DAY)


def test_a_profile_whose_units_all_stand_has_no_problem():
    profile = load_profile(SHIPPED)

    assert list(place_problems(profile, tree(*(unit for _, unit in named_units(profile))))) == []


def test_each_unit_that_is_not_there_is_named_with_its_place_and_successor():
    profile = load_profile(SHIPPED)
    curve = Curve(id="c", zh="线", en="curve", units=("YL99",), months=(Decimal(0),) * 12)
    profile = profile.model_copy(update={"calendar": Calendar(curves=(curve,))})
    units = {unit for _, unit in named_units(profile)} - {"YLD06", "YL99"}
    problems = list(place_problems(profile, tree(*units, closed=[("YLD06", "YLD05")])))

    assert [(one.where, one.params["unit"], one.params["successor"]) for one in problems] == [
        ("offices.tax_bureau", "YLD06", "YLD05"),
        ("calendar.curves.c", "YL99", "—"),
    ]
    assert all("{" not in one.message("zh") + one.message("en") for one in problems)


def test_units_excepted_from_a_form_are_named_too():
    profile = load_profile(SHIPPED)
    form = profile.forms[0]
    excepting = form.model_copy(update={"owes": form.owes.model_copy(update={"except_units": ("YL77",)})})

    assert ("forms.YL-T1.owes", "YL77") in list(named_units(profile.model_copy(update={"forms": (excepting,)})))
