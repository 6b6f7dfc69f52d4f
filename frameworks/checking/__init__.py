"""Cross-checks of one definition: what does not add up, and where its source contradicts itself."""

from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from typing import Any

from frameworks.checking import fidelity, plans, quality
from frameworks.checking.problems import Finding, Problem, repeated
from frameworks.schema import Framework

__all__ = ["SCHEME_CHECKS", "Finding", "check"]


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
    return (*errors, *plans.contradictions_in(framework))


def _shared_problems(framework: Framework) -> Iterator[Problem]:
    sections = [section.code for section in framework.sections]
    yield from repeated("sections", sections)
    yield from repeated("scale", [level.code for level in framework.scale])
    yield from repeated("criteria", [criterion.code for criterion in framework.criteria])
    yield from repeated("interpretations", [reading.code for reading in framework.interpretations])
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


# Adding a scheme adds a line here, in `loading.MODELS` and in `scoring.SCHEMES`.
SCHEME_CHECKS: Mapping[str, Callable[[Framework], Iterator[Problem]]] = {
    "grading": plans.problems_in,
    "weighted_fidelity": fidelity.problems_in,
    "maturity": quality.maturity_problems,
    "criteria_met": quality.met_problems,
    "narrative_progress": quality.progress_problems,
}
