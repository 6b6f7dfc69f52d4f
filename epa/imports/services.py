"""Storing an import whole or not at all: people, registrations, changes, organisations, contacts."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import insert

from epa.audit.services import record
from epa.changes import services as changes
from epa.changes.rules import Why
from epa.clock import london_date
from epa.database import db
from epa.errors import NotAllowed, RuleBroken
from epa.imports import queries
from epa.imports.cells import Fault
from epa.imports.comparing import Body, ImportPlan, Planned, planned
from epa.imports.rules import PLAIN, Fate, Reading
from epa.in_transaction import lock
from epa.lifecycle.models import Apprenticeship, EndPointAssessment
from epa.lifecycle.rules import Stage
from epa.people import services as people
from epa.people.models import Organisation, OrganisationKindHeld, Person, RoleAssignment
from epa.people.names import email_key, searched_name
from epa.people.queries import person_with_email_key
from epa.people.rules import Role
from epa.people.services import OrganisationFields, PersonFields
from epa.registration.services import apprenticeship_values
from epa.sign_in.services import end_sessions, withdraw_links

_AT_ONCE: Final = 500
Told = Callable[[int, int], None]


@dataclass
class Report:
    """What an import did, or would do; ``plan`` has it row by row."""

    plan: ImportPlan
    read: int
    created: int
    updated: int
    unchanged: int
    rejected: Sequence[Fault]
    warnings: Sequence[Fault]
    organisations: Sequence[str]
    is_stored: bool = False
    assessments: dict[int, uuid.UUID] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The document that the command prints."""
        return {
            "read": self.read,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "rejected": [one._asdict() for one in self.rejected],
            "warnings": [one._asdict() for one in self.warnings],
            "organisations": list(self.organisations),
            "stored": self.is_stored,
        }


def report_of(plan: ImportPlan) -> Report:
    """What storing a plan would do, its rejected rows left out."""
    return Report(
        plan=plan,
        read=plan.read,
        created=plan.count(Fate.CREATED),
        updated=plan.count(Fate.UPDATED),
        unchanged=plan.count(Fate.UNCHANGED),
        rejected=plan.rejected,
        warnings=plan.warnings,
        organisations=[body.name for _, body in plan.new_bodies],
    )


class RowRefused(RuleBroken):
    """A row that the record did not take in the end, so that nothing was stored."""

    def __init__(self, fault: Fault) -> None:
        super().__init__("row-refused", f"Row {fault.row}, {fault.field}: {fault.problem}")
        self.fault = fault


def store(
    reading: Reading,
    *,
    epao: Organisation,
    actor: Person | None,
    at: datetime,
    skip_rejected: bool = False,
    told: Told = lambda _done, _all: None,
) -> Report:
    """Compare a table with the record and store it, all of it or nothing.

    Args:
        reading: the table's rows.
        epao: for which the apprentices are registered.
        actor: who imports; None for the system.
        at: when.
        skip_rejected: whether the other rows are stored although some are rejected.
        told: called with rows done and rows in all, as it goes on.

    Returns:
        The report; ``is_stored`` is False when rows were rejected and none may be skipped.

    Raises:
        RowRefused: the record changed meanwhile; the caller undoes everything.
    """
    # Two who import or register at once: the second waits here and then sees the first's rows.
    lock(epao)
    plan = planned(reading, epao)
    report = report_of(plan)
    if plan.rejected and not skip_rejected:
        report.created = report.updated = 0
        return report
    work = _Storing(plan, epao, actor, at, told)
    work.run()
    report.is_stored, report.assessments = True, work.assessments
    record(
        actor,
        "apprentices imported",
        epao,
        at=at,
        read=report.read,
        created=report.created,
        updated=report.updated,
        rejected=plan.count(Fate.REJECTED),
    )
    return report


