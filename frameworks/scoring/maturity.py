"""Maturity: each section's score is the mean of its criteria's points, and no outcome follows."""

from dataclasses import replace
from fractions import Fraction

from frameworks.outcome import Outcome
from frameworks.quality_framework import Maturity
from frameworks.quality_outcome import SectionOutcome
from frameworks.schema import Framework, as_kind
from frameworks.scoring import quality_words as words
from frameworks.scoring import rated


def score(framework: Framework, document: object) -> Outcome:
    """Score each section by its mean; a section with a criterion missing has none.

    Args:
        framework: a `Maturity`.
        document: `{"ratings": {CODE: points}}`.

    Raises:
        RatingFaults: every place where the ratings do not fit the definition.
    """
    maturity = as_kind(framework, Maturity)
    places = rated.places_in(maturity, document)
    full = maturity.scale[-1].points or 0
    sections = tuple(
        _mean(maturity, section, places, full)
        for section in rated.counted_sections(maturity, places)
    )
    return rated.outcome_of(
        maturity,
        places,
        missing=rated.missing_from(maturity, places),
        sections=sections,
        reasons=words.means(maturity, sections, full),
    )


def _mean(
    maturity: Maturity, section: SectionOutcome, places: rated.Places, full: int
) -> SectionOutcome:
    if section.rated < section.of:
        return replace(section, max=Fraction(full))
    codes = maturity.codes_by_section[section.code]
    total = sum(maturity.scale[places[code]].points or 0 for code in codes)
    return replace(section, score=Fraction(total, section.of), max=Fraction(full))
