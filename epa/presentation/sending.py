"""Reminding apprentices of the presentation's file: before its last day, on the eve, once it is late."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from epa.clock import london_date, london_instant
from epa.database import db, unit_of_work
from epa.in_transaction import lock
from epa.lifecycle.models import MethodAttempt
from epa.outbox.queries import was_written_since
from epa.outbox.services import tell
from epa.presentation import queries
from epa.presentation.rules import reminder_due
from epa.settings import queries as settings
from epa.web.filters import weekday_date

EVENT: Final = "presentation due"


def write_reminders(at: datetime) -> int:
    """Write what falls today and is not written yet, each in a transaction of its own.

    Returns:
        How many mails were written.
    """
    waiting = queries.without_file(queries.every_open_attempt())
    due = queries.files_due_on(waiting)
    ids = [(one.id, due[one.id]) for one in waiting if one.id in due]
    return sum(_reminded(attempt_id, day, at) for attempt_id, day in ids)


def _reminded(attempt_id: UUID, due: date, at: datetime) -> bool:
    """Write one reminder, with its reader locked, so that two consumers write one mail."""
    left = (due - london_date(at)).days
    days = reminder_due(left, settings.value("reminder_days"))
    if days is None:
        return False
    with unit_of_work():
        attempt = db.session.get_one(MethodAttempt, attempt_id)
        person = attempt.assessment.apprenticeship.person
        lock(person)
        first_day = due + timedelta(days=1) if left < 0 else due - timedelta(days=days)
        if was_written_since(person, EVENT, london_instant(first_day, time())):
            return False
        wording = "presentation late" if left < 0 else ""
        behalf = attempt.assessment.epao
        day = weekday_date(due)
        return bool(tell(person, EVENT, behalf=behalf, at=at, wording=wording, day=day))
