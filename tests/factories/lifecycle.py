"""Apprenticeships, assessments and attempts, at any stage."""

from datetime import date

from epa.clock import london_date
from epa.database import db
from epa.lifecycle import services
from epa.lifecycle.definitions import latest
from epa.lifecycle.models import Apprenticeship, EndPointAssessment, MethodAttempt
from epa.lifecycle.rules import Attainment, Duty, Stage
from epa.people.rules import OrganisationKind, Role


class MakeLifecycle:
    """Apprenticeships, assessments and attempts."""

    def assessment(self, *, epao=None, employer=None, provider=None, apprentice=None, **fields):
        """An assessment on programme, with everybody it needs."""
        epao = epao or self.organisation(OrganisationKind.EPAO)
        employer = employer or self.organisation(OrganisationKind.EMPLOYER)
        provider = provider or self.organisation(OrganisationKind.TRAINING_PROVIDER)
        person = apprentice or self.person(Role.APPRENTICE, organisation=epao)
        apprenticeship = Apprenticeship(
            person=person,
            uln=f"{9900000000 + self.next()}",
            date_of_birth=date(2000, 2, 29),
            standard_reference="ST0663",
            employer=employer,
            provider=provider,
            learning_start_on=date(2024, 3, 4),
            original_start_on=date(2024, 3, 4),
            planned_end_on=date(2026, 6, 30),
            english=Attainment.LEVEL_2,
            maths=Attainment.LEVEL_2,
            registered_at=self.at,
        )
        row = EndPointAssessment(
            apprenticeship=apprenticeship,
            epao=epao,
            framework_code="st0663",
            framework_version=latest("st0663").version,
            stage=Stage.ON_PROGRAMME,
            stage_since=self.at,
        )
        for name, value in fields.items():
            setattr(row, name, value)
        db.session.add(row)
        db.session.commit()
        return row

    def assessment_in_epa(self, *, starts_on=None, actor=None, **fields):
        """An assessment whose gateway was accepted, with a first attempt at every method."""
        row = self.assessment(**fields)
        actor = actor or self.person(Role.ADMINISTRATOR, organisation=row.epao)
        services.advance(row, to=Stage.GATEWAY, actor=actor, at=self.at)
        services.accept_gateway(
            row, starts_on=starts_on or london_date(self.at), actor=actor, at=self.at
        )
        db.session.commit()
        return row

    def attempt(self, assessment, method_code) -> MethodAttempt:
        """The newest attempt of an assessment at a method."""
        return [one for one in assessment.attempts if one.method_code == method_code][-1]

    def allocate(self, attempt, person, duty=Duty.ASSESSOR, actor=None):
        """Give a person a duty on an attempt, unchecked."""
        actor = actor or self.person(Role.ADMINISTRATOR, organisation=attempt.assessment.epao)
        allocation = services.allocate(attempt, person, duty, actor=actor, at=self.at)
        allocation.accepted_at = self.at
        db.session.commit()
        return allocation
