"""Loading the demonstration: organisations, people with one shared password, apprentices.

Everything goes through the services with its own moment in the past, so that the audit log, the
clocks and the explanations are those that would have come about.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Final

from sqlalchemy import update

from epa.audit.services import record
from epa.changes.rules import Why
from epa.changes.services import pause, withdraw
from epa.database import db
from epa.demonstration.adjusting import adjust
from epa.demonstration.apprentices import APPRENTICES
from epa.demonstration.bank import fill_bank
from epa.demonstration.calendar_pages import add_rooms, fill
from epa.demonstration.company import Company, found
from epa.demonstration.days import Days, Walk
from epa.demonstration.gate import Passage
from epa.demonstration.notes import BREAKS, LEFT, OVER
from epa.demonstration.period import Period
from epa.demonstration.programme import SIANS_ULN, built_portfolio, registered, took_break, ulns
from epa.demonstration.reviewing import review_a_provider
from epa.demonstration.stories import Apprentice, Story
from epa.lifecycle.models import EndPointAssessment
from epa.lifecycle.rules import Stage
from epa.outbox.models import Mail
from epa.resits.ending import close_as_failed

_SEED: Final = 663
# Nothing is sent by a demonstration; what is older than this is shown as if it had been, except an
# invitation, whose link would be forgotten by then.
_SENT_BY_NOW: Final = timedelta(days=3)
_BUILT_BY: Final = 15


def load(*, at: datetime) -> None:
    """Fill an empty database; everything is dated so that it is believable at ``at``."""
    # The same variety each time; nothing here is a secret.
    rng = Random(_SEED)  # noqa: S311 (variety, not security)
    company = found(Days(at, rng), rng)
    add_rooms(company)
    # Its own chance, so that what becomes of the bank and the review leaves the forty as they are.
    apart = replace(company, days=Days(at, Random(_SEED)))  # noqa: S311 (variety, not security)
    fill_bank(apart)
    review_a_provider(apart)
    numbers = ulns()
    lives = {}
    for one in APPRENTICES:
        uln = SIANS_ULN if one.address == "sian.prosser" else next(numbers)
        lives[one.address] = _live(company, one, uln)
    fill(company, at)
    adjust(company, lives)
    _mark_sent(at)
    record(
        None,
        "demonstration loaded",
        company.epao,
        at=at,
        people=len(company.people),
        apprentices=len(APPRENTICES),
    )


def _live(company: Company, one: Apprentice, uln: str) -> EndPointAssessment:
    """Take one apprentice as far as their story goes."""
    story, walk = one.story, Walk(company.days)
    assessment = registered(company, one, uln, walk)
    took_break(company, assessment, story)
    version = built_portfolio(company, assessment, story, _built_until(one), walk)
    if story.gate:
        Passage(company, assessment, version, walk).as_far_as(story.gate)
    if story.accepted is not None:
        Passage(company, assessment, version, walk).passed(story.accepted)
        Period(company, one, assessment, walk).lived()
    if story.ended:
        _left(company, assessment, story, walk)
    return assessment


def _left(company: Company, assessment: EndPointAssessment, story: Story, walk: Walk) -> None:
    """How the way left the road: by a break that lasts, a withdrawal, or closed as failed."""
    if story.ended is None:
        return
    stage, on = story.ended
    actor, at = company.people["omar"], walk.at(on, 16)
    if stage is Stage.PAUSED and story.paused:
        since = company.days.day(story.paused[0])
        pause(assessment, Why(since, company.rng.choice(BREAKS)), actor=actor, at=at)
    elif stage is Stage.WITHDRAWN:
        withdraw(assessment, Why(company.days.day(on), LEFT), actor=actor, at=at)
    else:
        close_as_failed(assessment, OVER, actor=actor, at=at)


def _built_until(one: Apprentice) -> int:
    """The day of the newest piece: the day before the portfolio was handed in, or lately."""
    story = one.story
    if story.accepted is not None:
        return story.accepted - _BUILT_BY
    if story.gate:
        return story.gate.opened - 1
    return story.ended[1] - 1 if story.ended else -1


def _mark_sent(now: datetime) -> None:
    db.session.flush()
    db.session.execute(
        update(Mail)
        .where(Mail.written_at < now - _SENT_BY_NOW, Mail.one_time_link.is_(None))
        .values(sent_at=Mail.written_at, attempts=1),
        execution_options={"synchronize_session": False},
    )
