"""Ratings as a reader sees them: sections and criteria, both sides beside one another, the verdict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from epa.review_ratings import rules
from epa.review_ratings.models import CriterionRating
from epa.review_ratings.services import field_of
from epa.reviews import queries
from epa.reviews.models import ProviderReview
from epa.reviews.rules import outcome_titles
from frameworks import Outcome, QualityFramework, WeightedFidelity
from frameworks.quality_framework import QualityCriterion


@dataclass(frozen=True)
class SectionRow:
    """How far one side has come with a section, and what it comes to."""

    code: str
    title: str
    rated: int
    of: int
    score: str
    percent: str
    weight: str
    share: float
    counts: str = ""


def section_rows(
    review: ProviderReview, ratings: Mapping[str, CriterionRating], outcome: Outcome
) -> list[SectionRow]:
    """A row for each section that has criteria in this review.

    Args:
        review: whose.
        ratings: one side's newest ratings.
        outcome: what they come to.
    """
    framework = queries.framework_of(review)
    scored = {one.code: one for one in outcome.sections}
    titles = {level.code: level.title for level in framework.scale}
    rows = []
    for section in framework.sections:
        codes = queries.codes_in(review, section.code)
        if not codes:
            continue
        result = scored[section.code]
        counts = _counted(ratings, codes) if not isinstance(framework, WeightedFidelity) else {}
        rows.append(
            SectionRow(
                section.code,
                section.title,
                sum(code in ratings and ratings[code].is_rated for code in codes),
                len(codes),
                _figure(result.score) + (f" of {_figure(result.max)}" if result.max else "")
                if result.score is not None
                else "",
                "" if result.percent is None else f"{float(result.percent):.1f}%",
                "" if result.weight is None else f"{float(result.weight):g}%",
                0.0 if result.percent is None else round(float(result.percent), 2),
                ", ".join(
                    f"{titles[code].lower()} {counts[code]}" for code in titles if counts.get(code)
                ),
            )
        )
    return rows


def _counted(ratings: Mapping[str, CriterionRating], codes: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for code in codes:
        level = ratings[code].level if code in ratings else None
        if level:
            found[level] = found.get(level, 0) + 1
    return found


def _cut(value: Fraction) -> str:
    """Two decimals, cut and never rounded up into a band that is not reached."""
    hundredths = int(value * 100)
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def _figure(value: Any) -> str:
    return f"{float(value):.2f}".rstrip("0").rstrip(".")


@dataclass(frozen=True)
class CriterionRow:
    """One criterion on a page: what it asks, what may show it, and what is said of it so far."""

    code: str
    place: str
    title: str
    asks: str
    how: str
    evidence: tuple[str, ...]
    is_measure: bool
    own: CriterionRating | None
    own_words: str
    other: CriterionRating | None
    other_words: str


def criterion_rows(
    review: ProviderReview,
    codes: Iterable[str],
    own: Mapping[str, CriterionRating],
    other: Mapping[str, CriterionRating],
) -> list[CriterionRow]:
    """The criteria with this code, with one side's rating and, beside it, the other's."""
    framework = queries.framework_of(review)
    rows = []
    for code in codes:
        criterion = framework.criterion(code)
        if not isinstance(criterion, QualityCriterion):
            raise TypeError(f"{code} is no criterion of a quality framework")
        measure = getattr(criterion, "measure", None)
        counted = getattr(criterion, "counted", None)
        rows.append(
            CriterionRow(
                code,
                field_of(code),
                criterion.title,
                criterion.asks,
                measure.how if measure else counted.counts if counted else "",
                criterion.evidence,
                measure is not None,
                own.get(code),
                rating_words(framework, own.get(code)),
                other.get(code),
                rating_words(framework, other.get(code)),
            )
        )
    return rows


def rating_words(framework: QualityFramework, row: CriterionRating | None) -> str:
    """A rating as a reader sees it: the level's title or the figure; empty without one."""
    if row is None or not row.is_rated:
        return ""
    if row.level is not None:
        return framework.level(row.level).title
    if row.has_nothing:
        return "Nothing to count"
    rests = f", {row.counted:,} of {row.counted_of:,}" if row.counted is not None else ""
    return f"{row.value}{rests}"


@dataclass(frozen=True)
class Compared:
    """One criterion on which the two sides do not say the same."""

    code: str
    title: str
    own: str
    theirs: str
    words: str
    steps: int


def compared(
    review: ProviderReview,
    own: Mapping[str, CriterionRating],
    theirs: Mapping[str, CriterionRating],
) -> list[Compared]:
    """Where the assessors' rating differs from the provider's own, furthest apart first."""
    framework = queries.framework_of(review)
    apart = rules.differences(
        framework,
        {code: row.level for code, row in own.items() if row.level},
        {code: row.level for code, row in theirs.items() if row.level},
    )
    rows = [
        Compared(
            one.code,
            framework.criterion(one.code).title,
            rating_words(framework, own[one.code]),
            rating_words(framework, theirs[one.code]),
            one.words,
            one.steps,
        )
        for one in apart
        if one.steps
    ]
    return sorted(rows, key=lambda row: -abs(row.steps))


@dataclass(frozen=True)
class Verdict:
    """What ratings come to: the outcome in words, the score, the reasons; and what limits it."""

    word: str
    score: str
    reasons: tuple[str, ...]
    is_indicative: bool
    missing: int
    disagreements: tuple[tuple[str, str, str], ...]


def verdict_of(review: ProviderReview, outcome: Outcome) -> Verdict:
    """The outcome as a reader sees it; without an outcome the word is empty."""
    framework = queries.framework_of(review)
    titles = outcome_titles(framework)
    levels = {level.code: level.title for level in framework.scale}
    wanted = set(queries.criteria_of(review))
    return Verdict(
        titles.get(outcome.outcome or "", ""),
        "" if outcome.score is None else f"{_cut(outcome.score)}%",
        outcome.reasons,
        not queries.is_awarding_body(review),
        len(wanted & set(outcome.missing)),
        tuple(
            (
                " and ".join(one.criteria),
                " and ".join(levels[code] for code in one.ratings),
                one.because,
            )
            for one in outcome.disagreements
        ),
    )
