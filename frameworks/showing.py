"""Frameworks, findings and outcomes as text for a terminal."""

from collections.abc import Iterator, Sequence

from frameworks.assessment_plan import AssessmentPlan, JudgedMethod
from frameworks.checking import Finding
from frameworks.exact import exact, shown
from frameworks.outcome import Outcome
from frameworks.quality_framework import WeightedFidelity
from frameworks.quality_outcome import SectionOutcome
from frameworks.schema import Framework


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Lay rows out under their heads, each column as wide as its widest entry."""
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    for row in (heads, *rows):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


def framework_list(frameworks: Sequence[Framework]) -> Iterator[str]:
    """Lay out which frameworks there are."""
    rows = [
        (one.code, one.version, one.scheme, str(len(one.criteria)), one.title) for one in frameworks
    ]
    yield from table(("code", "version", "scheme", "criteria", "title"), rows)


def whole_framework(framework: Framework) -> Iterator[str]:
    """Lay out one definition: source, criteria, what its scheme adds, and our readings."""
    yield f"{framework.title} ({framework.code} {framework.version})"
    yield f"Source: {framework.source.cited}"
    yield f"Publisher: {framework.source.publisher}; read on {framework.source.read_on}"
    yield f"Wording: {framework.source.wording}"
    yield ""
    if isinstance(framework, AssessmentPlan):
        yield from _methods(framework)
        yield ""
        yield from table(("KSB", "graded in", "mapped to", "title"), _ksb_rows(framework))
    else:
        rows = [(one.code, one.section, one.title) for one in framework.criteria]
        yield from table(("code", "section", "title"), rows)
    if isinstance(framework, WeightedFidelity):
        yield from _weights_and_bands(framework)
    if framework.interpretations:
        yield ""
        yield "How we read the source"
        for reading in framework.interpretations:
            yield f"  {', '.join(reading.about)}: {reading.source_says}"
            yield f"    {reading.reading} {reading.reason}"


def _weights_and_bands(fidelity: WeightedFidelity) -> Iterator[str]:
    """Say what each section weighs, what each figure earns, and what each outcome asks for."""
    yield ""
    rows = [
        (
            one.code,
            f"{_plainly(one.weight)} %",
            shown(fidelity.full_by_section[one.code]),
            one.title,
        )
        for one in fidelity.sections
    ]
    yield from table(("section", "weight", "full", "title"), rows)
    yield ""
    for code, measure in fidelity.measures.items():
        sign = ">=" if measure.better == "more" else "<="
        steps = [f"{sign} {_plainly(one.at)}: {_plainly(one.earns)}" for one in measure.steps]
        yield f"{code} in {measure.unit}: {', '.join(steps) or 'as it stands'}"
    gates = {gate.code: gate.title for gate in fidelity.gates}
    for band in fidelity.bands:
        asked = [f" and {gates[code]} from {_plainly(sum_)}" for code, sum_ in band.gates.items()]
        yield f"{band.title}: from {_plainly(band.from_percent)} %{''.join(asked)}"


def _plainly(number: float) -> str:
    return shown(exact(number))


def _methods(plan: AssessmentPlan) -> Iterator[str]:
    for code, method in plan.methods.items():
        yield f"Method {method.number}, {code}: {method.title}"
        if isinstance(method, JudgedMethod):
            total, needed = len(plan.ksbs_of(code)), plan.distinctions_needed(code)
            times = ", ".join(f"{part.title.lower()} {part.minutes} min" for part in method.parts)
            yield f"  {total} KSBs, {needed} at Distinction for a Distinction; {times}"
        else:
            spans = ", ".join(
                f"{one.grade} {one.lowest}-{one.highest}" for one in method.boundaries
            )
            yield (
                f"  {method.question_count} questions, {method.marks_max} marks,"
                f" {method.minutes} min; {spans}"
            )


def _ksb_rows(plan: AssessmentPlan) -> list[tuple[str, str, str, str]]:
    def numbers(codes: Sequence[str]) -> str:
        return ", ".join(str(plan.methods[code].number) for code in codes)

    graded = {code: plan.ksbs_of(code) for code in plan.methods}
    return [
        (
            one.code,
            numbers([code for code, ksbs in graded.items() if one.code in ksbs]),
            numbers(plan.mapping[one.code]),
            one.title,
        )
        for one in plan.criteria
    ]


def findings(found: Sequence[Finding]) -> Iterator[str]:
    """Say what a check found; a contradiction comes with our reading of it."""
    errors = sum(finding.kind == "error" for finding in found)
    for finding in found:
        yield f"{finding.framework}: {finding.kind}: {finding.where}: {finding.problem}"
        if finding.interpretation:
            yield f"    we read it so: {finding.interpretation}"
    yield f"Errors: {errors}. Contradictions in the source, each with its reading: {len(found) - errors}."


def outcome(scored: Outcome) -> Iterator[str]:
    """Say what ratings come to, what is missing, and why."""
    yield f"{scored.framework} {scored.version}"
    if scored.outcome is not None:
        yield f"Outcome: {scored.outcome}"
    if scored.score is not None:
        yield f"Score: {shown(scored.score)} %"
    for code, method in scored.methods.items():
        yield f"  {code}: {method.grade or 'no grade yet'}"
    for section in scored.sections:
        yield f"  {section.code}: {_came_to(section)}"
    if scored.missing:
        yield f"Missing: {', '.join(scored.missing)}"
    yield ""
    yield from scored.reasons


def _came_to(section: SectionOutcome) -> str:
    """Say a section's score, or how many of its criteria stand at which level."""
    if section.score is not None and section.max is not None:
        said = f"{shown(section.score)} of {shown(section.max)}"
        return said if section.percent is None else f"{said}, {shown(section.percent)} %"
    if section.rated < section.of:
        return f"{section.rated} of {section.of} criteria rated"
    return ", ".join(f"{count} {level}" for level, count in section.counts.items() if count)
