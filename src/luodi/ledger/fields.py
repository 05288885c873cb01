"""Columns that mean the same on every store."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    Base = models.Field[Decimal | str | None, Decimal | None]
else:
    Base = models.Field


class ExactDecimalField(Base):
    """
    A decimal of any size, exactly: NUMERIC on PostgreSQL, text on SQLite (whose numbers are floats).

    Text does not sort as a number: order and sum in Python or in the columnar engine.
    """

    def db_type(self, connection: Any) -> str:
        return "numeric" if connection.vendor == "postgresql" else "text"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Decimal | None:
        return value if value is None or isinstance(value, Decimal) else Decimal(value)

    def to_python(self, value: Any) -> Decimal | None:
        return value if value is None or isinstance(value, Decimal) else Decimal(value)

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return None if value is None else f"{Decimal(value):f}"
