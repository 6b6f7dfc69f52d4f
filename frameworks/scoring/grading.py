"""Fail, Pass or Distinction: from judgements and marks to each method, and to the whole."""

from collections.abc import Iterator, Mapping
from typing import Any

from frameworks.assessment_plan import AssessmentPlan, JudgedMethod, MarkedMethod
from frameworks.faults import Fault, RatingFaults
from frameworks.outcome import PENDING, Grade, MethodOutcome, Outcome, OverallOutcome
from frameworks.schema import Framework
from frameworks.scoring import grading_words as words
from frameworks.scoring.refusing import name, quoted, shape, unknown_keys


def grade_method(plan: AssessmentPlan, method_code: str, given: object) -> MethodOutcome:
    """Grade one method alone.

    Args:
        plan: the version the apprentice is pinned to.
        method_code: a key of `plan.methods`.
        given: for a judged method, ratings by KSB code (`{"K6": "pass"}`; leave out what is
            not judged yet); for a marked method, the total marks; None for nothing yet.

    Returns:
        The grade, or None with what is missing. A method with an unjudged KSB has no grade,
        even when another KSB failed.

    Raises:
        RatingFaults: an unknown method or KSB, a rating off the scale, marks out of range.
    """
    method = plan.methods.get(method_code)
    if method is None:
        raise RatingFaults([_unknown_method(plan, method_code)])
    faults = tuple(_faults_in(plan, method, given, method_code))
    if faults:
        raise RatingFaults(faults)
    return _outcome_of(plan, method, given)


def overall_grade(
    plan: AssessmentPlan,
    grades: Mapping[str, str | None],
    *,
    resit_possible: bool = True,
) -> OverallOutcome:
    """Combine method grades into the overall grade.

    Args:
        plan: the version the apprentice is pinned to.
        grades: a grade, or None while ungraded, by method code; one left out is ungraded.
        resit_possible: whether a failed method may still be taken again. It matters only
            while another method is ungraded: then a fail is final without it.

    Raises:
        RatingFaults: an unknown method, or a grade off the scale.
    """
    faults = [_unknown_method(plan, code) for code in grades if code not in plan.methods]
    known = tuple(Grade)
    faults += [
        Fault("", code, f"one of {', '.join(known)} was expected, not {quoted(grade)}")
        for code, grade in grades.items()
        if grade is not None and grade not in known
    ]
    if faults:
        raise RatingFaults(faults)
    by_method = {code: grades.get(code) for code in plan.methods}
    earned = [Grade(grade) for grade in by_method.values() if grade is not None]
    ungraded = len(by_method) - len(earned)
    final = not ungraded or (Grade.FAIL in earned and not resit_possible)
    overall = _combined(plan, earned) if final else None
    return OverallOutcome(overall, words.overall(plan, by_method, overall))


def score(framework: Framework, ratings: object) -> Outcome:
    """Score a whole end-point assessment.

    Args:
        framework: an `AssessmentPlan`.
        ratings: `{"methods": {CODE: {"ratings": {KSB: rating}} or {"marks": whole number}},
            "resit_possible": bool}`. What is not judged yet is left out; `resit_possible`
            is true when left out.

    Raises:
        RatingFaults: every place where the ratings do not fit the definition.
    """
    if not isinstance(framework, AssessmentPlan):
        raise TypeError(f"{framework.code} is no end-point assessment plan")
    faults = tuple(_document_faults(framework, ratings))
    if faults or not isinstance(ratings, Mapping):
        raise RatingFaults(faults)
    given = {
        code: ratings["methods"].get(code, {}).get(_input_key(method))
        for code, method in framework.methods.items()
    }
    methods = {
        code: _outcome_of(framework, method, given[code])
        for code, method in framework.methods.items()
    }
    overall = overall_grade(
        framework,
        {code: one.grade for code, one in methods.items()},
        resit_possible=ratings.get("resit_possible", True),
    )
    explained = [
        f"{framework.methods[code].short_title}: {reason}"
        for code, one in methods.items()
        for reason in one.reasons
    ]
    return Outcome(
        framework=framework.code,
        version=framework.version,
        missing=tuple(_missing(methods, given)),
        outcome=PENDING if overall.grade is None else overall.grade,
        reasons=(*explained, *overall.reasons),
        methods=methods,
    )


def _missing(methods: Mapping[str, MethodOutcome], given: Mapping[str, Any]) -> Iterator[str]:
    """Name a method nobody has begun, and otherwise each KSB that is not judged yet."""
    for code, one in methods.items():
        if given[code] is None:
            yield code
        else:
            yield from (f"{code}.{ksb}" for ksb in one.missing)


def _combined(plan: AssessmentPlan, grades: list[Grade]) -> Grade:
    if Grade.FAIL in grades:
        return Grade.FAIL
    if grades.count(Grade.DISTINCTION) >= plan.grading.overall_distinctions:
        return Grade.DISTINCTION
    return Grade.PASS


