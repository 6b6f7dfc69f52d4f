"""The newest ratings of a review's criteria, their history, and what they come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import select

from epa.client_data.queries import newest_kept
from epa.database import db
from epa.review_ratings.models import CriterionRating
from epa.review_ratings.rules import figure_to_type
from epa.reviews.models import ProviderReview
from epa.reviews.queries import criteria_of, framework_of
from epa.reviews.rules import Side
from frameworks import Outcome, WeightedFidelity, score
from frameworks.scoring.rated import rating_of


def ratings_of(review: ProviderReview, side: Side) -> dict[str, CriterionRating]:
    """The newest rating of each criterion by one side."""
    rows = db.session.scalars(
        select(CriterionRating)
        .where(CriterionRating.review_id == review.id, CriterionRating.side == side)
        .order_by(CriterionRating.version)
    )
    return {row.criterion_code: row for row in rows}


def history_of(review: ProviderReview, side: Side, code: str) -> Sequence[CriterionRating]:
    """Everything that one side said of a criterion, the newest first."""
    return db.session.scalars(
        select(CriterionRating)
        .where(
            CriterionRating.review_id == review.id,
            CriterionRating.side == side,
            CriterionRating.criterion_code == code,
        )
        .order_by(CriterionRating.version.desc())
    ).all()


def outcome_of(review: ProviderReview, ratings: Mapping[str, CriterionRating]) -> Outcome:
    """What ratings come to under the review's framework."""
    framework = framework_of(review)
    levels = {level.code: level for level in framework.scale}
    document: dict[str, Any] = {
        "ratings": {
            code: rating_of(levels[row.level])
            for code, row in ratings.items()
            if row.level is not None
        }
    }
    if isinstance(framework, WeightedFidelity):
        document["measures"] = {
            code: _figure(row)
            for code, row in ratings.items()
            if row.value is not None or row.has_nothing
        }
    return score(framework, document)


@dataclass(frozen=True)
class Listed:
    """What a provider's list of clients gives for a measure.

    ``value`` is the figure to type, None where nothing was counted or too little, which ``reason``
    says; it rests on ``counted`` of ``of`` in the days from ``starts_on`` to ``ends_on``.
    """

    value: Decimal | None
    counted: int
    of: int
    reason: str
    starts_on: date
    ends_on: date


def listed_measures(review: ProviderReview) -> dict[str, Listed]:
    """The measures of a review, by code, that the provider's latest list of clients gives."""
    framework = framework_of(review)
    if not isinstance(framework, WeightedFidelity):
        return {}
    kept = newest_kept(review.provider_id, review.organisation_id, framework.code)
    if kept is None:
        return {}
    return {
        one["code"]: Listed(
            figure_to_type(
                framework.measures[one["code"]], one["value"] and Fraction(one["value"])
            ),
            one["counted"],
            one["of"],
            one["reason"] or "",
            kept.starts_on,
            kept.ends_on,
        )
        for one in kept.figures["indicators"]
        if one["code"] in framework.measures
    }


def _figure(row: CriterionRating) -> dict[str, Any]:
    figure: dict[str, Any] = {"value": None if row.value is None else float(row.value)}
    if row.counted is not None and row.counted_of is not None:
        figure |= {"counted": row.counted, "of": row.counted_of}
    return figure


def missing_from(review: ProviderReview, ratings: Mapping[str, CriterionRating]) -> list[str]:
    """The criteria of the review that one side has not rated yet."""
    return [
        code for code in criteria_of(review) if code not in ratings or not ratings[code].is_rated
    ]
