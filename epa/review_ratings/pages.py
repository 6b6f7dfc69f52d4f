"""Ratings as a reader sees them: sections and criteria, both sides beside one another, the verdict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from epa.review_ratings import rules
from epa.review_ratings.models import CriterionRating
from epa.review_ratings.services import field_of
from epa.reviews import queries
from epa.reviews.models import ProviderReview
from epa.reviews.rules import outcome_titles
from epa.wording.queries import Wording
from frameworks import CriteriaMet, Outcome, QualityFramework, WeightedFidelity
from frameworks.quality_framework import QualityCriterion
from frameworks.quality_outcome import SectionOutcome

_NO_VERDICT: Final = (
    "No mark is given: what counts is how far each expectation has come, as the sections say."
)


@dataclass(frozen=True)
class SectionRow:
    """How far one side has come with a section, and what it comes to.

    ``reach`` is how much of the most there is that comes to, in percent, and ``reached`` says it in
    the scheme's own words; None where the scheme gives no figure.
    """

    code: str
    title: str
    rated: int
    of: int
    score: str
    percent: str
    weight: str
    share: float
    counts: str = ""
    reach: float | None = None
    reached: str = ""


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
        reach, reached = _reach(framework, result)
        rows.append(
            SectionRow(
                section.code,
                section.title,
                sum(code in ratings and ratings[code].is_rated for code in codes),
                len(codes),
                figure(result.score) + (f" of {figure(result.max)}" if result.max else "")
                if result.score is not None
                else "",
                "" if result.percent is None else f"{float(result.percent):.1f}%",
                "" if result.weight is None else f"{float(result.weight):g}%",
                0.0 if result.percent is None else round(float(result.percent), 2),
                ", ".join(
                    f"{titles[code].lower()} {counts[code]}" for code in titles if counts.get(code)
                ),
                reach,
                reached,
            )
        )
    return rows


def _reach(framework: QualityFramework, result: SectionOutcome) -> tuple[float | None, str]:
    """What a section comes to in percent of the most there is, and in the scheme's own words."""
    if result.percent is not None:
        return round(float(result.percent), 2), f"{float(result.percent):.1f}%"
    if result.score is not None and result.max:
        of_most = round(float(100 * result.score / result.max), 2)
        return of_most, f"{figure(result.score)} of {figure(result.max)}"
    if isinstance(framework, CriteriaMet) and result.rated == result.of:
        met = result.counts.get(framework.scale[-1].code, 0)
        return 100 * met / result.of, f"{met} of {result.of}"
    return None, ""


def _counted(ratings: Mapping[str, CriterionRating], codes: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for code in codes:
        level = ratings[code].level if code in ratings else None
        if level:
            found[level] = found.get(level, 0) + 1
    return found


def cut(value: Fraction) -> str:
    """Two decimals, cut and never rounded up into a band that is not reached."""
    hundredths = int(value * 100)
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def figure(value: Any) -> str:
    """A figure in at most two decimals, without noughts at its end."""
    return f"{float(value):.2f}".rstrip("0").rstrip(".")


@dataclass(frozen=True)
class CriterionRow:
    """One criterion on a page: what it asks, what may show it, and what is said of it so far.

    The texts say what the levels given look like.
    """

    code: str
    place: str
    title: str
    asks: str
    how: str
    evidence: tuple[str, ...]
    is_measure: bool
    own: CriterionRating | None
    own_words: str
    own_text: str
    other: CriterionRating | None
    other_words: str
    other_text: str


def criterion_rows(
    review: ProviderReview,
    codes: Iterable[str],
    own: Mapping[str, CriterionRating],
    other: Mapping[str, CriterionRating],
) -> list[CriterionRow]:
    """The criteria with this code, with one side's rating and, beside it, the other's."""
    framework, wording = queries.framework_of(review), queries.wording_shown(review)
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
                wording.asks(code),
                measure.how if measure else counted.counts if counted else "",
                criterion.evidence,
                measure is not None,
                own.get(code),
                rating_words(framework, own.get(code)),
                level_text(wording, own.get(code)),
                other.get(code),
                rating_words(framework, other.get(code)),
                level_text(wording, other.get(code)),
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


def level_text(wording: Wording, row: CriterionRating | None) -> str:
    """What the level that a rating gives looks like; empty without one."""
    if row is None or row.level is None:
        return ""
    return wording.levels(row.criterion_code).get(row.level, "")


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
        "" if outcome.score is None else f"{cut(outcome.score)}%",
        # Of a framework with parties one is looked at; the reasons count the criteria of all.
        (_NO_VERDICT,) if review.party else outcome.reasons,
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