def _outcome_of(
    plan: AssessmentPlan, method: JudgedMethod | MarkedMethod, given: Any
) -> MethodOutcome:
    if isinstance(method, JudgedMethod):
        return _judged_outcome(plan, method, given or {})
    return _marked_outcome(method, given)


def _judged_outcome(
    plan: AssessmentPlan, method: JudgedMethod, ratings: Mapping[str, str]
) -> MethodOutcome:
    ksbs = plan.ksbs_of(method.code)
    missing = tuple(ksb for ksb in ksbs if ksb not in ratings)
    not_passed = tuple(ksb for ksb in ksbs if ratings.get(ksb) == Grade.FAIL)
    distinctions = sum(ratings.get(ksb) == Grade.DISTINCTION for ksb in ksbs)
    needed = plan.distinctions_needed(method.code)
    grade = None
    if not missing:
        grade = Grade.DISTINCTION if distinctions >= needed else Grade.PASS
        if not_passed:
            grade = Grade.FAIL
    return MethodOutcome(
        method=method.code,
        kind="judged",
        grade=grade,
        missing=missing,
        reasons=words.judged(ksbs, missing, not_passed, distinctions, needed),
        distinctions=distinctions,
        needed=needed,
        not_passed=not_passed,
    )


def _marked_outcome(method: MarkedMethod, marks: int | None) -> MethodOutcome:
    boundary = None
    if marks is not None:
        boundary = next(one for one in method.boundaries if one.lowest <= marks <= one.highest)
    return MethodOutcome(
        method=method.code,
        kind="marked",
        grade=None if boundary is None else Grade(boundary.grade),
        missing=("marks",) if marks is None else (),
        reasons=words.marked(marks, method.marks_max, boundary),
        marks=marks,
        max=method.marks_max,
    )


def _input_key(method: JudgedMethod | MarkedMethod) -> str:
    return "ratings" if isinstance(method, JudgedMethod) else "marks"


def _document_faults(plan: AssessmentPlan, ratings: object) -> Iterator[Fault]:
    """Find every place where a whole scoring document does not fit the plan."""
    if not isinstance(ratings, Mapping):
        yield shape("", "an object with 'methods'", ratings)
        return
    yield from unknown_keys("", ratings, ("methods", "resit_possible"))
    if not isinstance(ratings.get("resit_possible", True), bool):
        yield shape("resit_possible", "true or false", ratings["resit_possible"])
    methods = ratings.get("methods")
    if not isinstance(methods, Mapping):
        yield shape("methods", f"an object with {', '.join(plan.methods)}", methods)
        return
    for code, entry in methods.items():
        method = plan.methods.get(code)
        if method is None:
            yield _unknown_method(plan, code, f"methods.{name(code)}")
            continue
        key = _input_key(method)
        if not isinstance(entry, Mapping):
            yield shape(f"methods.{code}", f"an object with '{key}'", entry)
            continue
        yield from unknown_keys(f"methods.{code}.", entry, (key,))
        if key in entry:
            yield from _present_faults(plan, method, entry[key], f"methods.{code}.{key}")


def _faults_in(
    plan: AssessmentPlan, method: JudgedMethod | MarkedMethod, given: object, where: str
) -> Iterator[Fault]:
    if given is not None:
        yield from _present_faults(plan, method, given, where)


def _present_faults(
    plan: AssessmentPlan, method: JudgedMethod | MarkedMethod, given: object, where: str
) -> Iterator[Fault]:
    if isinstance(method, JudgedMethod):
        yield from _rating_faults(plan, method, given, where)
    else:
        yield from _mark_faults(method, given, where)


def _rating_faults(
    plan: AssessmentPlan, method: JudgedMethod, ratings: object, where: str
) -> Iterator[Fault]:
    if not isinstance(ratings, Mapping):
        yield shape(where, "an object of KSB codes and ratings", ratings)
        return
    ksbs = plan.ksbs_of(method.code)
    known = {criterion.code for criterion in plan.criteria}
    for ksb, rating in ratings.items():
        place = f"{where}.{name(ksb)}"
        if ksb not in known:
            yield Fault("", place, f"{plan.code} {plan.version} has no such KSB")
        elif ksb not in ksbs:
            yield Fault("", place, f"this KSB is not graded in the {method.short_title.lower()}")
        elif rating not in plan.ratings_for(method.code, ksb):
            allowed = ", ".join(plan.ratings_for(method.code, ksb))
            yield shape(place, f"one of {allowed}", rating)


def _mark_faults(method: MarkedMethod, marks: object, where: str) -> Iterator[Fault]:
    whole = isinstance(marks, int) and not isinstance(marks, bool)
    if not whole or not 0 <= marks <= method.marks_max:  # type: ignore[operator]  # whole comes first
        yield shape(where, f"a whole number from 0 to {method.marks_max}", marks)


def _unknown_method(plan: AssessmentPlan, code: object, where: str = "") -> Fault:
    problem = f"there is no method {quoted(code)}; there is: {', '.join(plan.methods)}"
    return Fault("", where or name(code), problem)
