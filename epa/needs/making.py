"""Making one thing to do out of the assessment or the attempt that it is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from epa.database import Columns
from epa.lifecycle.definitions import definition
from epa.lifecycle.models import Apprenticeship, EndPointAssessment, MethodAttempt
from epa.lifecycle.rules import Stage
from epa.lifecycle.scope import attempts
from epa.needs.rules import Need
from epa.people.models import Person
from epa.people.names import full_name
from epa.people.readers import Reader
from epa.people.rules import Permission
from epa.web.filters import time_of_day, weekday_date


class OpenAttempt(NamedTuple):
    """An attempt in the EPA period that has no grade yet, as columns: there may be hundreds."""

    attempt_id: UUID
    assessment_id: UUID
    method_code: str
    scheduled_at: datetime | None
    place: str | None
    framework_code: str
    framework_version: str
    apprentice_id: UUID
    given_names: str
    family_name: str

    @classmethod
    def found(cls, rows: Iterable[Sequence[Any]]) -> Iterator[OpenAttempt]:
        """What `open_attempts` finds."""
        return map(cls._make, rows)

    @property
    def title(self) -> str:
        """What its method is called."""
        plan = definition(self.framework_code, self.framework_version)
        return plan.methods[self.method_code].short_title

    @property
    def when_and_where(self) -> str:
        """Such as "Tuesday 9 June 2026, 09:30. Eastmoor Works, meeting room 2"; empty without a date.

        A link has its page; broken over lines it would be of no use here.
        """
        at, place = self.scheduled_at, self.place or ""
        if at is None:
            return ""
        where = "Online" if place.startswith(("https://", "http://")) else place
        return f"{weekday_date(at)}, {time_of_day(at)}. {where}".rstrip()

    def need(
        self,
        what: str,
        text: str,
        action: str,
        place: str,
        due_on: date | None = None,
        *,
        since: date | None = None,
    ) -> Need:
        """Something about it: due on a day, or waiting since one."""
        on_record = place == "record.show"
        return Need(
            what=what,
            who=full_name(self.given_names, self.family_name),
            text=text,
            action=action,
            place=place,
            assessment_id=self.assessment_id,
            due_on=due_on,
            since=since,
            parameters={"assessment_id": self.assessment_id}
            if on_record
            else {"attempt_id": self.attempt_id},
        )


def open_attempts(reader: Reader, permission: Permission) -> Columns:
    """The attempts within reach that are in the EPA period and have no grade yet."""
    return (
        attempts(reader, permission)
        .join(Person, Person.id == Apprenticeship.person_id)
        .where(EndPointAssessment.stage == Stage.ASSESSMENT, MethodAttempt.grade.is_(None))
        .with_only_columns(
            MethodAttempt.id,
            MethodAttempt.assessment_id,
            MethodAttempt.method_code,
            MethodAttempt.scheduled_at,
            MethodAttempt.place,
            EndPointAssessment.framework_code,
            EndPointAssessment.framework_version,
            Person.id,
            Person.given_names,
            Person.family_name,
        )
    )


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
