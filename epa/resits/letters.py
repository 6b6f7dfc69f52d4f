"""The mails about another attempt: that something waits or has moved, never what or why.

That a re-sit is asked for would say that somebody failed, so that no mail says it.
"""

from __future__ import annotations

from datetime import datetime

from epa.booking.queries import contacts
from epa.lifecycle.models import MethodAttempt
from epa.outbox.services import tell
from epa.people.models import Person
from epa.resits.models import ResitRequest


def ask_employer(attempt: MethodAttempt, *, at: datetime) -> None:
    """Ask those who speak for the employer to answer."""
    for person in contacts(attempt):
        tell(person, "answer asked for", behalf=attempt.assessment.epao, at=at)


def tell_of_answer(request: ResitRequest, *, actor: Person, at: datetime) -> None:
    """Tell the apprentice, and whoever asked, that the matter has moved."""
    assessment = request.attempt.assessment
    people = {one.id: one for one in (assessment.apprenticeship.person, request.asked_by)}
    for person in people.values():
        if person is not actor:
            tell(person, "step moved on", behalf=assessment.epao, at=at)


def tell_of_opening(request: ResitRequest, *, at: datetime) -> None:
    """Tell the apprentice and the employer that the next step is open."""
    assessment = request.attempt.assessment
    for person in (assessment.apprenticeship.person, *contacts(request.attempt)):
        tell(person, "step opened", behalf=assessment.epao, at=at)
