"""The five indicators, each with what was counted, of how many, and what it earns."""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from frameworks.kpis.clients import Client, Job
from frameworks.kpis.satisfaction import Answers
from frameworks.quality_framework import ClientMeasures, WeightedFidelity
from frameworks.quality_outcome import MeasureOutcome
from frameworks.scoring.fidelity import measure_outcome

WHOLE = 100  # per cent
DAYS_A_WEEK = 7
MONTHS_A_YEAR = 12


@dataclass(frozen=True)
class Indicator:
    """One indicator: its outcome as a measure, what was counted, and of how many."""

    outcome: MeasureOutcome
    counted: int
    of: int

    @property
    def letter(self) -> str:
        """The last part of the criterion's code: A for 2.2.A."""
        return self.outcome.code.rpartition(".")[-1]

    def as_json(self) -> dict[str, Any]:
        """Return the indicator under the keys of `frameworks seqf-kpis --json`."""
        outcome = self.outcome.as_json()
        document = {"value": outcome["value"], "marks": outcome["marks"]}
        document |= {"counted": self.counted, "of": self.of}
        return document if self.outcome.reason is None else document | {"reason": outcome["reason"]}


@dataclass(frozen=True)
class LeftOut:
    """A client, or a job of one, that does not count somewhere, and why."""

    row: int
    reference: str
    reason: str

    def as_json(self) -> dict[str, Any]:
        """Return the row as JSON values."""
        return {"row": self.row, "reference": self.reference, "reason": self.reason}


@dataclass(frozen=True)
class _Figure:
    """A value, what it rests on, and why there is none where there is none."""

    value: Fraction | None
    counted: int
    of: int
    otherwise: str


def indicators(
    framework: WeightedFidelity,
    periods: ClientMeasures,
    clients: Sequence[Client],
    answers: Answers | None,
    assessed_on: date,
) -> tuple[Indicator, ...]:
    """Work out all five, in the definition's order.

    Args:
        framework: the steps and marks of each measure.
        periods: which measure is which, and the days and months they go by.
        clients: everybody listed.
        answers: the satisfaction answers, None where there are none to look at.
        assessed_on: the assessment date; a job after it counts nowhere.
    """
    employers = None if answers is None else answers.employers
    answering = None if answers is None else answers.clients
    figures = {
        periods.got_a_job: _got_a_job(clients, assessed_on),
        periods.weeks_to_job: _weeks_to_job(clients, assessed_on),
        periods.employers_satisfied: _satisfied(employers, "employer"),
        periods.clients_satisfied: _satisfied(answering, "client", len(clients)),
        periods.kept_a_job: _kept_a_job(clients, assessed_on, periods),
    }
    found = []
    for code, measure in framework.measures.items():
        if figure := figures.get(code):
            outcome = measure_outcome(code, measure, figure.value, figure.counted, figure.of)
            if figure.value is None:
                outcome = replace(outcome, reason=figure.otherwise)
            found.append(Indicator(outcome, figure.counted, figure.of))
    return tuple(found)


def _got_a_job(clients: Sequence[Client], assessed_on: date) -> _Figure:
    starters = [client for client in clients if has_started(client, assessed_on)]
    got = sum(1 for client in starters if jobs_until(client, assessed_on))
    return _Figure(
        value=Fraction(got * WHOLE, len(starters)) if starters else None,
        counted=got,
        of=len(starters),
        otherwise="there are no starters, so there is no value and it earns 0.",
    )


def _weeks_to_job(clients: Sequence[Client], assessed_on: date) -> _Figure:
    """Take the mean wait for the earliest job; who has no service start has no wait."""
    days = starters = job_starters = 0
    for client in clients:
        jobs = jobs_until(client, assessed_on)
        job_starters += bool(jobs)
        if jobs and client.service_start is not None:
            days += (jobs[0].start - client.service_start).days
            starters += 1
    return _Figure(
        value=Fraction(days, DAYS_A_WEEK * starters) if starters else None,
        counted=starters,
        of=job_starters,
        otherwise="there are no job starters, so there is no value and it earns 0.",
    )


def _kept_a_job(clients: Sequence[Client], assessed_on: date, periods: ClientMeasures) -> _Figure:
    cutoff = months_before(assessed_on, periods.eligible_after_months)
    eligible = [client for client in clients if client.jobs and client.jobs[0].start < cutoff]
    kept = sum(
        any(
            start < cutoff and (end - start).days >= periods.kept_days
            for start, end in spells(client.jobs, assessed_on, periods.allowed_gap_days)
        )
        for client in eligible
    )
    since = f"more than {periods.eligible_after_months} months before {assessed_on:%-d %B %Y}"
    return _Figure(
        value=Fraction(kept * WHOLE, len(eligible)) if eligible else None,
        counted=kept,
        of=len(eligible),
        otherwise=f"no job began {since}, so there is no value and it earns 0.",
    )


def _satisfied(
    ratings: Sequence[Fraction] | None, group: str, listed: int | None = None
) -> _Figure:
    if ratings is None:
        reason = "no satisfaction answers were given, so there is no value and it earns 0."
    else:
        reason = f"no {group} answered, so there is no value and it earns 0."
    answered = len(ratings or ())
    return _Figure(
        value=Fraction(sum(ratings)) / answered if ratings else None,
        counted=answered,
        of=answered if listed is None else listed,
        otherwise=reason,
    )


def has_started(client: Client, assessed_on: date) -> bool:
    """Whether a client is a starter: with a service start, by the assessment date."""
    return client.service_start is not None and client.service_start <= assessed_on


def jobs_until(client: Client, assessed_on: date) -> tuple[Job, ...]:
    """Return the jobs that began by the assessment date, earliest first."""
    if client.jobs and client.jobs[-1].start > assessed_on:
        return tuple(job for job in client.jobs if job.start <= assessed_on)
    return client.jobs


def spells(
    jobs: Sequence[Job], assessed_on: date, allowed_gap_days: int
) -> Iterator[tuple[date, date]]:
    """Join jobs without a gap to spells of paid work, each with its first and last day.

    A gap is a day without work between two jobs. A job that goes on, or ends later, is taken up
    to the assessment date.
    """
    start: date | None = None
    last = assessed_on
    for job in jobs:
        if job.start > assessed_on:
            break
        end = assessed_on if job.end is None else min(job.end, assessed_on)
        if start is not None and job.start <= last + timedelta(days=1 + allowed_gap_days):
            last = max(last, end)
            continue
        if start is not None:
            yield start, last
        start, last = job.start, end
    if start is not None:
        yield start, last


def months_before(day: date, months: int) -> date:
    """Return the same day so many months earlier, or the last day of a shorter month."""
    count = day.year * MONTHS_A_YEAR + day.month - 1 - months
    year, month = divmod(count, MONTHS_A_YEAR)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def left_out(clients: Sequence[Client], assessed_on: date) -> tuple[LeftOut, ...]:
    """Name the clients and jobs that do not count somewhere, in the order of the list."""
    return tuple(
        LeftOut(client.row, client.reference, reason)
        for client in clients
        for reason in _reasons(client, assessed_on)
    )


def _reasons(client: Client, assessed_on: date) -> Iterator[str]:
    if client.service_start is None:
        yield "no service start, so the client is left out of A and B"
    elif client.service_start > assessed_on:
        yield f"the service start, {client.service_start}, is after the assessment date"
    for job in client.jobs:
        if job.start > assessed_on:
            yield f"the job that starts on {job.start} is after the assessment date"
