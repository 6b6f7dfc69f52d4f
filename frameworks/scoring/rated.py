"""Ratings on a scale: reading and counting them, for every scheme that has one."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from frameworks.faults import Fault, RatingFaults
from frameworks.outcome import Outcome
from frameworks.quality_framework import QualityFramework, QualityLevel
from frameworks.quality_outcome import Disagreement, SectionOutcome
from frameworks.scoring import quality_words as words
from frameworks.scoring.refusing import name, shape, unknown_keys

# The place on the scale, from 0, by criterion code.
Places = Mapping[str, int]


def places_in(framework: QualityFramework, document: object) -> Places:
    """Return where each criterion that is rated stands on the scale.

    Args:
        framework: any quality framework whose document holds ratings only.
        document: `{"ratings": {CODE: rating}}`; a rating is the level's points where the scale
            has points, its code otherwise. What is not rated yet is left out.

    Raises:
        RatingFaults: every place where the ratings do not fit the definition.
    """
    faults = tuple(rating_faults(framework, document))
    if faults or not isinstance(document, Mapping):
        raise RatingFaults(faults)
    return known_places(framework, document["ratings"])


def known_places(framework: QualityFramework, ratings: Mapping[str, Any]) -> Places:
    """Return the places of ratings in which `rating_faults` found no fault."""
    places = _allowed(framework)
    return {one.code: places[ratings[one.code]] for one in framework.rated if one.code in ratings}


def rating_faults(
    framework: QualityFramework, document: object, keys: tuple[str, ...] = ("ratings",)
) -> Iterator[Fault]:
    """Find every place where a document of ratings does not fit the definition."""
    if not isinstance(document, Mapping):
        yield shape("", "an object with 'ratings'", document)
        return
    yield from unknown_keys("", document, keys)
    ratings = document.get("ratings")
    if not isinstance(ratings, Mapping):
        yield shape("ratings", "an object of criterion codes and ratings", ratings)
        return
    allowed = _allowed(framework)
    rated = {criterion.code for criterion in framework.rated}
    criteria = {criterion.code for criterion in framework.criteria}
    for code, rating in ratings.items():
        where = f"ratings.{name(code)}"
        if code not in criteria:
            yield Fault("", where, f"{framework.code} {framework.version} has no such criterion")
        elif code not in rated:
            yield Fault("", where, "it is measured: its figure belongs under 'measures'")
        # 1.0 and true equal 1 in Python and are no ratings.
        elif type(rating) not in {int, str} or rating not in allowed:
            listed = ", ".join(str(one) for one in allowed)
            yield shape(where, f"one of {listed}", rating)


def rating_of(level: QualityLevel) -> int | str:
    """Return how a level is written in a document of ratings: its points, or its code."""
    return level.code if level.points is None else level.points


def _allowed(framework: QualityFramework) -> Mapping[int | str, int]:
    return {rating_of(level): place for place, level in enumerate(framework.scale)}


def missing_from(framework: QualityFramework, places: Places) -> tuple[str, ...]:
    """Return the codes of the rated criteria that have no rating, in the definition's order."""
    return tuple(one.code for one in framework.rated if one.code not in places)


def counted_sections(framework: QualityFramework, places: Places) -> tuple[SectionOutcome, ...]:
    """Return how many criteria of each section stand at each level."""
    return tuple(
        SectionOutcome(
            code=section,
            rated=sum(code in places for code in codes),
            of=len(codes),
            counts=counts_of(framework, codes, places),
        )
        for section, codes in framework.codes_by_section.items()
    )


def counts_of(
    framework: QualityFramework, codes: tuple[str, ...], places: Places
) -> Mapping[str, int]:
    """Return how many of these criteria stand at each level, lowest level first."""
    counted = Counter(places[code] for code in codes if code in places)
    return {level.code: counted[place] for place, level in enumerate(framework.scale)}


def outcome_of(
    framework: QualityFramework,
    places: Places,
    *,
    missing: tuple[str, ...],
    sections: tuple[SectionOutcome, ...],
    reasons: tuple[str, ...],
) -> Outcome:
    """Return what every scheme with a scale says: what is missing, shows and disagrees.

    A scheme that draws an outcome or a score adds it. Linked criteria that disagree are told,
    and change nothing.
    """
    disagreements = disagreements_in(framework, places)
    return Outcome(
        framework=framework.code,
        version=framework.version,
        missing=missing,
        outcome=None,
        reasons=(
            *reasons,
            *words.unfinished(framework, missing),
            *words.disagreeing(framework, disagreements),
        ),
        sections=sections,
        strengths=showing_as(framework, places, "strength"),
        improvements=showing_as(framework, places, "improvement"),
        disagreements=disagreements,
    )


def showing_as(framework: QualityFramework, places: Places, what: str) -> tuple[str, ...]:
    """Return the criteria whose level a report lists as a strength, or for improvement."""
    return tuple(code for code, place in places.items() if framework.scale[place].shows == what)


def disagreements_in(framework: QualityFramework, places: Places) -> tuple[Disagreement, ...]:
    """Return the linked criteria whose ratings lie too far apart."""
    return tuple(
        Disagreement(
            criteria=(one, other),
            ratings=(framework.scale[places[one]].code, framework.scale[places[other]].code),
            because=link.because,
        )
        for one, other, link in framework.linked_pairs
        if one in places and other in places
        if abs(places[one] - places[other]) >= link.apart
    )
