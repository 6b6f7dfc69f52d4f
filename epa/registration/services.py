"""Registering an apprentice: a person, an apprenticeship, an assessment on programme."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from epa.audit.services import record
from epa.clock import london_date
from epa.database import db
from epa.errors import RuleBroken
from epa.in_transaction import lock
from epa.lifecycle.definitions import latest
from epa.lifecycle.models import Apprenticeship, EndPointAssessment
from epa.lifecycle.rules import Stage
from epa.people import services as people
from epa.people.models import Organisation, Person
from epa.people.names import email_key
from epa.people.queries import person_with_email_key
from epa.people.rules import OrganisationKind, Role
from epa.people.services import PersonFields
from epa.registration import queries, rules
from epa.registration.rules import Registration
from epa.sign_in.services import invite
from frameworks import AssessmentPlan


def register(
    fields: Registration, *, epao: Organisation, actor: Person, at: datetime
) -> EndPointAssessment:
    """Register an apprentice for end-point assessment at an EPAO.

    A person of the EPAO with the same e-mail address and name is reused. The definition is the
    newest one; acceptance of the gateway pins it for good.

    Raises:
        RuleBroken: a field will not do (the first fault is said, with its field), the learner is
            registered already, or the e-mail address is somebody else's.
    """
    for fault in rules.faults_in(fields, today=london_date(at)):
        raise RuleBroken(f"registration-{fault.field}", fault.message, fault.field)
    plan = latest(fields.standard)
    _check_organisations(fields)
    # Two who register the same learner at once: the second waits here and then finds the first.
    lock(epao)
    _check_not_registered(fields, plan)
    person = _person(fields, epao, actor=actor, at=at)
    assessment = EndPointAssessment(
        apprenticeship=Apprenticeship(
            person=person, **apprenticeship_values(fields, plan, actor=actor, at=at)
        ),
        epao=epao,
        framework_code=plan.code,
        framework_version=plan.version,
        stage=Stage.ON_PROGRAMME,
        stage_since=at,
    )
    db.session.add(assessment)
    db.session.flush()
    record(
        actor,
        "apprentice registered",
        assessment,
        at=at,
        standard=plan.standard_reference,
        version=plan.version,
        person=str(person.id),
    )
    return assessment


def invite_all(
    invited: Sequence[Person], *, epao: Organisation, actor: Person, at: datetime
) -> int:
    """Mail each of these people a link to set their first password; earlier links are withdrawn.

    Returns:
        How many were invited.

    Raises:
        RuleBroken: there is nobody to invite, or somebody cannot be.
    """
    if not invited:
        raise RuleBroken("nobody", "There is nobody to invite. Choose from the list.")
    for person in invited:
        invite(person, organisation=epao, actor=actor, at=at)
    return len(invited)


def apprenticeship_values(
    fields: Registration, plan: AssessmentPlan, *, actor: Person | None, at: datetime
) -> dict[str, Any]:
    """What a registration becomes in the apprenticeship's row, but for whose it is."""
    return {
        "uln": fields.uln,
        "date_of_birth": fields.date_of_birth,
        "standard_reference": plan.standard_reference,
        "employer_id": fields.employer_id,
        "provider_id": fields.provider_id,
        "learning_start_on": fields.learning_start_on,
        "original_start_on": fields.original_start,
        "planned_end_on": fields.planned_end_on,
        "planned_gateway_on": fields.planned_gateway_on,
        "workplace_address": fields.workplace_address,
        "english": fields.english,
        "maths": fields.maths,
        "has_ehc_plan": fields.has_ehc_plan,
        "has_legacy_statement": fields.has_legacy_statement,
        "has_bsl": fields.has_bsl,
        "opted_in_to_english_maths": fields.opted_in_to_english_maths,
        "registered_at": at,
        "registered_by_id": actor.id if actor else None,
    }


def _check_organisations(fields: Registration) -> None:
    employer = db.session.get(Organisation, fields.employer_id)
    if employer is None or OrganisationKind.EMPLOYER not in employer.kinds:
        raise RuleBroken("not-an-employer", "Choose an employer from the list", "employer_id")
    if fields.provider_id is None:
        return
    provider = db.session.get(Organisation, fields.provider_id)
    if provider is None or OrganisationKind.TRAINING_PROVIDER not in provider.kinds:
        raise RuleBroken(
            "not-a-provider", "Choose a training provider from the list", "provider_id"
        )


def _check_not_registered(fields: Registration, plan: AssessmentPlan) -> None:
    if queries.open_registration(fields, plan.standard_reference):
        raise RuleBroken(
            "registered-already",
            f"This learner is registered already for {plan.standard_reference}",
            "uln",
        )


def _person(fields: Registration, epao: Organisation, *, actor: Person, at: datetime) -> Person:
    known = person_with_email_key(email_key(fields.email)) if fields.email else None
    if known is None:
        return people.add_person(
            PersonFields(fields.given_names, fields.family_name, fields.email or None),
            role=Role.APPRENTICE,
            organisation=epao,
            actor=actor,
            at=at,
        )
    check_same(known, (fields.given_names, fields.family_name), epao)
    held = {(one.role, one.organisation_id) for one in known.current_roles}
    if (Role.APPRENTICE, epao.id) not in held:
        people.grant_role(known, Role.APPRENTICE, organisation=epao, actor=actor, at=at)
    return known


def check_same(known: Person, name: tuple[str, str], epao: Organisation) -> None:
    """Refuse an address that is somebody else's; say whose only within the same EPAO.

    Args:
        known: who has the address.
        name: the given names and the family name of the apprentice to be registered.
        epao: for which they are to be registered.

    Raises:
        RuleBroken: the address is not this apprentice's.
    """
    belongs = epao.id in {held.organisation_id for held in known.roles_held}
    if not belongs or known.disabled_at is not None:
        raise RuleBroken(
            "email-taken", "This email address is in use already; enter another one", "email"
        )
    if known.is_staff:
        raise RuleBroken(
            "email-staff",
            f"This email address belongs to somebody who works for {epao.name}",
            "email",
        )
    if (known.given_names, known.family_name) != name:
        raise RuleBroken("email-other-name", f"This email address belongs to {known.name}", "email")
