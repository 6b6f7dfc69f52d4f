"""Criteria met: an outcome by the level that every required criterion reaches."""

from dataclasses import replace

from frameworks.outcome import Outcome
from frameworks.quality_framework import CriteriaMet, MetOutcome
from frameworks.schema import Framework, as_kind
from frameworks.scoring import quality_words as words
from frameworks.scoring import rated


def score(framework: Framework, document: object) -> Outcome:
    """Find the highest outcome for which every required criterion is high enough.

    Args:
        framework: a `CriteriaMet`.
        document: `{"ratings": {CODE: level code}}`.

    Raises:
        RatingFaults: every place where the ratings do not fit the definition.
    """
    met = as_kind(framework, CriteriaMet)
    places = rated.places_in(met, document)
    missing = rated.missing_from(met, places)
    outcome, explained = (None, ()) if missing else _decided(met, places)
    sections = rated.counted_sections(met, places)
    return replace(
        rated.outcome_of(met, places, missing=missing, sections=sections, reasons=explained),
        outcome=outcome,
    )


def _decided(met: CriteriaMet, places: rated.Places) -> tuple[str, tuple[str, ...]]:
    """Climb from outcome to outcome until one asks for more than some criterion reaches."""
    required = met.required or tuple(one.code for one in met.criteria)
    order = [level.code for level in met.scale]
    reached = met.outcomes[0]
    following: MetOutcome | None = None
    short: list[str] = []
    for outcome in met.outcomes[1:]:
        needed = order.index(outcome.every or order[0])
        short = [code for code in required if places[code] < needed]
        if short:
            following = outcome
            break
        reached = outcome
    return reached.code, words.judged(reached, following, short, len(required))
