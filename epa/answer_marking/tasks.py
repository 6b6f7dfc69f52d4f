"""What comes round for marking: handed-in papers go to the markers, marked ones to their grade."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from epa.answer_marking import services
from epa.background.queue import every_minute, task
from epa.clock import utc_now
from epa.database import db, unit_of_work
from question_bank.marking import queries
from question_bank.marking.models import PaperToMark
from question_bank.marking.services import BRING_HOME, take_in
from question_bank.sittings.models import Sitting


@task(BRING_HOME)
def bring_home(paper_ids: Sequence[UUID]) -> None:
    """Bring papers home, each in a transaction of its own."""
    for paper_id in paper_ids:
        with unit_of_work() as session:
            paper = session.get(PaperToMark, paper_id)
            if paper is not None:
                services.bring_home(paper, at=utc_now())


@every_minute("answer_marking.round")
def come_round() -> None:
    """Take in what was handed in, and bring home what waits for nobody any more."""
    handed_in = [one.id for one in db.session.scalars(queries.not_taken_in())]
    db.session.rollback()  # what was read held no lock that could be turned into one
    for sitting_id in handed_in:
        with unit_of_work() as session:
            take_in(session.get_one(Sitting, sitting_id), at=utc_now())
    marked = [one.id for one in db.session.scalars(queries.to_bring_home())]
    db.session.rollback()
    bring_home(marked)
