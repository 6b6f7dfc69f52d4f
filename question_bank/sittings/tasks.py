"""What comes round for sittings: those whose time is up are closed, choices are marked."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from epa.background.queue import every_minute, task
from epa.clock import utc_now
from epa.database import db, unit_of_work
from question_bank.sittings import finishing, queries
from question_bank.sittings.models import Sitting


@task(finishing.MARK_CHOICES)
def mark_choices(sitting_ids: Sequence[UUID]) -> None:
    """Mark the choices of papers that were handed in, each in a transaction of its own."""
    for sitting_id in sitting_ids:
        with unit_of_work() as session:
            sitting = session.get(Sitting, sitting_id)
            if sitting is not None:
                finishing.mark_choices(sitting, at=utc_now())


@every_minute("sittings.run_out")
def close_what_ran_out() -> None:
    """Close unattended papers as of their deadline, and mark what could not be marked before."""
    over = finishing.run_out_ids(utc_now())
    db.session.rollback()  # what was read held no lock that could be turned into one
    for sitting_id in over:
        with unit_of_work() as session:
            finishing.run_out(session.get_one(Sitting, sitting_id), at=utc_now())
    unmarked = [one.id for one in db.session.scalars(queries.unmarked())]
    db.session.rollback()
    mark_choices(unmarked)
