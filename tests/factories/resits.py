"""Failed methods, and what is asked for them."""

from datetime import timedelta

from epa.clock import london_date
from epa.database import db
from epa.lifecycle.rules import AttemptKind, Grade
from epa.people.rules import Role
from epa.resits import queries, services
from epa.resits.rules import ActionOwner
from epa.resits.services import ActionFields


class MakeResits:
    """Requests for another attempt, at any point of their way."""

    def failed(self, method="observation", assessment=None):
        """An attempt whose Fail is released."""
        assessment = assessment or self.assessment_in_epa()
        return self.released(self.attempt(assessment, method), Grade.FAIL)

    def contact(self, assessment, role=Role.EMPLOYER, **fields):
        """Somebody who speaks for the apprentice's employer or provider."""
        about = assessment.apprenticeship
        organisation = about.employer if role is Role.EMPLOYER else about.provider
        return self.person(role, organisation=organisation, **fields)

    def office(self, assessment, **fields):
        """An administrator of the assessment's EPAO."""
        return self.person(Role.ADMINISTRATOR, organisation=assessment.epao, **fields)

    def asked(self, attempt=None, actor=None, kind=AttemptKind.RESIT):
        """A request that waits for the employer."""
        attempt = attempt or self.failed()
        actor = actor or attempt.assessment.apprenticeship.person
        request = services.ask(attempt, kind, "Ready now.", actor=actor, at=self.at)
        db.session.commit()
        return request

    def planned(self, request=None, owner=ActionOwner.EMPLOYER, actor=None):
        """A request with an action for each KSB that was not met."""
        request = request or self.asked()
        actor = actor or self.office(request.attempt.assessment)
        due = london_date(self.at) + timedelta(days=10)
        codes = queries.not_passed(request.attempt) or queries.to_plan_for(request.attempt)[:1]
        for code in codes:
            fields = ActionFields(code, "Two observed reviews.", owner, due)
            services.plan_action(request, fields, actor=actor, at=self.at)
        db.session.commit()
        return request

    def ready(self, request=None):
        """A request that is agreed and planned, and waits to be opened."""
        request = self.planned(request)
        employer = self.contact(request.attempt.assessment)
        services.agree(request, actor=employer, at=self.at)
        db.session.commit()
        return request

    def resat(self, request=None):
        """The attempt that was opened for a request."""
        request = self.ready(request)
        office = self.office(request.attempt.assessment)
        attempt = services.open_attempt(request, actor=office, at=self.at)
        db.session.commit()
        return attempt
