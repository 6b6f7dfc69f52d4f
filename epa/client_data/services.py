"""Keeping a list of clients, putting another in its place, removing it, drawing a sample."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from epa.audit.services import record
from epa.client_data import queries, tables
from epa.client_data.models import ClientRecords, ClientSample
from epa.client_data.rules import Period, Worked, answers_kept, population_faults
from epa.database import db
from epa.errors import RuleBroken, RulesBroken
from epa.people.models import Organisation, Person
from frameworks.faults import TableFaults
from frameworks.kpis.report import sample_limits
from frameworks.kpis.sample import anonymous, draw
from frameworks.kpis.satisfaction import Answers
from frameworks.quality_framework import WeightedFidelity

_SEEDS: Final = 2**32


@dataclass(frozen=True)
class Reading:
    """What was read and worked out before anything is stored; ``framework`` said how."""

    period: Period
    framework: WeightedFidelity
    worked: Worked
    answers: Answers | None


def check_period(period: Period) -> None:
    """Refuse days that cannot be.

    Raises:
        RulesBroken: each field with its sentence.
    """
    if faults := list(period.faults):
        raise RulesBroken([RuleBroken("client-period", said, field) for field, said in faults])


def keep(
    organisation: Organisation,
    epao: Organisation,
    reading: Reading,
    *,
    actor: Person,
    at: datetime,
) -> ClientRecords:
    """Keep a list of a provider's clients for an EPAO.

    Raises:
        RuleBroken: there is one for the same days.
    """
    period = reading.period
    if queries.same_period(organisation, epao, period.starts_on, period.ends_on):
        raise RuleBroken(
            "client-list-there",
            "There is a list for these days already. Replace that one, or choose other days",
            "ends_on",
        )
    kept = ClientRecords(
        organisation=organisation,
        epao=epao,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        population={},
        population_source="",
    )
    _put(kept, reading, actor, at)
    db.session.add(kept)
    db.session.flush()
    record(actor, "client list stored", kept, at=at, **_sizes(kept))
    return kept


def replace(kept: ClientRecords, reading: Reading, *, actor: Person, at: datetime) -> None:
    """Put another list, other answers or another assessment date in the place of what is kept.

    Samples drawn before are removed with the clients that they were drawn from.
    """
    before = kept.clients
    gone = len(kept.samples)
    kept.samples.clear()
    _put(kept, reading, actor, at)
    db.session.flush()
    record(
        actor,
        "client list replaced",
        kept,
        at=at,
        clients_before=before,
        samples_removed=gone,
        **_sizes(kept),
    )


def _put(kept: ClientRecords, reading: Reading, actor: Person, at: datetime) -> None:
    kept.assessed_on = reading.period.assessed_on
    kept.framework_code = reading.framework.code
    kept.framework_version = reading.framework.version
    kept.clients, kept.content = reading.worked.clients, reading.worked.content
    kept.figures, kept.left_out = reading.worked.figures, reading.worked.left_out
    kept.answers = answers_kept(reading.answers)
    kept.stored_at, kept.stored_by = at, actor


def _sizes(kept: ClientRecords) -> dict[str, object]:
    answers = kept.answers or {}
    return {
        "clients": kept.clients,
        "answers": sum(map(len, answers.values())),
        "version": kept.framework_version,
        "assessed_on": kept.assessed_on.isoformat(),
    }


def remove(kept: ClientRecords, *, actor: Person, at: datetime) -> None:
    """Remove a list with its clients, figures and samples; that it was there stays in the log."""
    record(
        actor,
        "client list removed",
        kept,
        at=at,
        clients=kept.clients,
        samples=len(kept.samples),
        starts_on=kept.starts_on.isoformat(),
        ends_on=kept.ends_on.isoformat(),
    )
    db.session.delete(kept)
    db.session.flush()


def draw_sample(
    kept: ClientRecords, size: int, *, actor: Person, at: datetime, seed: int | None = None
) -> ClientSample:
    """Draw clients at random and keep the draw; those drawn before stay beside it.

    Args:
        kept: the list.
        size: how many, within the definition's limits.
        actor: who draws.
        at: when.
        seed: for a draw that is to come out again; left out, one that nobody can choose.

    Raises:
        RuleBroken: the size is outside the definition's limits, or it has no sample.
    """
    framework, _ = queries.measures_of(kept)
    limits = sample_limits(framework)
    if limits is None:
        raise RuleBroken("no-sample", "This framework has no sample of clients")
    chosen = secrets.randbelow(_SEEDS) if seed is None else seed
    try:
        drawn = draw(tables.read_kept(kept.content).clients, limits, chosen, size)
    except TableFaults as fault:
        said = f"The sample must have {limits.least} to {limits.most} clients"
        raise RuleBroken("sample-size", said, "size") from fault
    sample = ClientSample(
        seed=chosen,
        clients=[
            [anonymous(place), client.row, client.reference]
            for place, client in enumerate(drawn.clients, start=1)
        ],
        drawn_at=at,
        drawn_by=actor,
    )
    kept.samples.insert(0, sample)
    db.session.flush()
    record(actor, "client sample drawn", sample, at=at, seed=chosen, size=len(drawn.clients))
    return sample


def set_population(
    kept: ClientRecords,
    shares: Mapping[str, Mapping[str, str]],
    source: str,
    *,
    actor: Person,
    at: datetime,
) -> None:
    """Set the local population's shares beside the clients.

    Args:
        kept: the list.
        shares: percent as text, by column and group; a group without one is left out.
        source: where the figures come from.
        actor: who sets them.
        at: when.

    Raises:
        RulesBroken: the shares of a column come to more than 100%, or no source is named.
    """
    broken = [RuleBroken("population", said) for said in population_faults(shares)]
    if any(shares.values()) and not source:
        said = "Enter the source, such as “Census 2021, Leeds”"
        broken.append(RuleBroken("population-source", said, "source"))
    if broken:
        raise RulesBroken(broken)
    kept.population = {column: dict(groups) for column, groups in shares.items()}
    kept.population_source = source
    db.session.flush()
    entered = sum(map(len, shares.values()))
    record(actor, "population figures set", kept, at=at, entered=entered)
