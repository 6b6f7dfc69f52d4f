"""Cross-checks of weighted fidelity: weights, step tables, gates and bands."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from frameworks.checking.problems import Problem, repeated
from frameworks.checking.quality import needs_points, shared_problems, unknown
from frameworks.exact import exact, shown
from frameworks.quality_framework import (
    ClientMeasures,
    FidelityCriterion,
    Gate,
    WeightedFidelity,
)
from frameworks.schema import Framework, as_kind
from frameworks.step_table import Measure, StepTable

WHOLE = 100  # per cent


def problems_in(framework: Framework) -> Iterator[Problem]:
    """Find what does not add up in a framework of weighted fidelity."""
    fidelity = as_kind(framework, WeightedFidelity)
    yield from shared_problems(fidelity)
    yield from needs_points(fidelity)
    total = sum((exact(section.weight) for section in fidelity.sections), Fraction(0))
    if total != WHOLE:
        yield "sections", f"the weights add up to {shown(total)} %, not {WHOLE}"
    for criterion in fidelity.criteria:
        yield from _criterion_problems(fidelity, criterion)
    yield from _gate_problems(fidelity)
    yield from _band_problems(fidelity)
    if fidelity.client_measures is not None:
        yield from _client_problems(fidelity, fidelity.client_measures)


def _criterion_problems(
    fidelity: WeightedFidelity, criterion: FidelityCriterion
) -> Iterator[Problem]:
    where = f"criteria.{criterion.code}"
    measure, counted = criterion.measure, criterion.counted
    if measure is not None:
        if criterion.levels or counted is not None:
            yield where, "a measured criterion has no levels and is not counted"
        yield from _table_problems(measure, f"{where}.measure")
        yield from _mark_problems(measure, f"{where}.measure")
        return
    if not criterion.levels:
        yield where, "it needs a description of each level, or a measure"
    if counted is not None:
        yield from _table_problems(counted, f"{where}.counted")
        points = {exact(level.points or 0) for level in fidelity.scale}
        for step in counted.steps:
            if exact(step.earns) not in points:
                yield f"{where}.counted", f"no level has {shown(exact(step.earns))} points"


def _table_problems(table: StepTable, where: str) -> Iterator[Problem]:
    lowest, highest = exact(table.lowest), exact(table.highest)
    if lowest >= highest:
        yield where, "lowest is not below highest"
    for step in table.steps:
        if not lowest <= exact(step.at) <= highest:
            yield f"{where}.steps", f"{shown(exact(step.at))} is outside the range"
    for easier, harder in pairwise(table.steps):
        risen = exact(harder.at) - exact(easier.at)
        if risen == 0 or (risen > 0) != (table.better == "more"):
            yield f"{where}.steps", f"{table.better} is better, so that easier steps stand first"
        if harder.earns <= easier.earns:
            yield f"{where}.steps", "each step earns more than the one before"


def _mark_problems(measure: Measure, where: str) -> Iterator[Problem]:
    full = exact(measure.marks_max)
    if measure.marks_are_value == bool(measure.steps):
        yield where, "it needs either steps or marks_are_value"
    elif measure.marks_are_value:
        spans = exact(measure.lowest) == 0 and exact(measure.highest) == full
        if not spans or measure.better != "more":
            yield where, "marks that are the value run from 0 to marks_max, and more is better"
    elif exact(measure.steps[-1].earns) != full or measure.steps[0].earns < 0:
        yield f"{where}.steps", f"they earn up to marks_max, {shown(full)}, and never less than 0"


def _gate_problems(fidelity: WeightedFidelity) -> Iterator[Problem]:
    yield from repeated("gates", [gate.code for gate in fidelity.gates])
    known = {criterion.code for criterion in fidelity.criteria}
    for gate in fidelity.gates:
        yield from unknown(f"gates.{gate.code}.sums", "criterion", gate.sums, known)
        yield from repeated(f"gates.{gate.code}.sums", gate.sums)


def _band_problems(fidelity: WeightedFidelity) -> Iterator[Problem]:
    bands = fidelity.bands
    yield from repeated("bands", [band.code for band in bands])
    if exact(bands[0].from_percent) != 0 or bands[0].gates:
        yield "bands", "the first one begins at 0 and has no gates, so that every score has a band"
    for lower, upper in pairwise(bands):
        if upper.from_percent <= lower.from_percent:
            yield f"bands.{upper.code}", f"it does not begin above {lower.code}"
        for gate, needed in lower.gates.items():
            if upper.gates.get(gate, 0) < needed:
                yield f"bands.{upper.code}.gates", f"it asks for less {gate} than {lower.code}"
    gates = {gate.code: gate for gate in fidelity.gates}
    for band in bands:
        yield from unknown(f"bands.{band.code}.gates", "gate", band.gates, gates)
        for code, needed in band.gates.items():
            if code in gates and exact(needed) > _reachable(fidelity, gates[code]):
                yield f"bands.{band.code}.gates", f"{code} never comes to {shown(exact(needed))}"


def _reachable(fidelity: WeightedFidelity, gate: Gate) -> Fraction:
    return sum((fidelity.full.get(code, Fraction(0)) for code in gate.sums), Fraction(0))


def _client_problems(fidelity: WeightedFidelity, clients: ClientMeasures) -> Iterator[Problem]:
    measured = {
        "got_a_job": clients.got_a_job,
        "weeks_to_job": clients.weeks_to_job,
        "employers_satisfied": clients.employers_satisfied,
        "clients_satisfied": clients.clients_satisfied,
        "kept_a_job": clients.kept_a_job,
    }
    for field, code in measured.items():
        yield from unknown(f"client_measures.{field}", "measure", [code], fidelity.measures)
    yield from repeated("client_measures", measured.values())
    counted = {one.code for one in fidelity.criteria if one.counted and one.counted.within_days}
    if clients.profiles_in_time is not None and clients.profiles_in_time not in counted:
        where = "client_measures.profiles_in_time"
        yield where, f"'{clients.profiles_in_time}' is not counted within days"
