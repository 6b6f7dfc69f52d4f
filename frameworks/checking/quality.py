"""Cross-checks of quality frameworks: what all share, and what three of the schemes add."""

from collections.abc import Collection, Iterable, Iterator
from itertools import pairwise

from frameworks.checking import cycle
from frameworks.checking.problems import Problem, repeated
from frameworks.quality_framework import (
    CriteriaMet,
    Maturity,
    NarrativeProgress,
    QualityFramework,
)
from frameworks.schema import Framework, as_kind


def shared_problems(framework: QualityFramework) -> Iterator[Problem]:
    """Find what does not add up in what every quality framework has."""
    yield from _scale_problems(framework)
    yield from repeated("voices", [voice.code for voice in framework.voices])
    filled = {criterion.section for criterion in framework.criteria}
    for section in framework.sections:
        if section.code not in filled:
            yield f"sections.{section.code}", "it has no criterion"
    levels = {level.code for level in framework.scale}
    voices = {voice.code for voice in framework.voices}
    for criterion in framework.criteria:
        where = f"criteria.{criterion.code}"
        yield from unknown(f"{where}.levels", "level", criterion.levels, levels)
        if criterion.levels and levels - criterion.levels.keys():
            lacking = ", ".join(sorted(levels - criterion.levels.keys()))
            yield f"{where}.levels", f"the levels {lacking} are not described"
        yield from unknown(f"{where}.voices", "voice", criterion.voices, voices)
    yield from _link_problems(framework)
    yield from cycle.problems_in(framework.cycle)


def unknown(
    where: str, what: str, codes: Iterable[str], known: Collection[str]
) -> Iterator[Problem]:
    """Find each code that is none of those known."""
    for code in codes:
        if code not in known:
            yield where, f"there is no {what} '{code}'"


def needs_points(framework: QualityFramework) -> Iterator[Problem]:
    """Find a scale without points under a scheme that adds them up."""
    if framework.scale[0].points is None:
        yield "scale", f"{framework.scheme} needs points on every level"


def _scale_problems(framework: QualityFramework) -> Iterator[Problem]:
    points = [level.points for level in framework.scale]
    if None in points and any(one is not None for one in points):
        yield "scale", "either every level has points or none has"
    for lower, upper in pairwise(one for one in points if one is not None):
        if upper <= lower:
            yield "scale", f"points rise from level to level; {upper} follows {lower}"


def _link_problems(framework: QualityFramework) -> Iterator[Problem]:
    known = {criterion.code for criterion in framework.rated}
    pairs = set()
    for one, other, _ in framework.linked_pairs:
        where = f"links.{one}"
        yield from unknown(where, "rated criterion", (one, other), known)
        if one == other:
            yield where, "a criterion is not linked with itself"
        if frozenset((one, other)) in pairs:
            yield where, f"the link with {other} stands twice"
        pairs.add(frozenset((one, other)))


def maturity_problems(framework: Framework) -> Iterator[Problem]:
    """Find what does not add up in a framework of maturity."""
    maturity = as_kind(framework, Maturity)
    yield from shared_problems(maturity)
    yield from needs_points(maturity)


def met_problems(framework: Framework) -> Iterator[Problem]:
    """Find what does not add up in a framework of criteria that are met or not."""
    met = as_kind(framework, CriteriaMet)
    yield from shared_problems(met)
    yield from repeated("outcomes", [outcome.code for outcome in met.outcomes])
    yield from unknown("required", "criterion", met.required, {one.code for one in met.criteria})
    order = [level.code for level in met.scale]
    if met.outcomes[0].every is not None:
        yield "outcomes", "the first one is what is left, so it asks for no level"
    asked = [outcome.every for outcome in met.outcomes[1:]]
    yield from unknown("outcomes", "level", [code for code in asked if code], order)
    if None in asked:
        yield "outcomes", "each one after the first asks for a level"
    places = [order.index(code) for code in asked if code in order]
    if any(upper <= lower for lower, upper in pairwise(places)):
        yield "outcomes", "each one asks for a higher level than the one before"


def progress_problems(framework: Framework) -> Iterator[Problem]:
    """Find what does not add up in a framework of progress by party."""
    progress = as_kind(framework, NarrativeProgress)
    yield from shared_problems(progress)
    parties = [party.code for party in progress.parties]
    principles = [principle.code for principle in progress.principles]
    reporting = [one.code for one in progress.reporting]
    yield from repeated("parties", parties)
    yield from repeated("principles", principles)
    yield from repeated("reporting", reporting)
    for criterion in progress.criteria:
        yield from unknown(f"criteria.{criterion.code}.party", "party", [criterion.party], parties)
    for section in progress.sections:
        where = f"sections.{section.code}"
        yield from unknown(f"{where}.principles", "principle", section.principles, principles)
        yield from unknown(f"{where}.reporting", "way of reporting", section.reporting, reporting)
