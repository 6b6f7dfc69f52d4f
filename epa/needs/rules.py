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


def grouped(needs: Iterable[Need], today: date, *, urgent_days: int = URGENT_DAYS) -> list[Group]:
    """What closes soon, what comes up, what waits without a closing date; empty groups left out.

    Within a group by day, then by title; what waits stands longest first.

    Args:
        needs: in any order.
        today: London's date.
        urgent_days: what closes sooner is urgent; an administrator sets it.
    """
    dated = sorted(
        (need for need in needs if need.due_on is not None),
        key=lambda need: (need.due_on or today, need.title),
    )
    waiting = sorted(
        (need for need in needs if need.due_on is None),
        key=lambda need: (need.since or today, need.title),
    )
    soon = [need for need in dated if days_left(need, today) < urgent_days]
    later = [need for need in dated if days_left(need, today) >= urgent_days]
    groups = [
        Group(f"Closing within {urgent_days} days", tuple(soon), is_urgent=True),
        Group("Coming up", tuple(later)),
        Group("Waiting, with no closing date", tuple(waiting)),
    ]
    return [group for group in groups if group.needs]


def days_left(need: Need, today: date) -> int:
    """Whole days until a need closes (negative when overdue), or the days it has waited."""
    if need.due_on is not None:
        return (need.due_on - today).days
    return (today - (need.since or today)).days


@dataclass(frozen=True)
class Count:
    """How many needs of one kind there are, without a name: ``days`` as for the nearest of them."""

    what: str
    number: int
    days: int
    waits: bool


def counted(groups: Iterable[Group], today: date) -> list[Count]:
    """The needs by kind, for a mail: it may be read by others, so that it names nobody."""
    kinds: dict[tuple[str, bool], list[int]] = {}
    for group in groups:
        for need in group.needs:
            key = (need.what, need.due_on is None)
            kinds.setdefault(key, []).append(days_left(need, today))
    return [
        Count(what, len(days), max(days) if waits else min(days), waits)
        for (what, waits), days in kinds.items()
    ]


def count_in_words(count: Count) -> str:
    """Such as "3 times: Decide the gateway (longest waiting 12 days)"."""
    times = "" if count.number == 1 else f"{count.number} times: "
    if count.waits:
        when = "since today" if count.days == 0 else f"waiting {_days(count.days)}"
        return f"{times}{count.what} ({'longest ' if times and count.days else ''}{when})"
    if count.days < 0:
        return f"{times}{count.what} ({_days(-count.days)} over)"
    first = "the first " if times else ""
    when = "today" if count.days == 0 else f"in {_days(count.days)}"
    return f"{times}{count.what} ({first}{when})"


def _days(number: int) -> str:
    return f"{number} day" if number == 1 else f"{number} days"
