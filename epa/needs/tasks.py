"""What comes round for those who wish it: the daily mail, early in the morning."""

from __future__ import annotations

from typing import Final

from epa.background.queue import every_ten_minutes
from epa.clock import utc_now
from epa.needs.sending import write_daily_mails

_MORNING: Final = (7, 8)


@every_ten_minutes("needs.daily_mail", hours=_MORNING)
def send_daily_mails() -> None:
    """Write today's mails, those that are not written yet."""
    write_daily_mails(utc_now())
