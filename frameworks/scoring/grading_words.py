"""The sentences that explain a grade to the people it concerns."""

from collections.abc import Mapping, Sequence

from frameworks.assessment_plan import AssessmentPlan, Boundary
from frameworks.outcome import Grade
from frameworks.scoring.wording import LONGEST_LIST, are, listed


def judged(
    ksbs: Sequence[str],
    missing: Sequence[str],
    not_passed: Sequence[str],
    distinctions: int,
    needed: int,
) -> tuple[str, ...]:
    """Explain the grade of a method that is judged KSB by KSB."""
    total = len(ksbs)
    if missing:
        return _unfinished(total, missing, not_passed)
    if not_passed:
        below = f"{listed(not_passed)} {are(len(not_passed))} below Pass"
        return (f"{below} and all {total} KSBs must be at least Pass, so the method is Fail.",)
    reached = (
        f"All {total} KSBs are at least Pass; {distinctions} {are(distinctions)} at Distinction"
        f" and {needed} {are(needed)} needed"
    )
    if distinctions >= needed:
        return (f"{reached}, so the method is Distinction.",)
    return (f"{reached} for Distinction, so the method is Pass.",)


def _unfinished(total: int, missing: Sequence[str], not_passed: Sequence[str]) -> tuple[str, ...]:
    if len(missing) == total:
        return (f"None of the {total} KSBs is judged yet, so the method has no grade.",)
    done = total - len(missing)
    left = listed(missing) if len(missing) <= LONGEST_LIST else str(len(missing))
    still = (
        f"{done} of {total} KSBs {are(done)} judged; {left} {are(len(missing))} not,"
        " so the method has no grade yet."
    )
    if not_passed:
        return (still, f"{listed(not_passed)} {are(len(not_passed))} below Pass.")
    return (still,)


def marked(marks: int | None, marks_max: int, boundary: Boundary | None) -> tuple[str, ...]:
    """Explain the grade of a method that is graded by its marks."""
    if boundary is None:
        return ("No marks are entered yet, so the method has no grade.",)
    span = f"{boundary.grade.capitalize()} runs from {boundary.lowest} to {boundary.highest}"
    return (
        f"{marks} of {marks_max} marks; {span}, so the method is {boundary.grade.capitalize()}.",
    )


def overall(
    plan: AssessmentPlan, grades: Mapping[str, str | None], grade: Grade | None
) -> tuple[str, ...]:
    """Explain the overall grade, or why there is none yet."""
    ungraded = _methods(plan, [code for code, one in grades.items() if one is None])
    failed = _methods(plan, [code for code, one in grades.items() if one == Grade.FAIL])
    if grade is None:
        sentence = f"{ungraded} {_has(grades, None)} no grade yet, so the overall grade is pending."
        if failed:
            return (sentence, f"{failed} {_is_failed(grades)} and may still be taken again.")
        return (sentence,)
    if grade is Grade.FAIL:
        sentence = f"{failed} {_is_failed(grades)} and every method must be passed"
        if ungraded:
            sentence += ", and no re-sit or re-take is possible"
        return (f"{sentence}, so the overall grade is Fail.",)
    return (_passed(plan, grades, grade),)


def _passed(plan: AssessmentPlan, grades: Mapping[str, str | None], grade: Grade) -> str:
    distinctions = sum(one == Grade.DISTINCTION for one in grades.values())
    needed = plan.grading.overall_distinctions
    reached = (
        f"All {len(grades)} methods are passed; {distinctions} {are(distinctions)} at Distinction"
        f" and {needed} {are(needed)} needed"
    )
    if grade is Grade.DISTINCTION:
        return f"{reached}, so the overall grade is Distinction."
    return f"{reached} for Distinction, so the overall grade is Pass."


def _methods(plan: AssessmentPlan, codes: Sequence[str]) -> str:
    if not codes:
        return ""
    titles = [plan.methods[code].short_title for code in codes]
    lowered = [titles[0], *(f"the {title.lower()}" for title in titles[1:])]
    return f"The {listed([lowered[0].lower(), *lowered[1:]])}"


def _has(grades: Mapping[str, str | None], wanted: str | None) -> str:
    return "has" if list(grades.values()).count(wanted) == 1 else "have"


def _is_failed(grades: Mapping[str, str | None]) -> str:
    return "is Fail" if list(grades.values()).count(Grade.FAIL) == 1 else "are Fail"
