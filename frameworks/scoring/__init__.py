"""One door to every scheme of scoring: ratings in, an outcome with its reasons out."""

from collections.abc import Callable, Mapping

from frameworks.outcome import Outcome
from frameworks.schema import Framework
from frameworks.scoring import criteria_met, fidelity, grading, maturity, progress

# Adding a scheme adds a line here, in `loading.MODELS` and in `checking.SCHEME_CHECKS`.
SCHEMES: Mapping[str, Callable[[Framework, object], Outcome]] = {
    "grading": grading.score,
    "weighted_fidelity": fidelity.score,
    "maturity": maturity.score,
    "criteria_met": criteria_met.score,
    "narrative_progress": progress.score,
}


def score(framework: Framework, ratings: object) -> Outcome:
    """Score ratings by the scheme the framework names.

    It is total: an outcome with reasons, or what is missing; it never guesses or rounds.

    Raises:
        RatingFaults: the ratings do not fit the definition; every fault is listed.
    """
    return SCHEMES[framework.scheme](framework, ratings)
