"""What is to be handed in by a day: the presentation's file, supporting material, and what is late."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Select

from epa.clock import london_date
from epa.database import Columns, prepared
from epa.lifecycle.definitions import definition
from epa.lifecycle.models import Apprenticeship, EndPointAssessment, MethodAttempt
from epa.lifecycle.period import presentation_due_on
from epa.lifecycle.queries import periods_of
from epa.lifecycle.scope import attempts
from epa.material.models import SupportingMaterial
from epa.material.queries import SUPPLIER_ROLES, still_open
from epa.needs.periods import periods_within
from epa.needs.rules import Need
from epa.people.models import Person
from epa.people.names import full_name
from epa.people.readers import NamedReader, within
from epa.people.rules import Permission
from epa.presentation.queries import lacking_file

_ASK: Final = "Tell the administrator why it is late: they can accept it with a reason."


class _File(NamedTuple):
    """A presentation without a file, and the last day for it."""

    due_on: date
    attempt_id: UUID
    assessment_id: UUID
    given_names: str
    family_name: str

    def need(self, what: str, text: str, action: str) -> Need:
        """Something to do about it."""
        return Need(
            what=what,
            who=full_name(self.given_names, self.family_name),
            text=text,
            action=action,
            place="presentation.submitted",
            assessment_id=self.assessment_id,
            due_on=self.due_on,
            parameters={"attempt_id": self.attempt_id},
        )


def presentation_to_submit(person: Person, at: datetime) -> Iterator[Need]:
    """An apprentice's own file, until it is there; once it is late, what can still be done."""
    for one in _files(person, Permission.SUBMIT_PRESENTATION):
        if london_date(at) > one.due_on:
            yield one.need("The presentation file is late", _ASK, "See it")
        else:
            yield one.need("Submit the presentation file", "", "Submit")


def late_presentations(person: Person, at: datetime) -> Iterator[Need]:
    """Files that did not come in time, for who may let them in."""
    today = london_date(at)
    for one in _files(person, Permission.ACCEPT_LATE_MATERIAL):
        if today > one.due_on:
            text = "None is submitted. You can accept one with a reason."
            yield one.need("The presentation file is late", text, "Decide")


def _files(person: Person, permission: Permission) -> Iterator[_File]:
    period_of = periods_within(person, _awaited_ids, permission)
    for attempt, key, code, number, opened_at, closes_on, *about in within(
        person, _awaited, permission
    ):
        framework, version, starts_on, *names = about
        clock = definition(framework, version).clock
        if code == clock.presentation_method:
            period = replace(period_of(key, starts_on, clock), extended_to=closes_on)
            due = presentation_due_on(period, clock, london_date(opened_at), number)
            yield _File(due, attempt, key, *names)


def _lacking(reader: NamedReader, permission: Permission) -> Select[MethodAttempt]:
    return lacking_file(attempts(reader, permission)).where(
        EndPointAssessment.epa_starts_on.is_not(None)
    )


def _awaited_ids(reader: NamedReader, permission: Permission) -> Columns:
    return _lacking(reader, permission).with_only_columns(MethodAttempt.assessment_id)


@prepared
def _awaited(reader: NamedReader, permission: Permission) -> Columns:
    """Columns and no objects: an organisation may have thousands of attempts to come."""
    return (
        _lacking(reader, permission)
        .join(Person, Person.id == Apprenticeship.person_id)
        .with_only_columns(
            MethodAttempt.id,
            MethodAttempt.assessment_id,
            MethodAttempt.method_code,
            MethodAttempt.number,
            MethodAttempt.opened_at,
            MethodAttempt.closes_on,
            EndPointAssessment.framework_code,
            EndPointAssessment.framework_version,
            EndPointAssessment.epa_starts_on,
            Person.given_names,
            Person.family_name,
        )
    )


def material_to_supply(person: Person, at: datetime) -> Iterator[Need]:
    """Supporting material that is asked of a role which this person holds."""
    for one, due in _dated(person, Permission.SUPPLY_MATERIAL):
        if SUPPLIER_ROLES[one.asked_of] not in person.roles:
            continue
        is_late = due is not None and london_date(at) > due
        yield _need(one, due, "It is late. " + _ASK if is_late else "", "See it", is_late=is_late)


def late_material(person: Person, at: datetime) -> Iterator[Need]:
    """Supporting material that did not come in time, for who may let it in."""
    for one, due in _dated(person, Permission.ACCEPT_LATE_MATERIAL):
        if due is not None and london_date(at) > due:
            yield _need(one, due, "You can accept it with a reason.", "Decide", is_late=True)


def _dated(
    person: Person, permission: Permission
) -> Iterator[tuple[SupportingMaterial, date | None]]:
    rows = still_open(person, permission)
    periods = periods_of([one.assessment for one in rows])
    for one in rows:
        period = periods.get(one.assessment_id)
        yield one, period.material_due_on if period else None


def _need(
    material: SupportingMaterial, due: date | None, text: str, action: str, *, is_late: bool
) -> Need:
    return Need(
        what="Supporting material is late" if is_late else "Supply supporting material",
        who=material.assessment.apprenticeship.person.name,
        text=f"{material.title}. {text}".rstrip(),
        action=action,
        place="material.index",
        assessment_id=material.assessment_id,
        due_on=due,
        since=london_date(material.asked_at),
        parameters={"assessment_id": material.assessment_id},
    )
