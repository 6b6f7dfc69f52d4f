"""What a list of clients may hold, and all that is worked out of it when it is kept."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final

from epa.client_data import tables
from epa.client_data.breakdown import DEMOGRAPHICS, age_band, counted
from epa.personal_data import findings
from frameworks.faults import Fault, TableFaults
from frameworks.kpis.clients import TEXTS, Client, ClientList, read_clients
from frameworks.kpis.indicators import Indicator, has_started, indicators, left_out
from frameworks.kpis.report import profiles_in_time
from frameworks.kpis.satisfaction import Answers, read_answers
from frameworks.kpis.tables import Table
from frameworks.quality_framework import ClientMeasures, WeightedFidelity

FRAMEWORK: Final = "seqf"
LONGEST_REFERENCE: Final = 32
LONGEST_TEXT: Final = 60
MOST_GROUPS: Final = 30
_YOUNGEST, _OLDEST = 14, 110
_AGE: Final = Client._fields.index("age")
_REFERENCE: Final = re.compile(r"(?=.*\d)[A-Za-z0-9][A-Za-z0-9._/-]*", re.ASCII)
# Of these lengths and shapes are the numbers that belong to a person.
_LIKE_A_NUMBER: Final = re.compile(r"[A-Za-z]{2}[-]?(\d[-]?){6}[A-Da-d]?|(\d-?){10,11}", re.ASCII)


@dataclass(frozen=True)
class Period:
    """The days that a list is about, and the day on which its indicators are worked out."""

    starts_on: date
    ends_on: date
    assessed_on: date

    @property
    def faults(self) -> Iterator[tuple[str, str]]:
        """Each field to blame with a sentence."""
        if self.ends_on <= self.starts_on:
            yield "ends_on", "The last day must be after the first day"
        if self.assessed_on < self.starts_on:
            yield "assessed_on", "The assessment date must not be before the first day"


@dataclass(frozen=True)
class Worked:
    """What is kept of a list: its rows as bytes, its figures, and who counts nowhere."""

    content: bytes
    clients: int
    figures: dict[str, Any]
    left_out: list[Any]


def clients_in(table: Table) -> ClientList:
    """The clients of an uploaded table, ages as bands, under references that name nobody.

    Raises:
        TableFaults: every row that cannot be, with its column; nothing is left out.
    """
    listed = read_clients(table)
    said = {column: set(map(attrgetter(column), listed.clients)) for column in TEXTS}
    is_plain = not any(_text_fault(column, one) for column in TEXTS for one in said[column])
    faults = [
        fault
        for client in listed.clients
        if not is_plain or reference_fault(client.reference)
        for fault in _faults_of(table, client)
    ]
    faults += _too_many_groups(table, said)
    if not listed.clients:
        faults.append(Fault(table.file, "", "no client is listed; one row for each was expected"))
    if faults:
        raise TableFaults(faults)
    return ClientList(tuple(map(_with_band, listed.clients)), listed.columns, listed.ignored)


def _faults_of(table: Table, client: Client) -> Iterator[Fault]:
    if problem := reference_fault(client.reference):
        yield table.fault(client.row, "reference", problem)
    for column in TEXTS:
        if problem := _text_fault(column, getattr(client, column)):
            yield table.fault(client.row, column, problem)


def _text_fault(column: str, said: str) -> str | None:
    """Why a text is not taken, or None; asked once for each that a list holds."""
    if len(said) > LONGEST_TEXT:
        return f"longer than {LONGEST_TEXT} characters; one or two words were expected"
    if column == "age" and said.isdecimal() and not _YOUNGEST <= int(said[:9]) <= _OLDEST:
        return f"an age from {_YOUNGEST} to {_OLDEST} was expected, not '{said[:9]}'"
    return None


def reference_fault(reference: str) -> str | None:
    """Why a reference is not taken, or None: it must be a code, and nobody's own number.

    The problem never repeats the reference, as it may be personal data.
    """
    if len(reference) > LONGEST_REFERENCE or not _REFERENCE.fullmatch(reference):
        return (
            f"a code of at most {LONGEST_REFERENCE} letters and figures with a figure in it was"
            " expected, such as C-0412; a name or an e-mail address is none"
        )
    if _LIKE_A_NUMBER.fullmatch(reference) and findings(reference):
        return "looks like a number that belongs to a person; use a reference of your own"
    return None


def _too_many_groups(table: Table, said: Mapping[str, set[str]]) -> Iterator[Fault]:
    """A column with so many different entries holds remarks, and a breakdown by it says nothing."""
    for column in TEXTS:
        groups = set(map(_banded, said[column]))
        if len(groups) > MOST_GROUPS:
            problem = f"{len(groups)} different entries; at most {MOST_GROUPS} are taken"
            yield Fault(table.file, column, f"{problem}, so use fewer and broader words")


@lru_cache(maxsize=1024)
def _banded(age: str) -> str:
    return age_band(int(age)) if age.isdecimal() and len(age) <= len(str(_OLDEST)) else age


def _with_band(client: Client) -> Client:
    band = _banded(client.age)
    if band == client.age:
        return client
    return Client._make((*client[:_AGE], band, *client[_AGE + 1 :]))


def answers_in(table: Table, framework: WeightedFidelity, measures: ClientMeasures) -> Answers:
    """The satisfaction answers of an uploaded table.

    Raises:
        TableFaults: every row with another group, or a rating off the scale.
    """
    return read_answers(table, framework.measures[measures.clients_satisfied])


def worked_out(
    framework: WeightedFidelity,
    measures: ClientMeasures,
    listed: ClientList,
    answers: Answers | None,
    period: Period,
) -> Worked:
    """Everything that the pages show of a list, worked out once."""
    on = period.assessed_on
    profiles = profiles_in_time(framework, measures, listed.clients)
    figures = {
        "indicators": [
            _indicator(one) for one in indicators(framework, measures, listed.clients, answers, on)
        ],
        "profiles": profiles and profiles.as_json(),
        "groups": counted(listed.clients, listed.columns),
        "left_out": dict(_counted_nowhere(listed.clients, on)),
        "outside": sum(
            client.service_start is not None
            and not period.starts_on <= client.service_start <= period.ends_on
            for client in listed.clients
        ),
        "ignored": list(listed.ignored),
    }
    rows = [[one.row, one.reference, one.reason] for one in left_out(listed.clients, on)]
    return Worked(tables.kept(listed), len(listed.clients), figures, rows)


def _indicator(one: Indicator) -> dict[str, Any]:
    """An indicator as it is kept: exact, as fractions."""
    value = one.outcome.value
    return {
        "code": one.outcome.code,
        "value": None if value is None else str(value),
        "marks": str(one.outcome.marks),
        "counted": one.counted,
        "of": one.of,
        "reason": one.outcome.reason,
    }


def _counted_nowhere(clients: Sequence[Client], on: date) -> Counter[str]:
    """How many clients have no service start, one that is to come, or a job that is to come."""
    found: Counter[str] = Counter(without_start=0, starts_later=0, jobs_later=0)
    for client in clients:
        if client.service_start is None:
            found["without_start"] += 1
        elif not has_started(client, on):
            found["starts_later"] += 1
        found["jobs_later"] += sum(job.start > on for job in client.jobs)
    return found


def answers_kept(answers: Answers | None) -> dict[str, Any] | None:
    """Answers as they are kept: the ratings alone, exact, as texts."""
    if answers is None:
        return None
    return {
        "employers": [str(one) for one in answers.employers],
        "clients": [str(one) for one in answers.clients],
    }


def answers_read(kept: Mapping[str, Sequence[str]] | None) -> Answers | None:
    """Answers as they were kept."""
    if kept is None:
        return None
    return Answers(tuple(map(Fraction, kept["employers"])), tuple(map(Fraction, kept["clients"])))


def population_faults(
    shares: Mapping[str, Mapping[str, str]],
) -> Iterator[str]:
    """A sentence for each column whose shares come to more than the whole population."""
    for column, groups in shares.items():
        together = sum(map(Fraction, groups.values()))
        if together > 100:  # noqa: PLR2004 (per cent)
            yield (
                f"{DEMOGRAPHICS[column]}: the shares must come to 100% or less; they come to"
                f" {float(together):.6g}%"
            )
