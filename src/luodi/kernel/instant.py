"""
Instants as whole microseconds since 1970 UTC.

One integer means the same on SQLite, PostgreSQL, DuckDB and in Parquet, orders exactly and knows no zone.
Days are days of the city's time zone. Nothing here reads a clock.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

CITY_ZONE = ZoneInfo("Asia/Shanghai")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

# Later than any instant of a ledger: the open end of an interval, as a number that every store can hold.
END_OF_TIME = 2**62


def from_datetime(moment: datetime) -> int:
    """Turn an aware datetime into an instant. Raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return (moment - EPOCH) // MICROSECOND


def to_datetime(instant: int, zone: ZoneInfo = CITY_ZONE) -> datetime:
    """Turn an instant into a datetime of the city's zone."""
    return (EPOCH + instant * MICROSECOND).astimezone(zone)


def start_of(day: date, zone: ZoneInfo = CITY_ZONE) -> int:
    """Give the first instant of a day: what a `known_at` that is only a day means."""
    return from_datetime(datetime.combine(day, time(), zone))


def end_of(day: date, zone: ZoneInfo = CITY_ZONE) -> int:
    """Give the last instant of a day, inclusive: what `--as-of DAY` means."""
    return start_of(day + timedelta(days=1), zone) - 1


def day_of(instant: int, zone: ZoneInfo = CITY_ZONE) -> date:
    """Tell on which day of the city an instant falls."""
    return to_datetime(instant, zone).date()


def iso(instant: int) -> str:
    """Write an instant in UTC with all six decimals, as it stands in canonical bytes."""
    return (EPOCH + instant * MICROSECOND).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def from_iso(text: str) -> int:
    """Read what `iso` wrote. Raises ValueError for anything else."""
    found = from_datetime(datetime.fromisoformat(text))
    if iso(found) != text:
        raise ValueError(f"not an instant as canonical bytes have it: {text!r}")
    return found
