"""Cross-checks of one definition: what does not add up, and where its source contradicts itself."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Any, Literal

from frameworks.assessment_plan import AssessmentPlan, JudgedMethod, MarkedMethod
from frameworks.schema import Framework

GRADES = ("fail", "pass", "distinction")


@dataclass(frozen=True)
class Finding:
    """One thing a check found: an error, or a contradiction with our reading of it."""

    framework: str
    where: str
    problem: str
    kind: Literal["error", "contradiction"]
    interpretation: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the finding under the keys of `frameworks check --json`."""
        return {
            "framework": self.framework,
            "where": self.where,
            "problem": self.problem,
            "kind": self.kind,
            "interpretation": self.interpretation,
        }


# Where it is, and what is wrong there.
Problem = tuple[str, str]


def check(framework: Framework) -> tuple[Finding, ...]:
    """Return everything found in one definition, errors first.

    A contradiction in the source is no error as long as the definition says how it is read.
    """
    problems = chain(
        _shared_problems(framework),
        _lost_references(framework),
        SCHEME_CHECKS[framework.scheme](framework),
    )
    errors = [Finding(framework.code, where, problem, kind="error") for where, problem in problems]
    return (*errors, *_contradictions(framework))


def _shared_problems(framework: Framework) -> Iterator[Problem]:
    sections = [section.code for section in framework.sections]
    yield from _repeated("sections", sections)
    yield from _repeated("scale", [level.code for level in framework.scale])
    yield from _repeated("criteria", [criterion.code for criterion in framework.criteria])
    yield from _repeated("interpretations", [reading.code for reading in framework.interpretations])
    for criterion in framework.criteria:
        if criterion.section not in sections:
            yield (
                f"criteria.{criterion.code}.section",
                f"there is no section '{criterion.section}'",
            )


def _lost_references(framework: Framework) -> Iterator[Problem]:
    """Every interpretation is about a criterion or a field that is there."""
    written = framework.as_json()
    criteria = {criterion.code for criterion in framework.criteria}
    for reading in framework.interpretations:
        for about in reading.about:
            if about not in criteria and not _holds(written, about.split(".")):
                yield (
                    f"interpretations.{reading.code}.about",
                    f"there is neither a criterion nor a field '{about}'",
                )


def _holds(written: Any, path: list[str]) -> bool:
    for step in path:
        if not isinstance(written, dict) or step not in written:
            return False
        written = written[step]
    return True


def _repeated(where: str, codes: Iterable[str]) -> Iterator[Problem]:
    for code, times in Counter(codes).items():
        if times > 1:
            yield where, f"the code '{code}' stands {times} times; each code may stand once"


def _plan_problems(framework: Framework) -> Iterator[Problem]:
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
    yield from _repeated("methods", [str(method.number) for method in plan.methods.values()])
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
    yield from _repeated(f"{where}.parts", [part.code for part in method.parts])
    yield from _repeated(f"{where}.sources", [source.code for source in method.sources])
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
    yield from _repeated(f"{where}.question_types", [one.code for one in types])
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
    yield from _repeated("gateway.requirements", codes)
    portfolio = plan.portfolio
    if portfolio.pieces_min > portfolio.pieces_max:
        yield "portfolio.pieces_min", "it is above pieces_max"
    if portfolio.service_users_min > portfolio.service_users_max:
        yield "portfolio.service_users_min", "it is above service_users_max"
    yield from _repeated("portfolio.activities", [one.code for one in portfolio.activities])


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


def _contradictions(framework: Framework) -> Iterator[Finding]:
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


# Adding a scheme adds a line here, in `loading.MODELS` and in `scoring.SCHEMES`.
SCHEME_CHECKS: Mapping[str, Callable[[Framework], Iterator[Problem]]] = {"grading": _plan_problems}
