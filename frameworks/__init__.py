"""What good looks like: standards and quality frameworks as data, and their arithmetic.

Everything outside this package uses the names below. Standard library and pydantic only: no
Flask, no database, no clock. The names are fetched when first asked for, so that a command's
`--help` does not wait for pydantic.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from frameworks.assessment_plan import AssessmentPlan, JudgedMethod, MarkedMethod
    from frameworks.checking import Finding, check
    from frameworks.faults import DefinitionFaults, Fault, Faults, RatingFaults
    from frameworks.loading import (
        Available,
        available_frameworks,
        find_framework,
        load_file,
        load_framework,
        load_plan,
        load_quality_framework,
    )
    from frameworks.outcome import PENDING, Grade, MethodOutcome, Outcome, OverallOutcome
    from frameworks.quality_framework import (
        CriteriaMet,
        Maturity,
        NarrativeProgress,
        QualityFramework,
        WeightedFidelity,
    )
    from frameworks.quality_outcome import (
        Disagreement,
        GateOutcome,
        MeasureOutcome,
        SectionOutcome,
    )
    from frameworks.schema import Framework
    from frameworks.scoring import score
    from frameworks.scoring.grading import grade_method, overall_grade

__all__ = [
    "PENDING",
    "AssessmentPlan",
    "Available",
    "CriteriaMet",
    "DefinitionFaults",
    "Disagreement",
    "Fault",
    "Faults",
    "Finding",
    "Framework",
    "GateOutcome",
    "Grade",
    "JudgedMethod",
    "MarkedMethod",
    "Maturity",
    "MeasureOutcome",
    "MethodOutcome",
    "NarrativeProgress",
    "Outcome",
    "OverallOutcome",
    "QualityFramework",
    "RatingFaults",
    "SectionOutcome",
    "WeightedFidelity",
    "available_frameworks",
    "check",
    "find_framework",
    "grade_method",
    "load_file",
    "load_framework",
    "load_plan",
    "load_quality_framework",
    "overall_grade",
    "score",
]

_HOMES = {
    "assessment_plan": ("AssessmentPlan", "JudgedMethod", "MarkedMethod"),
    "checking": ("Finding", "check"),
    "faults": ("DefinitionFaults", "Fault", "Faults", "RatingFaults"),
    "loading": (
        "Available",
        "available_frameworks",
        "find_framework",
        "load_file",
        "load_framework",
        "load_plan",
        "load_quality_framework",
    ),
    "outcome": ("PENDING", "Grade", "MethodOutcome", "Outcome", "OverallOutcome"),
    "quality_framework": (
        "CriteriaMet",
        "Maturity",
        "NarrativeProgress",
        "QualityFramework",
        "WeightedFidelity",
    ),
    "quality_outcome": ("Disagreement", "GateOutcome", "MeasureOutcome", "SectionOutcome"),
    "schema": ("Framework",),
    "scoring": ("score",),
    "scoring.grading": ("grade_method", "overall_grade"),
}


def __getattr__(name: str) -> Any:
    """Fetch a public name from its module the first time it is asked for."""
    for module, names in _HOMES.items():
        if name in names:
            value = getattr(import_module(f"{__name__}.{module}"), name)
            globals()[name] = value
            return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
