"""When a mail that could not be sent is tried again."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

MOST_ATTEMPTS: Final = 12
_FIRST_WAIT: Final = timedelta(minutes=1)
_LONGEST_WAIT: Final = timedelta(hours=6)


def wait_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts: a minute, doubled each time, six hours at most."""
    doubled: timedelta = _FIRST_WAIT * 2 ** min(max(attempts - 1, 0), MOST_ATTEMPTS)
    return min(doubled, _LONGEST_WAIT)
