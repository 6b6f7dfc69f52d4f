"""What registering needs to know: organisations, published standards, who is registered already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import selectinload

from epa.database import db
from epa.lifecycle.definitions import latest
from epa.lifecycle.models import Apprenticeship, EndPointAssessment
from epa.lifecycle.queries import assessment_for
from epa.lifecycle.rules import PLACEHOLDER_ULN
from epa.people.models import Organisation, OrganisationKindHeld, Person, RoleAssignment
from epa.people.names import searched_name
from epa.people.queries import belongs_elsewhere, epao_ids
from epa.people.rules import GRANTS, OrganisationKind, Permission, Role
from epa.registration.rules import FINISHED, InvitationState, Registration
from epa.sign_in.models import Credential, LinkPurpose, OneTimeLink
from frameworks import AssessmentPlan, available_frameworks, load_framework


def standards() -> list[AssessmentPlan]:
    """The newest version of every standard that has an assessment plan here, by title."""
    codes = dict.fromkeys(one.code for one in available_frameworks())
    plans = [one for one in map(load_framework, codes) if isinstance(one, AssessmentPlan)]
    return sorted((latest(plan.code) for plan in plans), key=lambda plan: plan.title)


def organisations_of(kind: OrganisationKind) -> Sequence[Organisation]:
    """The organisations of a kind, by name."""
    return db.session.scalars(
        select(Organisation)
        .join(OrganisationKindHeld)
        .where(OrganisationKindHeld.kind == kind)
        .order_by(Organisation.search_name, Organisation.id)
    ).all()


def registering_for(person: Person) -> list[Organisation]:
    """The organisations for which this person registers apprentices, in the order granted."""
    found = {
        held.organisation_id: held.organisation
        for held in person.current_roles
        if Permission.REGISTER_APPRENTICE in GRANTS[held.role]
    }
    return list(found.values())


def open_registration(fields: Registration, standard_reference: str) -> EndPointAssessment | None:
    """The open assessment of the same learner for the same standard, whoever registered it.

    A learner is known by the ULN; while that is the placeholder, by names, birth date and employer.
    """
    query = (
        select(EndPointAssessment)
        .join(EndPointAssessment.apprenticeship)
        .where(
            Apprenticeship.uln == fields.uln,
            Apprenticeship.standard_reference == standard_reference,
            EndPointAssessment.stage.not_in(FINISHED),
        )
    )
    if fields.uln == PLACEHOLDER_ULN:
        query = query.join(Apprenticeship.person).where(
            Person.search_name == searched_name(fields.given_names, fields.family_name),
            Apprenticeship.date_of_birth == fields.date_of_birth,
            Apprenticeship.employer_id == fields.employer_id,
        )
    return db.session.scalars(query.order_by(EndPointAssessment.stage_since)).first()


def within_reach(person: Person, assessment: EndPointAssessment | None) -> bool:
    """Whether this person may open the record of an assessment."""
    if assessment is None:
        return False
    return assessment_for(person, Permission.VIEW_ASSESSMENT, assessment.id) is not None


def uninvited(person: Person, state: InvitationState, *, at: datetime) -> Select[Person]:
    """Apprentices and their employers' and providers' contacts who have no password yet, by name.

    Those whose way is not over, at the EPAOs for which this person registers; whoever belongs to
    another EPAO too is not there, since their account is not ours alone.
    """
    epaos = epao_ids(person, Permission.REGISTER_APPRENTICE)
    ours = [EndPointAssessment.epao_id.in_(epaos), EndPointAssessment.stage.not_in(FINISHED)]
    of_ours = EndPointAssessment.apprenticeship_id == Apprenticeship.id
    learns = exists().where(of_ours, Apprenticeship.person_id == Person.id, *ours)
    speaks = exists().where(
        RoleAssignment.person_id == Person.id,
        RoleAssignment.ended_at.is_(None),
        RoleAssignment.role.in_((Role.EMPLOYER, Role.TRAINING_PROVIDER)),
        of_ours,
        or_(
            Apprenticeship.employer_id == RoleAssignment.organisation_id,
            Apprenticeship.provider_id == RoleAssignment.organisation_id,
        ),
        *ours,
    )
    invited = and_(
        OneTimeLink.person_id == Person.id, OneTimeLink.purpose == LinkPurpose.INVITATION
    )
    good = exists().where(invited, OneTimeLink.used_at.is_(None), OneTimeLink.expires_at > at)
    stands = {
        InvitationState.NOT_INVITED: ~exists().where(invited),
        InvitationState.LAPSED: and_(exists().where(invited), ~good),
        InvitationState.WAITING: good,
    }
    return (
        select(Person)
        .where(
            Person.email.is_not(None),
            Person.disabled_at.is_(None),
            ~exists().where(Credential.person_id == Person.id),
            ~belongs_elsewhere(epaos),
            or_(learns, speaks),
            stands[state],
        )
        .options(selectinload(Person.roles_held))
        .order_by(Person.search_name, Person.id)
    )


@dataclass(frozen=True)
class LonelyEmployer:
    """An employer with apprentices here and nobody who could confirm anything for it."""

    organisation: Organisation
    apprentices: int


def employers_without_contact(person: Person) -> list[LonelyEmployer]:
    """The employers of open registrations that nobody speaks for, most apprentices first."""
    epaos = epao_ids(person, Permission.REGISTER_APPRENTICE)
    has_contact = exists().where(
        RoleAssignment.organisation_id == Organisation.id,
        RoleAssignment.role == Role.EMPLOYER,
        RoleAssignment.ended_at.is_(None),
        RoleAssignment.person_id == Person.id,
        Person.disabled_at.is_(None),
        Person.email.is_not(None),
    )
    count = func.count(EndPointAssessment.id)
    rows = db.session.execute(
        select(Organisation, count)
        .join(Apprenticeship, Apprenticeship.employer_id == Organisation.id)
        .join(EndPointAssessment, EndPointAssessment.apprenticeship_id == Apprenticeship.id)
        .where(
            EndPointAssessment.epao_id.in_(epaos),
            EndPointAssessment.stage.not_in(FINISHED),
            ~has_contact,
        )
        .group_by(Organisation.id)
        .order_by(count.desc(), Organisation.search_name, Organisation.id)
    )
    return [LonelyEmployer(organisation, number) for organisation, number in rows]
