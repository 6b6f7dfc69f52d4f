"""Making one thing to do out of the assessment or the attempt that it is about."""

from __future__ import annotations

from datetime import date

from epa.lifecycle.models import EndPointAssessment, MethodAttempt
from epa.needs.rules import Need


def need_for(
    assessment: EndPointAssessment,
    what: str,
    text: str,
    action: str,
    place: str,
    *,
    since: date,
) -> Need:
    """Something about one assessment that waits since a day."""
    return Need(
        what=what,
        who=assessment.apprenticeship.person.name,
        text=text,
        action=action,
        place=place,
        assessment_id=assessment.id,
        since=since,
        parameters={"assessment_id": assessment.id},
    )


def attempt_need(  # noqa: PLR0913 (a row of facts)
    attempt: MethodAttempt,
    what: str,
    text: str,
    action: str,
    place: str,
    due_on: date | None = None,
    *,
    since: date | None = None,
) -> Need:
    """Something about one attempt: due on a day, or waiting since one."""
    on_record = place == "record.show"
    return Need(
        what=what,
        who=attempt.assessment.apprenticeship.person.name,
        text=text,
        action=action,
        place=place,
        assessment_id=attempt.assessment_id,
        due_on=due_on,
        since=since,
        parameters={"assessment_id": attempt.assessment_id}
        if on_record
        else {"attempt_id": attempt.id},
    )
