"""Finding versions of a portfolio."""

from __future__ import annotations

from sqlalchemy import select

from epa.database import db
from epa.lifecycle.models import EndPointAssessment
from epa.portfolio.models import PortfolioVersion


def current_version(assessment: EndPointAssessment) -> PortfolioVersion | None:
    """The newest version of an assessment's portfolio; None before there is one."""
    return db.session.scalar(
        select(PortfolioVersion)
        .where(PortfolioVersion.assessment_id == assessment.id)
        .order_by(PortfolioVersion.number.desc())
        .limit(1)
    )
