"""Gateway reviews with what was supplied for them."""

from datetime import date
from decimal import Decimal

from epa.database import db
from epa.gateway import services
from epa.gateway.rules import Readiness
from epa.people.rules import Role
from epa.portfolio.models import EvidencePiece, PortfolioVersion
from epa.portfolio.rules import PieceKind, PortfolioStatus

SUPPLIES = {
    "time_on_programme": {},
    "off_the_job": {"percent": Decimal("21.4")},
    "english_and_mathematics": {
        "english": "level_2",
        "mathematics": "level_2",
        "evidence": "Certificates seen",
    },
    "certificate_permission": {"given": True},
}


class MakeGateway:
    """Gateway reviews, at any point of the way."""

    def people_of(self, assessment):
        """One person of each part: administrator, employer, training_provider, apprentice."""
        of = assessment.apprenticeship
        return {
            "administrator": self.person(Role.ADMINISTRATOR, organisation=assessment.epao),
            "employer": self.person(Role.EMPLOYER, organisation=of.employer),
            "training_provider": self.person(Role.TRAINING_PROVIDER, organisation=of.provider),
            "apprentice": of.person,
        }

    def review(self, assessment=None, actor=None):
        """A review that was opened, with nothing supplied."""
        assessment = assessment or self.assessment()
        actor = actor or assessment.apprenticeship.person
        review = services.open_review(assessment, actor=actor, at=self.at)
        db.session.commit()
        return review

    def requirement(self, review, code):
        """A review's requirement by its code."""
        return next(row for row in review.requirements if row.code == code)

    def supplied_review(self, assessment=None, people=None):
        """A review for which everybody supplied enough, and nothing is decided."""
        review = self.review(assessment)
        people = people or self.people_of(review.assessment)
        provider, apprentice = people["training_provider"], people["apprentice"]
        by = {"certificate_permission": apprentice}
        for code, values in SUPPLIES.items():
            row = self.requirement(review, code)
            services.supply(row, values, actor=by.get(code, provider), at=self.at)
        self.frozen_portfolio(review.assessment)
        services.confirm_readiness(
            review,
            Readiness(is_ready=True, decided_on=date(2026, 6, 1)),
            actor=people["employer"],
            at=self.at,
            organisation=review.assessment.apprenticeship.employer,
        )
        db.session.commit()
        return review

    def frozen_portfolio(
        self, assessment, *, pieces=24, service_users=4, status=PortfolioStatus.SUBMITTED, number=1
    ):
        """A portfolio as it lies before the intake check."""
        drafted = status is PortfolioStatus.DRAFT
        apprentice = assessment.apprenticeship.person
        version = PortfolioVersion(
            assessment=assessment,
            number=number,
            status=status,
            created_at=self.at,
            submitted_at=None if drafted else self.at,
            submitted_by_id=None if drafted else apprentice.id,
            every_piece=[
                EvidencePiece(
                    number=one,
                    title=f"Piece {one}",
                    kind=PieceKind.WORK_PRODUCT,
                    service_user=one % service_users + 1,
                    activities=[
                        "initial_assessment",
                        "action_plan",
                        "review",
                        "intervention",
                        "support_into_work",
                        "in_work_support",
                    ],
                    ksbs=["K1"],
                    text="What was done.",
                    is_own_work=True,
                    added_at=self.at,
                )
                for one in range(1, pieces + 1)
            ],
        )
        db.session.add(version)
        db.session.commit()
        return version
