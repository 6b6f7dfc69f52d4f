"""All that comes out of a list of clients: indicators, what was left out, and the sample."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from frameworks.exact import plain, shown
from frameworks.faults import DefinitionFaults, Fault
from frameworks.kpis.clients import Client, ClientList
from frameworks.kpis.indicators import WHOLE, Indicator, LeftOut, indicators, left_out
from frameworks.kpis.sample import Drawn, draw
from frameworks.kpis.satisfaction import Answers
from frameworks.quality_framework import ClientMeasures, WeightedFidelity
from frameworks.review_cycle import Sample
from frameworks.schema import Framework

LINES_SHOWN = 20


@dataclass(frozen=True)
class ProfilesInTime:
    """The share of vocational profiles begun in time, and the points it earns."""

    code: str
    value: Fraction
    points: Fraction
    counted: int
    of: int

    def as_json(self) -> dict[str, Any]:
        """Return the figure as JSON values."""
        return {
            "criterion": self.code,
            "value": plain(self.value),
            "rating": plain(self.points),
            "counted": self.counted,
            "of": self.of,
        }


@dataclass(frozen=True)
class ClientReport:
    """What a list of clients comes to on an assessment date."""

    framework: str
    version: str
    assessed_on: date
    listed: int
    indicators: tuple[Indicator, ...]
    left_out: tuple[LeftOut, ...]
    sample: Drawn | None
    profiles: ProfilesInTime | None
    ignored_columns: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the report under the keys of `frameworks seqf-kpis --json`."""
        document: dict[str, Any] = {
            "framework": self.framework,
            "version": self.version,
            "assessed_on": self.assessed_on.isoformat(),
            "clients": self.listed,
            **{one.letter: one.as_json() for one in self.indicators},
            "left_out": [one.as_json() for one in self.left_out],
        }
        if self.sample is not None:
            document["sample"] = self.sample.as_json()
        if self.profiles is not None:
            document["profiles"] = self.profiles.as_json()
        if self.ignored_columns:
            document["ignored_columns"] = list(self.ignored_columns)
        return document

    def measures(self) -> dict[str, Any]:
        """Return the figures as `frameworks score` takes them, under "measures"."""
        return {
            one.outcome.code: {
                "value": None if one.outcome.value is None else plain(one.outcome.value),
                "counted": one.counted,
                "of": one.of,
            }
            for one in self.indicators
        }


def with_clients(framework: Framework) -> tuple[WeightedFidelity, ClientMeasures]:
    """Return a framework whose measures come out of a list of clients, with its periods.

    Raises:
        DefinitionFaults: it has no such measures.
    """
    if not isinstance(framework, WeightedFidelity) or framework.client_measures is None:
        problem = f"{framework.code} {framework.version} has none; its measures need no client list"
        raise DefinitionFaults([Fault("", "client_measures", problem)])
    return framework, framework.client_measures


def report_of(
    framework: Framework,
    listed: ClientList,
    answers: Answers | None,
    assessed_on: date,
    *,
    seed: int,
    sample_size: int | None = None,
) -> ClientReport:
    """Work out the indicators of a list, and draw its sample.

    Args:
        framework: a framework with client measures.
        listed: the clients, from `read_clients`.
        answers: the satisfaction answers, None where there are none to look at.
        assessed_on: the assessment date.
        seed: the seed of the sample.
        sample_size: how many clients to draw; the most when left out.

    Raises:
        DefinitionFaults: the framework has no client measures.
        TableFaults: the sample's size is outside the framework's limits.
    """
    fidelity, periods = with_clients(framework)
    limits = sample_limits(fidelity)
    return ClientReport(
        framework=fidelity.code,
        version=fidelity.version,
        assessed_on=assessed_on,
        listed=len(listed.clients),
        indicators=indicators(fidelity, periods, listed.clients, answers, assessed_on),
        left_out=left_out(listed.clients, assessed_on),
        sample=None if limits is None else draw(listed.clients, limits, seed, sample_size),
        profiles=profiles_in_time(fidelity, periods, listed.clients),
        ignored_columns=listed.ignored,
    )


def sample_limits(fidelity: WeightedFidelity) -> Sample | None:
    """Return how many clients are drawn at least and at most, None where no sample is."""
    visit = fidelity.cycle.visit
    return None if visit is None else visit.sample


def profiles_in_time(
    fidelity: WeightedFidelity, periods: ClientMeasures, clients: tuple[Client, ...]
) -> ProfilesInTime | None:
    """Return the share of profiles begun in time, None where the list has no such dates."""
    counted_by = {one.code: one.counted for one in fidelity.criteria}
    counted = counted_by.get(periods.profiles_in_time or "")
    waits = [
        (client.profile_start - client.eligibility_meeting).days
        for client in clients
        if client.profile_start is not None and client.eligibility_meeting is not None
    ]
    if counted is None or counted.within_days is None or not waits:
        return None
    in_time = sum(days <= counted.within_days for days in waits)
    value = Fraction(in_time * WHOLE, len(waits))
    return ProfilesInTime(
        code=periods.profiles_in_time or "",
        value=value,
        points=counted.earned(value),
        counted=in_time,
        of=len(waits),
    )


def lines_of(report: ClientReport) -> Iterator[str]:
    """Say a report to people at a terminal."""
    yield f"{report.framework} {report.version}: {report.listed} clients, {report.assessed_on}"
    for one in report.indicators:
        value = "no value" if one.outcome.value is None else shown(one.outcome.value)
        rests = f"{one.counted} of {one.of}"
        yield f"  {one.letter}: {value} ({rests}), {shown(one.outcome.marks)} marks"
        if one.outcome.reason is not None:
            yield f"     {one.outcome.reason}"
    if report.profiles is not None:
        profiles = report.profiles
        share = f"{shown(profiles.value)} % ({profiles.counted} of {profiles.of})"
        yield f"  {profiles.code}: {share} begun in time, rating {shown(profiles.points)}"
    for left in report.left_out[:LINES_SHOWN]:
        yield f"Left out, row {left.row}, {left.reference}: {left.reason}"
    if len(report.left_out) > LINES_SHOWN:
        yield f"Left out, {len(report.left_out) - LINES_SHOWN} more: --json lists all."
    if report.sample is not None:
        drawn = ", ".join(client.reference for client in report.sample.clients) or "nobody"
        yield f"Sample of {len(report.sample.clients)}, seed {report.sample.seed}: {drawn}"
    if report.ignored_columns:
        yield f"Columns not looked at: {', '.join(report.ignored_columns)}"
