"""Narrative progress: where each party stands in each standard. No score and no verdict."""

from dataclasses import replace

from frameworks.outcome import Outcome
from frameworks.quality_framework import NarrativeProgress
from frameworks.quality_outcome import SectionOutcome
from frameworks.schema import Framework, as_kind
from frameworks.scoring import quality_words as words
from frameworks.scoring import rated


def score(framework: Framework, document: object) -> Outcome:
    """Count, by standard and party, how many expectations stand at each step.

    Args:
        framework: a `NarrativeProgress`.
        document: `{"ratings": {CODE: level code}}`.

    Raises:
        RatingFaults: every place where the ratings do not fit the definition.
    """
    progress = as_kind(framework, NarrativeProgress)
    places = rated.places_in(progress, document)
    sections = tuple(
        _by_party(progress, section, places) for section in rated.counted_sections(progress, places)
    )
    return rated.outcome_of(
        progress,
        places,
        missing=rated.missing_from(progress, places),
        sections=sections,
        reasons=words.progress(
            {level.code: level.title for level in progress.scale},
            {party.code: party.title for party in progress.parties},
            sections,
        ),
    )


def _by_party(
    progress: NarrativeProgress, section: SectionOutcome, places: rated.Places
) -> SectionOutcome:
    parties = {}
    for party in progress.parties:
        codes = tuple(
            one.code
            for one in progress.criteria
            if one.section == section.code and one.party == party.code
        )
        if codes:
            parties[party.code] = rated.counts_of(progress, codes, places)
    return replace(section, parties=parties)
