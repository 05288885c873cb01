"""A small city recorded by the operator at the machine."""

from __future__ import annotations

from datetime import date

import pytest

from luodi.identity import actions
from luodi.identity.values import LOCAL_OPERATOR, UnitRow
from luodi.ledger.values import Actor

DAY = date(2024, 1, 1)
OPERATOR = Actor(LOCAL_OPERATOR, "cli")


def unit(code: str, parent: str, kind: str, **more) -> UnitRow:
    return UnitRow(
        code=code, name=more.pop("name", code), kind=kind, valid_from=more.pop("valid_from", DAY), parent=parent, **more
    )


CITY = [
    unit("YL", "", "city", name="云岭市"),
    unit("YL01", "YL", "district", name="东山县", group="G2"),
    unit("YL02", "YL", "district"),
    unit("YL0101", "YL01", "town", name="河口镇"),
    unit("YL0102", "YL01", "town"),
    unit("YLD01", "YL", "department"),
]


@pytest.fixture
def city(db) -> None:
    """Record the units of a small city."""
    actions.record_units(CITY, actor=OPERATOR, on=DAY)


@pytest.fixture
def post(city):
    """Register a person and give a post; gives the actor."""

    def given(person: str, role: str, unit: str, *, valid_from: date = DAY) -> Actor:
        actions.register_person(person=person, name=f"虚构{person}", phone="000", actor=OPERATOR, on=DAY)
        actions.give_post(person=person, unit=unit, role=role, valid_from=valid_from, actor=OPERATOR, on=DAY)
        return Actor(person, "web", unit=unit)

    return given
