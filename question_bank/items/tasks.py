"""What comes round for the bank: reminders of yearly reviews, early in the morning."""

from __future__ import annotations

from typing import Final

from epa.background.queue import every_ten_minutes
from epa.clock import utc_now
from question_bank.items.sending import remind_of_reviews

_MORNING: Final = (6, 7)


@every_ten_minutes("items.reviews", hours=_MORNING)
def send_reminders() -> None:
    """Write the reminders of reviews that are not written yet."""
    remind_of_reviews(utc_now())
