"""Reviews of providers, at any point of their way."""

from datetime import timedelta
from decimal import Decimal

from epa.clock import london_date
from epa.database import db
from epa.external_assessment import queries as visits
from epa.external_assessment import services as visit_services
from epa.external_assessment.services import Heard
from epa.lifecycle.definitions import every_definition
from epa.people.models import Person
from epa.people.rules import OrganisationKind, Role
from epa.review_ratings import queries as ratings
from epa.review_ratings import services as rating
from epa.review_ratings.services import Given
from epa.review_reports import services as reports
from epa.reviews import queries, services
from epa.reviews.rules import ReviewStatus, Side
from epa.self_assessment import services as self_assessment

FIGURES = {"2.2.A": "43.1", "2.2.B": "20.5", "2.2.C": "4.2", "2.2.D": "4.5", "2.2.E": "71"}


class MakeReviews:
    """Reviews, their people and both sides' ratings."""

    def opened_review(
        self, framework="seqf", party=None, *, epao=None, lead=None, office=None, **new
    ):
        """A review that was just opened, by the administrator of its organisation."""
        epao = epao or self.organisation(OrganisationKind.EPAO)
        office = office or self.person(Role.ADMINISTRATOR, organisation=epao)
        lead = lead or self.person(Role.PROVIDER_QUALITY_LEAD)
        version = [one.version for one in every_definition() if one.code == framework][-1]
        of = services.NewReview(
            provider=lead.roles_held[0].organisation,
            framework_code=framework,
            framework_version=version,
            service=new.get("service", "Supported employment"),
            lead_contact=lead,
            party=party,
        )
        review = services.open_review(of, actor=office, at=self.at)
        db.session.commit()
        return review

    def staffed_review(self, review=None, people=(), **new):
        """One with its days set, two assessors and a moderator (made when none are given)."""
        review = review or self.opened_review(**new)
        office, epao = review.opened_by, review.organisation
        if not people:
            people = [
                *(self.person(Role.PROVIDER_QUALITY_ASSESSOR, organisation=epao) for _ in "12"),
                self.person(Role.REVIEW_MODERATOR, organisation=epao),
            ]
        *assessors, moderator = people
        today = london_date(self.at)
        days = (today, today + timedelta(days=1))
        services.set_days(review, *days, actor=office, at=self.at)
        services.allocate(review, assessors, assessors[0], moderator, actor=office, at=self.at)
        db.session.commit()
        return review

    def rate_all(self, review, side, actor, level=-1, but=()):
        """Rate every criterion with one level of the scale (the highest), and every measure."""
        framework = queries.framework_of(review)
        chosen = framework.scale[level].code
        newest = ratings.ratings_of(review, side)
        given = [
            Given(
                code,
                str(newest[code].id) if code in newest else "",
                level=None if code in FIGURES else chosen,
                value=Decimal(FIGURES[code]) if code in FIGURES else None,
                words="As the files show.",
            )
            for code in queries.criteria_of(review)
            if code not in but
        ]
        rating.rate(review, side, given, actor=actor, at=self.at)
        db.session.commit()

    def handed_in_review(self, review=None, **new):
        """One whose self-assessment is handed in."""
        review = review or self.staffed_review(**new)
        self.rate_all(review, Side.PROVIDER, review.lead_contact)
        self_assessment.submit(review, actor=review.lead_contact, at=self.at)
        db.session.commit()
        return review

    def assessed_review(self, review=None, level=-1, **new):
        """One that is rated, heard, told and written, for the lead to hand in."""
        review = review or self.handed_in_review(**new)
        lead = review.assessors[0].person
        self.rate_all(review, Side.ASSESSORS, lead, level)
        for one in visits.hearings_of(review):
            for number in range(one.least):
                heard = Heard(
                    one.code, f"{one.code} {number + 1}", london_date(self.at), "They felt heard."
                )
                visit_services.note_interview(review, heard, actor=lead, at=self.at)
        for step in visits.feedback_steps(review):
            visit_services.give_feedback(review, step, "Well begun.", actor=lead, at=self.at)
        words = reports.Words("A small team.", "Warm and clear.", "The provider.")
        reports.write(review, words, seen=0, actor=lead, at=self.at)
        db.session.commit()
        return review

    def review_at(self, status, review=None, **new):
        """One that stands at a state between handed in and final."""
        review = self.assessed_review(review, **new)
        lead: Person = review.assessors[0].person
        reports.hand_in(review, actor=lead, at=self.at)
        steps = {
            ReviewStatus.MODERATED: lambda: reports.accept(
                review, actor=review.moderator, at=self.at
            ),
            ReviewStatus.ISSUED: lambda: reports.send(review, actor=lead, at=self.at),
            ReviewStatus.FINAL: lambda: self._finish(review, lead),
        }
        for reached, take in steps.items():
            if review.status is status:
                break
            take()
            assert review.status is reached
        db.session.commit()
        return review

    def _finish(self, review, lead):
        if reports.waits_for_facts(review):
            reports.say_it_is_right(review, actor=review.lead_contact, at=self.at)
        reports.finish(review, actor=lead, at=self.at)

    def certified_review(self, **new):
        """One that led to a certificate."""
        review = self.review_at(ReviewStatus.FINAL, **new)
        reports.certify(review, actor=review.opened_by, at=self.at)
        db.session.commit()
        return review
