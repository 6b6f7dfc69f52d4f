"""The window of a session on screens: open for the longest test in it, with a last admission."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from epa.errors import RuleBroken
from epa.settings import queries as settings
from epa.web.filters import duration, time_of_day

_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True)
class Window:
    """When a session on screens is open.

    Attributes:
        opens_at: from when a candidate may be let start.
        closes_at: by when every test in it ends.
        admits_until: until when a candidate may be let start.
    """

    opens_at: datetime
    closes_at: datetime
    admits_until: datetime

    @property
    def minutes(self) -> int:
        """How long it is open."""
        return (self.closes_at - self.opens_at) // _MINUTE


def chosen(
    opens_at: datetime,
    closes_at: datetime | None,
    admits_until: datetime | None,
    *,
    plan: timedelta,
    longest: timedelta,
) -> Window:
    """The window that somebody chose; without a last admission, with the usual one.

    Whoever is let in last keeps the whole time of the plan; whoever has more is refused then, and
    not cut short.

    Args:
        opens_at: when the session starts.
        closes_at: when it closes.
        admits_until: the last admission, if one was chosen.
        plan: how long the plan gives for the test.
        longest: how long the longest test in the session takes, with its breaks.

    Raises:
        RuleBroken: it does not close, closes before the longest test is over, or would let somebody in
            before it opens or too late for the plan's time.
    """
    if closes_at is None:
        raise RuleBroken("closes-missing", "Enter when the session closes", "closes")
    soonest = opens_at + max(plan, longest)
    if closes_at < soonest:
        raise RuleBroken(
            "window-short",
            f"The longest test in it takes {duration(max(plan, longest))}: the session must stay"
            f" open until {time_of_day(soonest)}",
            "closes",
        )
    last = closes_at - plan
    if admits_until is None:
        usual = opens_at + settings.value("admission_minutes") * _MINUTE
        return Window(opens_at, closes_at, min(usual, last))
    if not opens_at <= admits_until <= last:
        raise RuleBroken(
            "admission",
            f"The last admission must be from {time_of_day(opens_at)} to {time_of_day(last)}, so"
            " that everybody has the whole time",
            "admits",
        )
    return Window(opens_at, closes_at, admits_until)


def refuse_longer(needed: timedelta, opens_at: datetime, closes_at: datetime | None) -> None:
    """Refuse a candidate whose test takes longer than the session is open.

    Raises:
        RuleBroken: it does.
    """
    if closes_at is not None and needed > closes_at - opens_at:
        raise RuleBroken(
            "window-short",
            f"The test takes {duration(needed)} here, and the session is open for"
            f" {duration(closes_at - opens_at)}. Let it close later first.",
        )
