"""What the pages of a list show: each indicator with its calculation, the gate, who counts nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from epa.charts.bars import Bar
from epa.client_data import queries
from epa.client_data.breakdown import DEMOGRAPHICS, Breakdown, breakdowns
from epa.client_data.models import ClientRecords
from frameworks.exact import exact, shown
from frameworks.quality_framework import ClientMeasures, WeightedFidelity
from frameworks.step_table import Measure

_DAYS_A_WEEK: Final = 7
_WHOLE: Final = 100
# What the template of a client list holds: every column that is read, and three invented rows.
TEMPLATE: Final = (
    *("reference", "service_start", "job_start", "job_end", "job2_start", "job2_end"),
    *("referral_date", "eligibility_meeting", "profile_start"),
    *("status", "age", "gender", "ethnicity"),
)
EXAMPLES: Final = (
    (
        *("C-0001", "2024-04-08", "2024-09-02", "", "", ""),
        *("2024-03-18", "2024-03-25", "2024-04-10", "in work", "34", "woman", "White British"),
    ),
    (
        *("C-0002", "2024-05-13", "2024-07-01", "2024-10-31", "2024-11-18", ""),
        *("2024-04-29", "2024-05-07", "2024-05-20", "in work", "25 to 34", "man", "Black African"),
    ),
    ("C-0003", "2024-06-03", *[""] * 7, "looking for work", "51", "", ""),
)
ANSWERS: Final = ("group", "overall")


@dataclass(frozen=True)
class Indicator:
    """One indicator in words; ``share`` is its marks in percent of the most it can earn."""

    letter: str
    title: str
    value: str
    calculation: str
    how: str
    counted: int
    of: int
    rests: str
    marks: str
    most: str
    share: float
    following: str
    reason: str

    @property
    def bar(self) -> Bar:
        """Its marks as a bar."""
        return Bar(f"{self.letter}. {self.title}", f"{self.marks}", self.share)


@dataclass(frozen=True)
class GateShown:
    """Some measures together, with what each band needs of them."""

    title: str
    marks: str
    value: float
    most: float
    bands: tuple[tuple[str, float], ...]


def indicators_of(kept: ClientRecords) -> list[Indicator]:
    """The five indicators as they were worked out, in the definition's order."""
    framework, measures = queries.measures_of(kept)
    return [_indicator(one, framework, measures) for one in kept.figures["indicators"]]


def _indicator(
    one: dict[str, Any], framework: WeightedFidelity, measures: ClientMeasures
) -> Indicator:
    code = one["code"]
    measure = framework.measures[code]
    value = None if one["value"] is None else Fraction(one["value"])
    marks, most = Fraction(one["marks"]), exact(measure.marks_max)
    title = next(known.title for known in framework.criteria if known.code == code)
    return Indicator(
        letter=code.rpartition(".")[-1],
        title=title,
        value="no value" if value is None else _with_unit(shown(value), measure),
        calculation=_calculation(code, one, measures, value),
        how=measure.how,
        counted=one["counted"],
        of=one["of"],
        rests=_rests(code, one, measures),
        marks=shown(marks),
        most=shown(most),
        share=float(marks * _WHOLE / most),
        following=_following(measure, value),
        reason=one["reason"] or "",
    )


def _with_unit(figure: str, measure: Measure) -> str:
    """A figure as it is read: "47.5%", "21 weeks", or a rating "4.2 of 5"."""
    if measure.unit == "percent":
        return f"{figure}%"
    if measure.marks_are_value:
        return f"{figure} of {measure.highest:g}"
    return f"{figure} {measure.unit}"


def _calculation(
    code: str, one: dict[str, Any], measures: ClientMeasures, value: Fraction | None
) -> str:
    """The arithmetic with its numbers; empty where there is no value."""
    if value is None:
        return ""
    counted = f"{one['counted']:,}"
    if code == measures.weeks_to_job:
        days = value * _DAYS_A_WEEK * one["counted"]
        return f"{int(days):,} days ÷ {_DAYS_A_WEEK} ÷ {counted} = {shown(value)}"
    if code in {measures.got_a_job, measures.kept_a_job}:
        return f"{counted} ÷ {one['of']:,} × {_WHOLE} = {shown(value)}"
    return f"{shown(value * one['counted'])} ÷ {counted} = {shown(value)}"


def _rests(code: str, one: dict[str, Any], measures: ClientMeasures) -> str:
    counted, of = f"{one['counted']:,}", f"{one['of']:,}"
    return {
        measures.got_a_job: f"{counted} of {of} starters got a paid job",
        measures.weeks_to_job: f"{counted} of {of} job starters have a service start",
        measures.employers_satisfied: f"{counted} answers of employers",
        measures.clients_satisfied: f"{counted} answers, {of} clients listed",
        measures.kept_a_job: f"{counted} of {of} with a job old enough kept paid work",
    }[code]


def _following(measure: Measure, value: Fraction | None) -> str:
    """What the next step would need, where there is one."""
    step = None if value is None or measure.marks_are_value else measure.following(value)
    if step is None:
        return ""
    least = "or more" if measure.better == "more" else "or fewer"
    return f"{_with_unit(f'{step.at:g}', measure)} {least} earns {step.earns:g}"


def gates_of(kept: ClientRecords) -> list[GateShown]:
    """What the gated measures come to together, beside what each band needs."""
    framework, _ = queries.measures_of(kept)
    marks = {one["code"]: Fraction(one["marks"]) for one in kept.figures["indicators"]}
    return [
        GateShown(
            title=", ".join(code.rpartition(".")[-1] for code in gate.sums),
            marks=shown(sum((marks[code] for code in gate.sums), Fraction(0))),
            value=float(sum(marks[code] for code in gate.sums)),
            most=float(sum(exact(framework.measures[code].marks_max) for code in gate.sums)),
            bands=tuple(
                (band.title, float(band.gates.get(gate.code, 0))) for band in framework.bands
            ),
        )
        for gate in framework.gates
    ]


def breakdowns_of(kept: ClientRecords, threshold: int) -> list[Breakdown]:
    """Who the clients are, small groups left out."""
    return breakdowns(kept.figures["groups"], kept.population, threshold)


def not_listed(kept: ClientRecords) -> list[str]:
    """The columns for a breakdown that the list does not have, in words."""
    return [
        title.lower()
        for column, title in DEMOGRAPHICS.items()
        if column not in kept.figures["groups"]
    ]


def exported(one: Indicator) -> tuple[str | int, ...]:
    """An indicator as a row of a file."""
    return (
        *(one.letter, one.title, one.value, one.counted, one.of),
        *(one.calculation, one.marks, one.most, one.reason),
    )
