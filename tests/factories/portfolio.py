"""Portfolios in any state."""

from epa.database import db
from epa.lifecycle.definitions import framework_of
from epa.people.rules import Role
from epa.portfolio import services
from epa.portfolio.checks import PieceFields
from epa.portfolio.models import EvidencePiece, PortfolioShare, PortfolioVersion
from epa.portfolio.rules import PieceKind, PortfolioStatus


class MakePortfolio:
    """Portfolios, whole or short, submitted, accepted or shared."""

    def piece_fields(self, **fields):
        """A piece of text that will do, as a form would give it."""
        return PieceFields(
            **{
                "title": "Action plan after the first month",
                "kind": PieceKind.CASE_RECORD,
                "service_user": 1,
                "activities": ("action_plan",),
                "ksbs": ("K1",),
                "is_own_work": True,
                "text": "SU-1 agreed three goals.",
            }
            | fields
        )

    def portfolio(
        self,
        assessment,
        *,
        pieces=28,
        service_users=5,
        submitted=False,
        accepted=False,
        shared_with=None,
    ):
        """A version with text pieces that cover every activity and, with enough pieces, every KSB.

        Rows are written directly, so that it may be made at any stage.
        """
        framework = framework_of(assessment)
        activities = [activity.code for activity in framework.portfolio.activities]
        ksbs = framework.ksbs_of(framework.portfolio.underpins)
        version = PortfolioVersion(
            assessment=assessment, number=1, status=PortfolioStatus.DRAFT, created_at=self.at
        )
        for index in range(pieces):
            version.every_piece.append(
                EvidencePiece(
                    number=index + 1,
                    title=f"Piece {index + 1}",
                    kind=PieceKind.WORK_PRODUCT,
                    service_user=index % service_users + 1,
                    activities=[activities[index // service_users % len(activities)]],
                    ksbs=[ksbs[index % len(ksbs)], ksbs[(index + pieces) % len(ksbs)]],
                    text=f"What SU-{index % service_users + 1} and I did in week {index + 1}.",
                    is_own_work=True,
                    added_at=self.at,
                )
            )
        db.session.add(version)
        if submitted or accepted or shared_with:
            version.status = PortfolioStatus.SUBMITTED
            version.submitted_at = self.at
            version.submitted_by_id = assessment.apprenticeship.person_id
        if accepted or shared_with:
            admin = self.person(Role.ADMINISTRATOR, organisation=assessment.epao)
            db.session.flush()
            services.accept(version, actor=admin, at=self.at)
        if shared_with:
            db.session.add(PortfolioShare(version=version, person=shared_with, shared_at=self.at))
        db.session.commit()
        return version