class _Storing:
    """One import under way: what every step of it needs."""

    def __init__(
        self,
        plan: ImportPlan,
        epao: Organisation,
        actor: Person | None,
        at: datetime,
        told: Told,
    ) -> None:
        self.plan, self.epao, self.actor, self.at, self.told = plan, epao, actor, at, told
        self.assessments: dict[int, uuid.UUID] = {}
        self.why = Why(london_date(at), f"As in the table imported on {london_date(at):%-d %B %Y}")

    def run(self) -> None:
        """Everything, in the order in which one part needs the other."""
        for _, body in self.plan.new_bodies:
            self._make_body(body)
        new = [one for one in self.plan.rows if one.fate is Fate.CREATED]
        changed = [one for one in self.plan.rows if one.fate is Fate.UPDATED]
        whole, done = len(new) + len(changed), 0
        self.told(0, whole)
        for part in _parts(new):
            self._create(part)
            done += len(part)
            self.told(done, whole)
        for part in _parts(changed):
            self._update(part)
            done += len(part)
            self.told(done, whole)
        for one in self.plan.rows:
            if one.adds_contact:
                self._add_contact(one)
            if one.known:
                self.assessments[one.row.number] = one.known.assessment_id

    # --------------------------------------------------------------------- organisations

    def _make_body(self, body: Body) -> None:
        if body.row is None:
            body.row = people.add_organisation(
                OrganisationFields(body.name, frozenset({body.kind}), body.ukprn),
                actor=self.actor,
                at=self.at,
            )
            return
        body.row.kinds_held.append(OrganisationKindHeld(kind=body.kind))
        db.session.flush()
        kinds = sorted(body.row.kinds)
        record(self.actor, "organisation changed", body.row, at=self.at, kinds=kinds)

    def _add_contact(self, one: Planned) -> None:
        names, email, employer = one.row.contact, one.row.contact_email, one.employer.row
        if names is None or email is None or employer is None:
            return
        holder, role = person_with_email_key(email_key(email)), Role.EMPLOYER
        if holder is None:
            people.add_person(
                PersonFields(*names, email),
                role=role,
                organisation=employer,
                actor=self.actor,
                at=self.at,
            )
        else:
            people.grant_role(holder, role, organisation=employer, actor=self.actor, at=self.at)

    # ------------------------------------------------------------------------ new ones

    def _create(self, part: Sequence[Planned]) -> None:
        """Some new apprentices, row by row into four tables, each in one statement."""
        persons, roles, apprenticeships, assessments = [], [], [], []
        for one in part:
            person_id = one.person.id if one.person else uuid.uuid4()
            if one.person is None:
                persons.append(self._person(one, person_id))
            if one.person is None or not self._is_apprentice(one.person):
                roles.append(self._role(person_id))
            apprenticeship = self._apprenticeship(one, person_id)
            apprenticeships.append(apprenticeship)
            assessment = self._assessment(one, apprenticeship["id"])
            assessments.append(assessment)
            self.assessments[one.row.number] = assessment["id"]
            record(
                self.actor,
                "apprentice registered",
                EndPointAssessment(id=assessment["id"]),
                at=self.at,
                standard=one.plan.standard_reference,
                version=one.plan.version,
                person=str(person_id),
                imported=True,
            )
        for model, rows in (
            (Person, persons),
            (RoleAssignment, roles),
            (Apprenticeship, apprenticeships),
            (EndPointAssessment, assessments),
        ):
            if rows:
                db.session.execute(insert(model), rows)
        db.session.flush()

    def _person(self, one: Planned, person_id: uuid.UUID) -> dict[str, Any]:
        row = one.row
        return {
            "id": person_id,
            "given_names": row.given_names,
            "family_name": row.family_name,
            "search_name": searched_name(row.given_names, row.family_name),
            "email": row.email,
            "email_key": email_key(row.email) if row.email else None,
            "created_at": self.at,
        }

    def _role(self, person_id: uuid.UUID) -> dict[str, Any]:
        return {
            "id": uuid.uuid4(),
            "person_id": person_id,
            "role": Role.APPRENTICE,
            "organisation_id": self.epao.id,
            "granted_at": self.at,
            "granted_by_id": self.actor.id if self.actor else None,
        }

    def _is_apprentice(self, person: Person) -> bool:
        return any(
            held.role is Role.APPRENTICE and held.organisation_id == self.epao.id
            for held in person.current_roles
        )

    def _apprenticeship(self, one: Planned, person_id: uuid.UUID) -> dict[str, Any]:
        employer, provider = one.employer.row, one.provider.row if one.provider else None
        if employer is None:
            raise RowRefused(Fault(one.row.number, "employer", "could not be added"))
        registration = one.row.registration(
            employer.id, provider.id if provider else None, one.plan.code
        )
        return {
            "id": uuid.uuid4(),
            "person_id": person_id,
            **apprenticeship_values(registration, one.plan, actor=self.actor, at=self.at),
        }

    def _assessment(self, one: Planned, apprenticeship_id: uuid.UUID) -> dict[str, Any]:
        return {
            "id": uuid.uuid4(),
            "apprenticeship_id": apprenticeship_id,
            "epao_id": self.epao.id,
            "number": 1,
            "framework_code": one.plan.code,
            "framework_version": one.plan.version,
            "stage": Stage.ON_PROGRAMME,
            "stage_since": self.at,
            "lock_version": 1,
        }

    # ------------------------------------------------------------------------- changes

    def _update(self, part: Sequence[Planned]) -> None:
        found = queries.assessments_of([one.known.assessment_id for one in part if one.known])
        rows = {row.id: row for row in found}
        for one in part:
            if one.known is None:
                continue
            try:
                self._change(rows[one.known.assessment_id], one)
            except (RuleBroken, NotAllowed) as refused:
                field_named = getattr(refused, "field", None) or one.changed[0]
                raise RowRefused(Fault(one.row.number, field_named, refused.message)) from refused

    def _change(self, assessment: EndPointAssessment, one: Planned) -> None:
        row, apprenticeship = one.row, assessment.apprenticeship
        actor, at = self.actor, self.at
        for place in PLAIN:
            if getattr(row, place) is not None:
                setattr(apprenticeship, place, getattr(row, place))
        if {"given_names", "family_name"} & set(one.changed):
            name = (row.given_names, row.family_name)
            changes.correct_name(assessment, name, self.why, actor=actor, at=at)
        if "uln" in one.changed:
            changes.correct_uln(assessment, row.uln, self.why, actor=actor, at=at)
        if "employer" in one.changed and one.employer.row:
            changes.change_employer(assessment, one.employer.row, self.why, actor=actor, at=at)
        if "provider_ukprn" in one.changed and one.provider:
            changes.change_provider(assessment, one.provider.row, self.why, actor=actor, at=at)
        if "email" in one.changed:
            self._change_address(apprenticeship.person, row.email)
        record(
            self.actor,
            "apprenticeship imported again",
            assessment,
            at=self.at,
            fields=list(one.changed),
        )

    def _change_address(self, person: Person, email: str | None) -> None:
        """A new address signs its holder out, as it does on the person's own page."""
        fields = PersonFields(person.given_names, person.family_name, email)
        if people.edit_person(person, fields, actor=self.actor, at=self.at):
            withdraw_links(person, at=self.at)
            end_sessions(person, actor=self.actor, at=self.at)


def _parts(rows: Sequence[Planned]) -> Iterator[Sequence[Planned]]:
    for start in range(0, len(rows), _AT_ONCE):
        yield rows[start : start + _AT_ONCE]
