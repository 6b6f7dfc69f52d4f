"""What good looks like: standards and quality frameworks as data, and their arithmetic.

Everything outside this package uses the names below. Standard library and pydantic only: no
Flask, no database, no clock.
"""

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
)
from frameworks.outcome import PENDING, Grade, MethodOutcome, Outcome, OverallOutcome
from frameworks.schema import Framework
from frameworks.scoring import score
from frameworks.scoring.grading import grade_method, overall_grade

__all__ = [
    "PENDING",
    "AssessmentPlan",
    "Available",
    "DefinitionFaults",
    "Fault",
    "Faults",
    "Finding",
    "Framework",
    "Grade",
    "JudgedMethod",
    "MarkedMethod",
    "MethodOutcome",
    "Outcome",
    "OverallOutcome",
    "RatingFaults",
    "available_frameworks",
    "check",
    "find_framework",
    "grade_method",
    "load_file",
    "load_framework",
    "load_plan",
    "overall_grade",
    "score",
]
