"""One thing to do, and how a list of them is grouped and ordered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

URGENT_DAYS: Final = 14


@dataclass(frozen=True)
class Need:
    """Something that a person can do now.

    ``due_on`` is the last day for it, or None; then ``since`` says since when it waits. ``place``
    is a page's endpoint with its parameters.
    """

    what: str
    who: str
    text: str
    action: str
    place: str
    assessment_id: UUID | None
    due_on: date | None = None
    since: date | None = None
    parameters: Mapping[str, UUID] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """What is to be done, then for whom; for oneself without a name."""
        return f"{self.what}: {self.who}" if self.who else self.what


@dataclass(frozen=True)
class Group:
    """Needs that belong together, with the heading they stand under."""

    title: str
    needs: tuple[Need, ...]
    is_urgent: bool = False


def grouped(needs: Iterable[Need], today: date) -> list[Group]:
    """What closes soon, what comes up, what waits without a closing date; empty groups left out.

    Within a group by day, then by title; what waits stands longest first.
    """
    dated = sorted(
        (need for need in needs if need.due_on is not None),
        key=lambda need: (need.due_on or today, need.title),
    )
    waiting = sorted(
        (need for need in needs if need.due_on is None),
        key=lambda need: (need.since or today, need.title),
    )
    soon = [need for need in dated if days_left(need, today) < URGENT_DAYS]
    later = [need for need in dated if days_left(need, today) >= URGENT_DAYS]
    groups = [
        Group(f"Closing within {URGENT_DAYS} days", tuple(soon), is_urgent=True),
        Group("Coming up", tuple(later)),
        Group("Waiting, with no closing date", tuple(waiting)),
    ]
    return [group for group in groups if group.needs]


def days_left(need: Need, today: date) -> int:
    """Whole days until a need closes (negative when overdue), or the days it has waited."""
    if need.due_on is not None:
        return (need.due_on - today).days
    return (today - (need.since or today)).days
