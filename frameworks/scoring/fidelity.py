"""Weighted fidelity: points and marks by section, a weighted score, and bands with gates."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from frameworks.exact import exact, shown
from frameworks.faults import Fault, RatingFaults
from frameworks.outcome import Outcome
from frameworks.quality_framework import Band, WeightedFidelity, WeightedSection
from frameworks.quality_outcome import GateOutcome, MeasureOutcome, SectionOutcome
from frameworks.schema import Framework, as_kind
from frameworks.scoring import quality_words as words
from frameworks.scoring import rated
from frameworks.scoring.refusing import name, shape, unknown_keys
from frameworks.step_table import Measure

WHOLE = 100  # per cent
# What a criterion has earned, in points or marks, by its code.
Earned = Mapping[str, Fraction | int]


def score(framework: Framework, document: object) -> Outcome:
    """Score points and marks to a weighted per cent, and find its band.

    Args:
        framework: a `WeightedFidelity`.
        document: `{"ratings": {CODE: points}, "measures": {CODE: figure}}`. What is not rated or
            measured yet is left out. A figure is a number; null where it was worked out and there
            was nothing to count; or `{"value", "counted", "of"}`, by which a minimum of answers
            is held.

    Raises:
        RatingFaults: every place where ratings or figures do not fit the definition.
    """
    fidelity = as_kind(framework, WeightedFidelity)
    faults = (
        *rated.rating_faults(fidelity, document, ("ratings", "measures")),
        *_measure_faults(fidelity, document),
    )
    if faults or not isinstance(document, Mapping):
        raise RatingFaults(faults)
    places = rated.known_places(fidelity, document["ratings"])
    measures = tuple(_measured(fidelity, document.get("measures", {})))
    earned: Earned = {
        **{code: fidelity.scale[place].points or 0 for code, place in places.items()},
        **{one.code: one.marks for one in measures},
    }
    missing = tuple(one.code for one in fidelity.criteria if one.code not in earned)
    sections = tuple(_section(fidelity, section, earned) for section in fidelity.sections)
    gates = tuple(_gates(fidelity, earned))
    outcome = rated.outcome_of(
        fidelity, places, missing=missing, sections=sections, reasons=words.measured(measures)
    )
    outcome = replace(outcome, measures=measures, gates=gates)
    if missing:
        return outcome
    total = weighted(sections)
    band = band_of(fidelity, total, gates)
    explained = words.banded(fidelity, total, band, gates)
    for following in fidelity.bands[fidelity.bands.index(band) + 1 :][:1]:
        if exact(following.from_percent) <= total:
            explained += words.within_a_step(fidelity, following, gates, measures)
    return replace(outcome, outcome=band.code, score=total, reasons=(*explained, *outcome.reasons))


def weighted(sections: tuple[SectionOutcome, ...]) -> Fraction:
    """Return the weighted score in per cent: the sum of each section's per cent times its weight.

    A section without a score adds nothing.
    """
    return sum(
        (one.percent * one.weight / WHOLE for one in sections if one.percent and one.weight),
        Fraction(0),
    )


def band_of(fidelity: WeightedFidelity, total: Fraction, gates: tuple[GateOutcome, ...]) -> Band:
    """Return the highest band whose conditions all hold; the first one asks for nothing."""
    missed = {gate.band for gate in gates if not gate.met}
    return [
        band
        for band in fidelity.bands
        if exact(band.from_percent) <= total and band.code not in missed
    ][-1]


def measure_outcome(
    code: str,
    measure: Measure,
    value: Fraction | None,
    counted: int | None = None,
    listed: int | None = None,
) -> MeasureOutcome:
    """Return what a figure earns.

    Args:
        code: the criterion's code.
        measure: its steps and range.
        value: the figure, None where there was nothing to count.
        counted: how many answers it rests on, where that is known.
        listed: of how many clients, where that is known.
    """
    full = exact(measure.marks_max)
    if value is None:
        reason = "there was nothing to count, so there is no value and it earns 0."
        return MeasureOutcome(code, None, Fraction(0), full, reason)
    least = measure.minimum
    if least and counted is not None and listed is not None and not least.is_met(counted, listed):
        reason = (
            f"{counted} answers are fewer than {least.responses} and fewer than"
            f" {least.percent_of_listed}% of {listed}, so {shown(value)} earns 0."
        )
        return MeasureOutcome(code, value, Fraction(0), full, reason)
    return MeasureOutcome(code, value, measure.marks(value), full)


def _measured(fidelity: WeightedFidelity, given: Mapping[str, Any]) -> Iterator[MeasureOutcome]:
    for code, measure in fidelity.measures.items():
        if code not in given:
            continue
        figure = given[code] if isinstance(given[code], Mapping) else {"value": given[code]}
        value = figure["value"]
        yield measure_outcome(
            code,
            measure,
            None if value is None else exact(value),
            figure.get("counted"),
            figure.get("of"),
        )


def _section(
    fidelity: WeightedFidelity, section: WeightedSection, earned: Earned
) -> SectionOutcome:
    codes = fidelity.codes_by_section[section.code]
    full = fidelity.full_by_section[section.code]
    found = [earned[code] for code in codes if code in earned]
    total = Fraction(sum(found)) if len(found) == len(codes) else None
    return SectionOutcome(
        code=section.code,
        rated=len(found),
        of=len(codes),
        score=total,
        max=full,
        percent=None if total is None else total * WHOLE / full,
        weight=exact(section.weight),
    )


def _gates(fidelity: WeightedFidelity, earned: Earned) -> Iterator[GateOutcome]:
    """Compare each band's gates, lowest band first, once all that a gate sums is there."""
    gates = {gate.code: gate for gate in fidelity.gates}
    for band in fidelity.bands:
        for code, needed in band.gates.items():
            gate = gates[code]
            if all(one in earned for one in gate.sums):
                value = Fraction(sum(earned[one] for one in gate.sums))
                yield GateOutcome(code, gate.title, band.code, value, exact(needed))


def _measure_faults(fidelity: WeightedFidelity, document: object) -> Iterator[Fault]:
    given = document.get("measures", {}) if isinstance(document, Mapping) else {}
    if not isinstance(given, Mapping):
        yield shape("measures", "an object of criterion codes and figures", given)
        return
    measures = fidelity.measures
    for code, figure in given.items():
        where = f"measures.{name(code)}"
        if code not in measures:
            yield Fault("", where, f"{fidelity.code} {fidelity.version} has no such measure")
        elif isinstance(figure, Mapping):
            yield from _figure_faults(measures[code], figure, where)
        else:
            yield from _value_faults(measures[code], figure, where)


def _figure_faults(measure: Measure, figure: Mapping[Any, Any], where: str) -> Iterator[Fault]:
    yield from unknown_keys(f"{where}.", figure, ("value", "counted", "of"))
    if "value" in figure:
        yield from _value_faults(measure, figure["value"], f"{where}.value")
    else:
        yield shape(f"{where}.value", "a number or null", None)
    for key in ("counted", "of"):
        number = figure.get(key, 0)
        if type(number) is not int or number < 0:
            yield shape(f"{where}.{key}", "a whole number from 0", number)


def _value_faults(measure: Measure, value: object, where: str) -> Iterator[Fault]:
    if value is None:
        return
    # A comparison with NaN is false, so that it is refused too.
    if type(value) in {int, float} and measure.lowest <= value <= measure.highest:  # type: ignore[operator]  # a number comes first
        return
    span = f"a number from {shown(exact(measure.lowest))} to {shown(exact(measure.highest))}"
    yield shape(where, f"{span} ({measure.unit})", value)
