"""Lights by the profile's rules, credit that holds, and whose names are secret."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from luodi.projects.rules import lights, secrecy, shares
from luodi.projects.rules.lights import Colour, LightCase, Lights
from luodi.projects.values.rows import Dossier, ExcuseState, NodeState, Plan, Share, Status
from tests.unit.projects.conftest import SIGNED, STARTED, TODAY, event, profile, started

ACTIVE = frozenset({date(2025, 5, 1)})


def lamp(rule, dossier=None, on=TODAY, **changes):
    case = LightCase(dossier or started(), on, profile(), **({"active": ACTIVE} | changes))
    return next(one for one in lights.lights(case).lamps if one.rule == rule)


def signed_only(**changes):
    return started(events=(event("签约", SIGNED),), **changes)


PLANNED = {2025: Plan("P1", 2025, Decimal(1000), start_on=date(2025, 3, 10))}


@pytest.mark.parametrize(
    ("on", "value", "colour"),
    [
        (date(2025, 3, 10), -1, Colour.GREEN),
        (date(2025, 3, 11), 0, Colour.GREEN),
        (date(2025, 4, 1), 1, Colour.YELLOW),
        (date(2025, 5, 31), 2, Colour.YELLOW),
        (date(2025, 6, 1), 3, Colour.RED),
    ],
)
def test_a_late_start_is_counted_in_months(on, value, colour):
    found = lamp("late_start", signed_only(plans=PLANNED), on)
    assert (found.value, found.colour) == (value, colour)


def test_a_start_in_time_or_without_a_plan():
    assert lamp("late_start", started(plans=PLANNED)).colour is Colour.GREEN
    assert lamp("late_start", signed_only()).colour is Colour.NONE


@pytest.mark.parametrize(
    ("invested", "colour"),
    [(None, Colour.NONE), (1000, Colour.GREEN), (400, Colour.GREEN), (300, Colour.YELLOW), (0, Colour.RED)],
)
def test_progress_is_measured_against_the_calendar(invested, colour):
    money = None if invested is None else Decimal(invested)
    assert lamp("behind", started(plans=PLANNED), invested=money).colour is colour


def test_progress_needs_a_plan_with_an_amount_and_a_version():
    for dossier in (started(), started(plans={2025: Plan("P1", 2025)}), started(plans=PLANNED, versions=())):
        assert lamp("behind", dossier, invested=Decimal(1)).colour is Colour.NONE


def test_ten_points_behind_is_yellow_and_thirty_red():
    day = date(2025, 6, 30)  # half the year
    values = {
        Decimal(401): Colour.GREEN,
        Decimal(400): Colour.YELLOW,
        Decimal(201): Colour.YELLOW,
        Decimal(200): Colour.RED,
    }
    for invested, colour in values.items():
        assert lamp("behind", started(plans=PLANNED), day, invested=invested).colour is colour


def test_waiting_between_two_stages_with_orange_between():
    for days, colour in ((89, Colour.GREEN), (90, Colour.YELLOW), (135, Colour.ORANGE), (180, Colour.RED)):
        assert lamp("landing_wait", signed_only(), SIGNED + timedelta(days)).colour is colour
    assert lamp("landing_wait").colour is Colour.GREEN
    assert lamp("landing_wait", started(events=())).colour is Colour.NONE


def test_the_next_node_alone_decides():
    node = NodeState(1, "P1", "打桩", date(2025, 5, 1), date(2025, 6, 1))
    assert lamp("late_node", started(nodes=(node,))).value == 1
    assert lamp("late_node", started(nodes=(replace(node, actual_on=TODAY),))).colour is Colour.GREEN
    assert lamp("late_node").colour is Colour.NONE


def test_silence_is_counted_in_building_months():
    quiet = {"active": frozenset()}
    assert lamp("silent").value == 0
    assert lamp("silent", active=frozenset({date(2025, 2, 1)})).value == 2
    assert lamp("silent", started(spoken=frozenset({date(2025, 4, 1)})), **quiet).value == 1
    assert lamp("silent", **quiet).value == 3  # October, April and May: nobody builds in winter
    for dossier in (
        signed_only(),
        started(events=(*started().events, event("竣工", date(2025, 3, 1)))),
        started(events=(*started().events, event("停滞", date(2025, 3, 1)))),
    ):
        assert lamp("silent", dossier, **quiet).colour is Colour.NONE


def test_months_in_which_nobody_builds_do_not_count():
    def builds_in(month):
        return 4 <= month <= 10

    assert lights.silent_months(STARTED, TODAY, frozenset(), builds_in) == 3  # October, April, May
    assert lights.silent_months(date(2025, 5, 9), TODAY, frozenset(), builds_in) == 0


EXCUSE = ExcuseState(9, "P1", "silent", TODAY - timedelta(5), TODAY + timedelta(5), Status.VERIFIED)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, Colour.EXCUSED),
        ({"status": Status.CLAIMED}, Colour.RED),
        ({"light": "behind"}, Colour.RED),
        ({"valid_to": TODAY}, Colour.RED),
        ({"valid_from": TODAY + timedelta(1)}, Colour.RED),
    ],
)
def test_only_an_approved_excuse_that_covers_the_day_excuses(changes, expected):
    dossier = started(excuses=(replace(EXCUSE, **changes),))
    found = lamp("silent", dossier, active=frozenset())
    assert (found.colour, found.without_excuse) == (expected, Colour.RED)


def test_what_is_green_needs_no_excuse_and_what_can_not_be_excused_is_not():
    assert lamp("silent", started(excuses=(EXCUSE,))).colour is Colour.GREEN
    rules = tuple(rule.model_copy(update={"excusable": False}) for rule in profile().lights)
    case = LightCase(started(excuses=(EXCUSE,)), TODAY, profile().model_copy(update={"lights": rules}))
    assert next(one for one in lights.lights(case).lamps if one.rule == "silent").colour is Colour.RED


def test_a_project_that_is_gone_has_no_lights_and_the_worst_colour_counts():
    gone = started(events=(*started().events, event("终止", date(2025, 3, 1))))
    assert lights.lights(LightCase(gone, TODAY, profile())) == Lights() and Lights().colour is Colour.NONE
    assert lights.lights(LightCase(started(), TODAY, profile())).colour is Colour.RED


def test_colours_begin_at_their_thresholds():
    rule = profile().lights[0]
    assert lights.colour_of(rule, None) is Colour.NONE
    assert lights.colour_of(rule, Fraction(1)) is Colour.YELLOW
    assert lights.colour_of(rule, Fraction(999, 1000)) is Colour.GREEN


def share(unit, day=date(2024, 6, 1), filing="f1", **changes):
    return replace(Share("P1", "host", unit, 1, valid_from=day, filing=filing, row=1), **changes)


def held(*rows, **changes):
    return [one.unit for one in shares.set_in_force(rows, role="host", on=TODAY, **changes)]


def test_the_latest_set_of_credit_holds_and_one_for_a_measure_is_its_own():
    older = (share("YL01"), share("YL02"))
    newer = share("YL03", date(2025, 1, 1), "f2", row=2)
    assert held(*older) == ["YL01", "YL02"] and held(*older, newer) == ["YL03"]
    assert held(*older, share("YL09", date(2026, 1, 1), "f3")) == ["YL01", "YL02"]
    again = share("YL04", filing="f4", row=3)
    assert held(*older, again) == ["YL04"]
    assert held(share("YL05", measure="tax_paid"), measure="tax_paid") == ["YL05"]
    assert held() == held(share("YL05", measure="tax_paid")) == []


# --- secrecy --------------------------------------------------------------------------------------


def test_names_are_open_once_signed_or_further():
    assert secrecy.is_signed(started(), profile())
    assert secrecy.is_signed(started(events=(event("开工", STARTED),)), profile())
    assert not secrecy.is_signed(started(events=(event("签约", SIGNED, Status.CLAIMED),)), profile())
    assert not secrecy.is_signed(started(events=(event("终止", SIGNED),)), profile())
    nameless = profile().model_copy(update={"stages": profile().stages[:2]})
    assert secrecy.is_signed(Dossier("P1"), nameless)


def test_a_project_belongs_to_its_units_and_whoever_shares_it():
    assert secrecy.units_of(started(shares=(share("YL08"),))) == {"YL01", "YL02", "YLD05", "YL08"}
    assert secrecy.units_of(Dossier("P1")) == frozenset()
