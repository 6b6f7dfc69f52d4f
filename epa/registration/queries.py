"""What registering needs to know: organisations, published standards, who is registered already."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from epa.database import db
from epa.lifecycle.definitions import latest
from epa.lifecycle.models import Apprenticeship, EndPointAssessment
from epa.lifecycle.queries import assessment_for
from epa.lifecycle.rules import PLACEHOLDER_ULN
from epa.people.models import Organisation, OrganisationKindHeld, Person
from epa.people.rules import GRANTS, OrganisationKind, Permission, searched_name
from epa.registration.rules import FINISHED, Registration
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
