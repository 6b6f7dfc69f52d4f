"""What comes round for presentations: in the morning, apprentices are reminded of their file."""

from __future__ import annotations

from typing import Final

from epa.background.queue import every_ten_minutes
from epa.clock import utc_now
from epa.presentation.sending import write_reminders

_MORNING: Final = (8, 9)


@every_ten_minutes("presentation.remind", hours=_MORNING)
def remind_of_files() -> None:
    """Write today's reminders, those that are not written yet."""
    write_reminders(utc_now())
