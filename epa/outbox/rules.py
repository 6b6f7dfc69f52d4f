"""When a mail is tried again, how its text is set, and what the task is called that sends."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from typing import Final

SEND: Final = "outbox.send_written"
# Where a one-time link goes in a text that is kept without it.
LINK_MARK: Final = "[one-time link]"
DAILY: Final = "daily mail"
MOST_ATTEMPTS: Final = 12
_FIRST_WAIT: Final = timedelta(minutes=1)
_LONGEST_WAIT: Final = timedelta(hours=6)


def wait_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts: a minute, doubled each time, six hours at most."""
    doubled: timedelta = _FIRST_WAIT * 2 ** min(max(attempts - 1, 0), MOST_ATTEMPTS)
    return min(doubled, _LONGEST_WAIT)


def one_line(text: str) -> str:
    """A text that is safe in a mail's head: one line, no controls, spaces joined.

    A name with a line end in it would otherwise begin a header of its own.
    """
    plain = "".join(" " if unicodedata.category(letter)[0] == "C" else letter for letter in text)
    return " ".join(plain.split())
