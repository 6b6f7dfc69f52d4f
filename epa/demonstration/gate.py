"""The gateway in the demonstration: supplied, advised, confirmed and decided by those who may."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from epa.clock import london_date
from epa.demonstration.company import Company
from epa.demonstration.days import Walk
from epa.demonstration.evidence import RETURNED_FOR
from epa.demonstration.notes import (
    ADVICE,
    ADVICE_AGAINST,
    CERTIFICATES,
    NOT_YET,
    OFF_THE_JOB_REJECTED,
)
from epa.demonstration.stories import (
    CONFIRMATION,
    OFF_THE_JOB,
    PERMISSION,
    PORTFOLIO,
    QUALIFICATIONS,
    SUPPLIED,
    Gate,
)
from epa.gateway import services as gateway
from epa.gateway.models import GatewayRequirement, GatewayReview
from epa.gateway.off_the_job import Measure
from epa.gateway.queries import training_terms
from epa.gateway.rules import Readiness
from epa.lifecycle.models import EndPointAssessment
from epa.lifecycle.rules import Attainment
from epa.people.rules import Role
from epa.portfolio import services as portfolio
from epa.portfolio.models import PortfolioVersion
from epa.portfolio.rules import PortfolioStatus

# How long before acceptance things were supplied, decided for the most part, and confirmed.
_SUPPLIED: Final = 14
_DECIDED: Final = 12
_CONFIRMED: Final = 8
_TAKEN_IN: Final = 5
_LOWEST_SHARE: Final = 203
_HIGHEST_SHARE: Final = 268
# Hours that the demonstration's provider takes for published; nobody knows what they will be.
_PUBLISHED: Final = 480


class Passage:
    """One apprentice at the gateway."""

    def __init__(
        self,
        company: Company,
        assessment: EndPointAssessment,
        version: PortfolioVersion | None,
        walk: Walk,
    ) -> None:
        self.company, self.assessment, self.version, self.walk = company, assessment, version, walk
        apprenticeship = assessment.apprenticeship
        self.apprentice = apprenticeship.person
        by_id = {body.id: key for key, body in company.bodies.items()}
        self.employer = company.contact(by_id[apprenticeship.employer_id], Role.EMPLOYER)
        assert apprenticeship.provider_id is not None, "everybody here has a provider"
        self.provider = company.contact(by_id[apprenticeship.provider_id], Role.TRAINING_PROVIDER)
        self.decider = company.people[company.rng.choice(("ruth", "omar"))]

    def passed(self, on: int) -> None:
        """All six requirements, accepted one after another, the portfolio last."""
        self.submit(on - _SUPPLIED)
        review = self.open(on - _SUPPLIED)
        self.supply(review, SUPPLIED, on - _SUPPLIED)
        self.advise(review, in_favour=True, on=on - _DECIDED)
        for code in SUPPLIED:
            self.accept(review, code, on - _DECIDED)
        self.confirm(review, is_ready=True, on=on - _CONFIRMED)
        self.accept(review, CONFIRMATION, on - _TAKEN_IN)
        self.accept(review, PORTFOLIO, on)

    def as_far_as(self, gate: Gate) -> None:
        """A gateway that is not decided yet, as its story says."""
        on = gate.opened
        if gate.portfolio is not PortfolioStatus.DRAFT:
            self.submit(on)
        review = self.open(on)
        self.supply(review, gate.supplied, on)
        if gate.ready is not None:
            self.advise(review, in_favour=gate.ready, on=min(on + 1, 0))
            self.confirm(review, is_ready=gate.ready, on=min(on + 2, 0))
        for code in gate.accepted:
            self.accept(review, code, min(on + 4, 0))
        if gate.rejected:
            self.reject(review, gate.rejected, min(on + 4, 0))

    def submit(self, on: int) -> None:
        """Hand the portfolio in."""
        assert self.version is not None, "a portfolio was built"
        portfolio.submit(self.version, actor=self.apprentice, at=self.walk.at(on, 9))

    def open(self, on: int) -> GatewayReview:
        """Begin the review: the provider does."""
        return gateway.open_review(self.assessment, actor=self.provider, at=self.walk.at(on, 10))

    def supply(self, review: GatewayReview, codes: tuple[str, ...], on: int) -> None:
        """Supply some requirements, each by somebody who may."""
        for code in codes:
            gateway.supply(
                _row(review, code),
                self._values(code),
                actor=self.apprentice if code == PERMISSION else self.provider,
                at=self.walk.at(on, 11),
            )

    def advise(self, review: GatewayReview, *, in_favour: bool, on: int) -> None:
        """The provider's advice, which decides nothing."""
        text = self.company.rng.choice(ADVICE) if in_favour else ADVICE_AGAINST
        gateway.advise(
            review, text, actor=self.provider, at=self.walk.at(on, 12), in_favour=in_favour
        )

    def confirm(self, review: GatewayReview, *, is_ready: bool, on: int) -> None:
        """The employer's own answer."""
        at = self.walk.at(on, 13)
        gateway.confirm_readiness(
            review,
            Readiness(is_ready, london_date(at), "" if is_ready else NOT_YET),
            actor=self.employer,
            at=at,
            organisation=self.assessment.apprenticeship.employer,
        )

    def accept(self, review: GatewayReview, code: str, on: int) -> None:
        """The EPAO accepts one requirement."""
        gateway.accept(_row(review, code), actor=self.decider, at=self.walk.at(on, 14))

    def reject(self, review: GatewayReview, code: str, on: int) -> None:
        """The EPAO rejects one requirement, and says why."""
        reason = RETURNED_FOR if code == PORTFOLIO else OFF_THE_JOB_REJECTED
        gateway.reject(_row(review, code), reason, actor=self.decider, at=self.walk.at(on, 15))

    def _values(self, code: str) -> dict[str, Any]:
        rng = self.company.rng
        if code == OFF_THE_JOB:
            share = rng.randint(_LOWEST_SHARE, _HIGHEST_SHARE)
            policy = training_terms(self.assessment, self.company.days.today).policy
            if Measure.SHARE in policy.measures:
                return {"percent": Decimal(share) / 10}
            return {"hours": _PUBLISHED * share // _LOWEST_SHARE, "hours_needed": _PUBLISHED}
        if code == QUALIFICATIONS:
            return {
                "english": _shown(self.assessment.apprenticeship.english),
                "mathematics": Attainment.LEVEL_2,
                "evidence": rng.choice(CERTIFICATES),
            }
        return {"given": True} if code == PERMISSION else {}


def _shown(attainment: Attainment) -> Attainment:
    return attainment if attainment is Attainment.LEVEL_2 else Attainment.NONE


def _row(review: GatewayReview, code: str) -> GatewayRequirement:
    return next(row for row in review.requirements if row.code == code)
