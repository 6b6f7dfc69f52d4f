"""A review's report as it stands, as it was sent, and its certificate; within a person's reach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import select

from epa.database import db
from epa.external_assessment import queries as visits
from epa.people.models import Person
from epa.people.rules import Permission
from epa.review_ratings import pages as shown
from epa.review_ratings import results
from epa.review_ratings.models import CriterionRating
from epa.review_ratings.queries import outcome_of, ratings_of
from epa.review_reports.models import CriterionNote, IssuedReport, ReportText, ReviewCertificate
from epa.reviews.models import ProviderReview
from epa.reviews.queries import (
    criteria_of,
    framework_of,
    review_for,
    review_ids,
    wording_shown,
)
from epa.reviews.rules import Side
from frameworks.quality_framework import QualityCriterion


def text_of(review: ProviderReview) -> ReportText | None:
    """The newest version of the report's own words."""
    return db.session.scalar(
        select(ReportText)
        .where(ReportText.review_id == review.id)
        .order_by(ReportText.version.desc())
        .limit(1)
    )


def notes_of(review: ProviderReview) -> dict[str, CriterionNote]:
    """The newest note on each criterion, by its code."""
    rows = db.session.scalars(
        select(CriterionNote)
        .where(CriterionNote.review_id == review.id)
        .order_by(CriterionNote.version)
    )
    return {row.criterion_code: row for row in rows}


def issued_of(review: ProviderReview) -> Sequence[IssuedReport]:
    """The reports that were sent, the last one first."""
    return db.session.scalars(
        select(IssuedReport)
        .where(IssuedReport.review_id == review.id)
        .order_by(IssuedReport.number.desc())
    ).all()


def certificate_of(review: ProviderReview) -> ReviewCertificate | None:
    """The certificate that the review led to."""
    return db.session.scalar(
        select(ReviewCertificate).where(ReviewCertificate.review_id == review.id)
    )


def certified_for(person: Person, permission: Permission, review_id: UUID) -> ProviderReview | None:
    """A review that led to a certificate, if this person may do this on it."""
    review = review_for(person, permission, review_id)
    return review if review is not None and certificate_of(review) is not None else None


def issued_for(person: Person, permission: Permission, review_id: UUID) -> ProviderReview | None:
    """A review whose report was sent, if this person may do this on it."""
    review = review_for(person, permission, review_id)
    return review if review is not None and issued_of(review) else None


def certificates_in_reach(person: Person, permission: Permission) -> Sequence[ReviewCertificate]:
    """The certificates of the reviews on which somebody may do this, the first to end first."""
    return db.session.scalars(
        select(ReviewCertificate)
        .where(ReviewCertificate.review_id.in_(review_ids(person, permission)))
        .order_by(ReviewCertificate.expires_on, ReviewCertificate.id)
    ).all()


def content_of(review: ProviderReview) -> dict[str, Any]:
    """The report as it stands: plain JSON, so that what is sent stays as it was."""
    framework, text = framework_of(review), text_of(review)
    own, theirs = ratings_of(review, Side.PROVIDER), ratings_of(review, Side.ASSESSORS)
    outcome = outcome_of(review, theirs)
    days = (review.first_on, review.last_on)
    return {
        "organisation": review.organisation.name,
        "provider": review.provider.name,
        "service": review.service,
        "framework": framework.title,
        "version": framework.version,
        "source": framework.source.document,
        "outcome": outcome.outcome,
        "assessed": [day.isoformat() for day in days if day],
        "assessors": [one.person.name for one in review.assessors],
        "moderator": review.moderator.name if review.moderator else "",
        "verdict": asdict(shown.verdict_of(review, outcome)),
        "background": text.background if text else "",
        "impression": text.impression if text else "",
        "recipients": text.recipients if text else "",
        "interviews": [[one.title, one.held, one.least] for one in visits.hearings_of(review)],
        "wording": _wording(review),
        **results.result_of(review, theirs, outcome, own),
        "criteria": _criteria(review, own, theirs),
    }


def _wording(review: ProviderReview) -> dict[str, Any]:
    """Which texts everybody was shown: the pack's name, empty for our own, and the digest of all."""
    found = wording_shown(review)
    name = found.pack.name if found.pack else ""
    return {"pack": name, "official": len(found.official), "digest": found.digest}


def _criteria(
    review: ProviderReview,
    own: Mapping[str, CriterionRating],
    theirs: Mapping[str, CriterionRating],
) -> list[dict[str, str]]:
    framework, notes, wording = framework_of(review), notes_of(review), wording_shown(review)
    return [
        {
            "code": code,
            "title": framework.criterion(code).title,
            "asks": wording.asks(code),
            "level": shown.level_text(wording, theirs.get(code)),
            "own": shown.rating_words(framework, own.get(code)),
            "rating": shown.rating_words(framework, theirs.get(code)),
            "found": theirs[code].words if code in theirs else "",
            "good_practice": notes[code].good_practice if code in notes else "",
            "improvement": notes[code].improvement if code in notes else "",
        }
        for code in criteria_of(review)
    ]


def to_improve(review: ProviderReview) -> list[QualityCriterion]:
    """The criteria whose level a report lists for improvement, in order."""
    framework = framework_of(review)
    listed = set(outcome_of(review, ratings_of(review, Side.ASSESSORS)).improvements)
    return [one for one in framework.rated if one.code in listed]
