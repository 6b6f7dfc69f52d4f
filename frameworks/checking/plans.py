"""Cross-checks of an assessment plan: its numbers, and its two listings of KSBs."""

from collections.abc import Iterator
from itertools import pairwise

from frameworks.assessment_plan import AssessmentPlan, JudgedMethod, MarkedMethod
from frameworks.checking.problems import Finding, Problem, repeated
from frameworks.schema import Framework

GRADES = ("fail", "pass", "distinction")


def problems_in(framework: Framework) -> Iterator[Problem]:
    """Find what does not add up in an end-point assessment plan."""
    if not isinstance(framework, AssessmentPlan):
        raise TypeError(f"{framework.code} is no end-point assessment plan")
    for checked in (
        _scale_problems,
        _listing_problems,
        _mapping_problems,
        _method_problems,
        _gateway_problems,
        _reference_problems,
        _grading_problems,
    ):
        yield from checked(framework)


def _scale_problems(plan: AssessmentPlan) -> Iterator[Problem]:
    codes = tuple(level.code for level in plan.scale)
    if codes != GRADES:
        yield "scale", f"grading needs the levels {', '.join(GRADES)} in this order"


def _listing_problems(plan: AssessmentPlan) -> Iterator[Problem]:
    """Every KSB is graded somewhere and mapped somewhere, and only KSBs are graded."""
    known = [criterion.code for criterion in plan.criteria]
    graded = {ksb for described in plan.descriptors.values() for ksb in described}
    for code in known:
        if code not in graded:
            yield f"criteria.{code}", "no method has descriptors for this KSB, so nothing grades it"
        if code not in plan.mapping:
            yield f"mapping.{code}", "this KSB is missing from the mapping"
    for method, described in plan.descriptors.items():
        if method not in plan.methods:
            yield f"descriptors.{method}", "there is no such method"
        for code in described:
            if code not in known:
                yield f"descriptors.{method}.{code}", "there is no such KSB"


def _mapping_problems(plan: AssessmentPlan) -> Iterator[Problem]:
    known = {criterion.code for criterion in plan.criteria}
    for code, methods in plan.mapping.items():
        if code not in known:
            yield f"mapping.{code}", "there is no such KSB"
        for method in methods:
            if method not in plan.methods:
                yield f"mapping.{code}", f"there is no method '{method}'"


def _method_problems(plan: AssessmentPlan) -> Iterator[Problem]:
    yield from repeated("methods", [str(method.number) for method in plan.methods.values()])
    for key, method in plan.methods.items():
        where = f"methods.{key}"
        if method.code != key:
            yield f"{where}.code", f"'{method.code}' must be '{key}', as in the heading"
        if not plan.ksbs_of(key):
            yield f"descriptors.{key}", "the method has no KSB with descriptors"
        if isinstance(method, JudgedMethod):
            yield from _judged_problems(plan, method, where)
        else:
            yield from _marked_problems(method, where)


def _judged_problems(plan: AssessmentPlan, method: JudgedMethod, where: str) -> Iterator[Problem]:
    yield from repeated(f"{where}.parts", [part.code for part in method.parts])
    yield from repeated(f"{where}.sources", [source.code for source in method.sources])
    if method.questions.part not in {part.code for part in method.parts}:
        yield f"{where}.questions.part", f"there is no part '{method.questions.part}'"
    reachable = [
        ksb
        for ksb in plan.ksbs_of(method.code)
        if "distinction" in plan.ratings_for(method.code, ksb)
    ]
    needed = plan.distinctions_needed(method.code)
    if len(reachable) < needed:
        yield (
            f"descriptors.{method.code}",
            f"{needed} KSBs at Distinction are needed and only {len(reachable)} describe one",
        )


def _marked_problems(method: MarkedMethod, where: str) -> Iterator[Problem]:
    types = method.question_types
    yield from repeated(f"{where}.question_types", [one.code for one in types])
    for one in types:
        if one.marks != tuple(range(max(one.marks) + 1)):
            yield (
                f"{where}.question_types.{one.code}.marks",
                "whole marks from 0 upwards, each once, were expected",
            )
    questions = sum(one.count for one in types)
    if questions != method.question_count:
        yield (
            f"{where}.question_types",
            f"the counts add up to {questions} questions, not {method.question_count}",
        )
    marks = sum(one.count * max(one.marks) for one in types)
    if marks != method.marks_max:
        yield (
            f"{where}.question_types",
            f"the full marks add up to {marks}, not {method.marks_max}",
        )
    yield from _boundary_problems(method, f"{where}.boundaries")


def _boundary_problems(method: MarkedMethod, where: str) -> Iterator[Problem]:
    boundaries = method.boundaries
    if tuple(boundary.grade for boundary in boundaries) != GRADES:
        yield where, f"one boundary each for {', '.join(GRADES)}, in this order, was expected"
    for boundary in boundaries:
        if boundary.lowest > boundary.highest:
            yield where, f"{boundary.grade} runs from {boundary.lowest} to {boundary.highest}"
    if boundaries[0].lowest != 0:
        yield where, f"they begin at {boundaries[0].lowest}, not at 0"
    if boundaries[-1].highest != method.marks_max:
        yield where, f"they end at {boundaries[-1].highest}, not at {method.marks_max}"
    for lower, upper in pairwise(boundaries):
        if upper.lowest != lower.highest + 1:
            yield (
                where,
                f"{upper.grade} begins at {upper.lowest}; {lower.grade} ends at {lower.highest}",
            )


def _gateway_problems(plan: AssessmentPlan) -> Iterator[Problem]:
    codes = [requirement.code for requirement in plan.gateway.requirements]
    yield from repeated("gateway.requirements", codes)
    portfolio = plan.portfolio
    if portfolio.pieces_min > portfolio.pieces_max:
        yield "portfolio.pieces_min", "it is above pieces_max"
    if portfolio.service_users_min > portfolio.service_users_max:
        yield "portfolio.service_users_min", "it is above service_users_max"
    yield from repeated("portfolio.activities", [one.code for one in portfolio.activities])


def _reference_problems(plan: AssessmentPlan) -> Iterator[Problem]:
    for where, code in (
        ("portfolio.underpins", plan.portfolio.underpins),
        ("clock.presentation_method", plan.clock.presentation_method),
    ):
        if code not in plan.methods:
            yield where, f"there is no method '{code}'"


def _grading_problems(plan: AssessmentPlan) -> Iterator[Problem]:
    if plan.grading.overall_distinctions > len(plan.methods):
        yield "grading.overall_distinctions", f"there are only {len(plan.methods)} methods"


def contradictions_in(framework: Framework) -> Iterator[Finding]:
    """Compare the plan's two KSB listings; a difference without a reading is an error."""
    if not isinstance(framework, AssessmentPlan):
        return
    for code in (criterion.code for criterion in framework.criteria):
        graded = [method for method in framework.methods if code in framework.ksbs_of(method)]
        mapped = list(framework.mapping.get(code, ()))
        if not graded or not mapped or set(graded) == set(mapped):
            continue
        problem = (
            f"{code} has descriptors under {_listed(graded)} and is mapped to {_listed(mapped)}"
        )
        readings = framework.interpretations_of(code)
        if readings:
            reading = f"{readings[0].reading} {readings[0].reason}"
            yield Finding(framework.code, code, problem, "contradiction", reading)
        else:
            yield Finding(
                framework.code,
                code,
                f"{problem}, and no interpretation says how to read it",
                "error",
            )


def _listed(codes: list[str]) -> str:
    return " and ".join(codes)
