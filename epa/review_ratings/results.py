"""What a side's ratings come to, as plain JSON, and everything that is drawn of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from epa.charts.bars import Bar, Change, Pair, Section
from epa.review_ratings import rules
from epa.review_ratings.models import CriterionRating
from epa.review_ratings.pages import cut, figure, section_rows
from epa.review_ratings.queries import outcome_of
from epa.reviews import queries
from epa.reviews.models import ProviderReview
from frameworks import Outcome, QualityFramework, WeightedFidelity


def result_of(
    review: ProviderReview,
    ratings: Mapping[str, CriterionRating],
    outcome: Outcome,
    own: Mapping[str, CriterionRating] | None = None,
) -> dict[str, Any]:
    """What one side's ratings come to, as plain JSON for tables and drawings.

    Args:
        review: whose.
        ratings: the side's newest ratings.
        outcome: what they come to.
        own: the provider's own ratings, where the others are held against them.
    """
    framework = queries.framework_of(review)
    sections = [asdict(row) for row in section_rows(review, ratings, outcome)]
    if own is not None:
        reached = {one.code: one for one in section_rows(review, own, outcome_of(review, own))}
        for one in sections:
            there = reached[one["code"]]
            one |= {"own_reach": there.reach, "own_reached": there.reached}
    return {
        "sections": sections,
        "places": _places(framework, ratings),
        "scales": _scales(framework, outcome),
    }


def _places(framework: QualityFramework, ratings: Mapping[str, CriterionRating]) -> dict[str, int]:
    """The level's place on the scale, from 0, by criterion."""
    order = {level.code: place for place, level in enumerate(framework.scale)}
    return {code: order[row.level] for code, row in ratings.items() if row.level is not None}


def _scales(framework: QualityFramework, outcome: Outcome) -> list[dict[str, Any]]:
    """Where the score falls among the bands, and each gate's sum among what they ask for."""
    if not isinstance(framework, WeightedFidelity) or outcome.score is None:
        return []
    sums = {one.gate: one.value for one in outcome.gates}
    score = {
        "title": "Weighted score",
        "bands": [[one.title, float(one.from_percent)] for one in framework.bands],
        "value": float(outcome.score),
        "words": f"{cut(outcome.score)}%",
        "ends": [0, 100],
    }
    gates = [
        {
            "title": gate.title,
            "bands": [[one.title, float(one.gates.get(gate.code, 0))] for one in framework.bands],
            "value": float(sums[gate.code]),
            "words": figure(sums[gate.code]),
            "ends": [0, float(sum(framework.full[code] for code in gate.sums))],
        }
        for gate in framework.gates
        if gate.code in sums
    ]
    return [score, *gates]


@dataclass(frozen=True)
class Moved:
    """A criterion whose level is another one than in the last review."""

    code: str
    title: str
    before: str
    now: str


@dataclass(frozen=True)
class Drawn:
    """What is drawn of a result; a part that a framework or a review does not have is empty.

    ``bands`` are pairs of title and where it begins; ``scales`` are as `result_of` gives them.
    """

    scales: Sequence[Mapping[str, Any]]
    bars: Sequence[Section]
    bands: Sequence[tuple[str, float]]
    pairs: Sequence[Pair]
    radar: rules.Radar | None
    levels: rules.LevelMap
    changes: Sequence[Change]
    moved: Sequence[Moved]


def drawn(
    framework: QualityFramework,
    result: Mapping[str, Any],
    earlier: Mapping[str, Any] | None = None,
) -> Drawn:
    """Everything that is drawn of a result, and of what changed since an earlier one.

    Args:
        framework: whose sections and scale it has.
        result: as `result_of` gives it; a report that was sent before there was more holds less.
        earlier: the same of the review before.
    """
    reached = [one for one in result["sections"] if reach_of(one) is not None]
    held = [one for one in reached if one.get("own_reach") is not None]
    sides = {"Self-assessment": {one["code"]: one["own_reach"] for one in held}} if held else {}
    sides["Assessed"] = {one["code"]: reach_of(one) for one in reached}
    bands = framework.bands if isinstance(framework, WeightedFidelity) else ()
    return Drawn(
        scales=result.get("scales", ()),
        bars=[_section_bar(one) for one in reached],
        bands=[(one.title, float(one.from_percent)) for one in bands],
        pairs=[_pair(one) for one in held],
        radar=rules.radar_of(framework, sides) if reached else None,
        levels=rules.level_map(framework, result.get("places", {})),
        changes=changes(earlier, result) if earlier else [],
        moved=_moved_levels(framework, earlier, result) if earlier else [],
    )


def reach_of(section: Mapping[str, Any]) -> float | None:
    """What a section came to in percent of the most; a report sent earlier has it as its share."""
    share = section["share"] if section["percent"] else None
    reach: float | None = section.get("reach", share)
    return reach


def _section_bar(one: Mapping[str, Any]) -> Section:
    words = one.get("reached") or one["percent"]
    return Section(f"{one['code']} {one['title']}", words, reach_of(one) or 0.0, one["weight"])


def _pair(one: Mapping[str, Any]) -> Pair:
    bars = [
        Bar("self", one["own_reached"], one["own_reach"]),
        Bar("assessed", one["reached"], one["reach"]),
    ]
    return Pair(f"{one['code']} {one['title']}", bars)


def changes(earlier: Mapping[str, Any], now: Mapping[str, Any]) -> list[Change]:
    """What each section that has a figure in both results came to, and comes to now, in percent."""
    known = {one["code"]: reach_of(one) for one in earlier["sections"]}
    found = []
    for one in now["sections"]:
        before, reach = known.get(one["code"]), reach_of(one)
        if before is not None and reach is not None:
            title = f"{one['code']} {one['title']}"
            found.append(Change(title, _by(reach - before), before, reach))
    return found


def _by(points: float) -> str:
    """Percentage points up or down, with the sign that is as wide as a plus."""
    return f"{points:+.1f}".replace("-", "\N{MINUS SIGN}") if points else "the same"


def _moved_levels(
    framework: QualityFramework, earlier: Mapping[str, Any], now: Mapping[str, Any]
) -> list[Moved]:
    before, places = earlier.get("places", {}), now.get("places", {})
    return [
        Moved(
            one.code,
            one.title,
            framework.scale[before[one.code]].title,
            framework.scale[places[one.code]].title,
        )
        for one in framework.rated
        if one.code in before and one.code in places and before[one.code] != places[one.code]
    ]
