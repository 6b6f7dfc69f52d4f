"""Who may release a grade, and when an overall Fail may be final."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID


def is_second_person(releaser: UUID, involved: Iterable[UUID | None]) -> bool:
    """Whether somebody had no part in the grade that they are to release."""
    return releaser not in set(involved)


def resit_is_possible(today: date, last_day: date) -> bool:
    """Whether a failed method may still be taken again: until the EPA period's last day.

    Source: the plan's section on re-sits and re-takes.
    """
    return today <= last_day


def statement_number(prefix: str, year: int, count: int) -> str:
    """A statement's number, such as CVA-2026-00417: the EPAO's letters, the year, a count."""
    return f"{prefix}-{year}-{count:05d}"


def prefix_of(name: str) -> str:
    """The first letters of an organisation's name, at most three: the start of its numbers."""
    letters = "".join(word[0] for word in name.split() if word[0].isalpha())[:3].upper()
    return letters or "EPA"
