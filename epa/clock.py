"""The one source of time: UTC instants, London dates."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

LONDON: Final = ZoneInfo("Europe/London")


class _Shift:
    """Where the test configuration keeps how far the clock stands from real time."""

    file: Path | None = None


def allow_shift(file: Path | None) -> None:
    """Let ``file`` (whole seconds, may be absent) shift the clock; only tests are given one."""
    _Shift.file = file


def _shift() -> timedelta:
    if _Shift.file is None:
        return timedelta()
    try:
        return timedelta(seconds=int(_Shift.file.read_text(encoding="ascii")))
    except FileNotFoundError:
        return timedelta()


def utc_now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC) + _shift()


def london_date(at: datetime) -> date:
    """The calendar date in London at an instant."""
    return at.astimezone(LONDON).date()


def end_of_day(day: date) -> datetime:
    """The last second of a London day (23:59:59), as an instant in UTC."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=LONDON).astimezone(UTC)


def london_instant(day: date, at: time) -> datetime:
    """The instant of a wall-clock time in London.

    A time that both clock changes leave ambiguous is the earlier one; a time that does not exist
    in spring is moved forward by the hour that was skipped.
    """
    return datetime.combine(day, at, tzinfo=LONDON).astimezone(UTC)
