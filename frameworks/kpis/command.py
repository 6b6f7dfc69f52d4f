"""What the command `frameworks seqf-kpis` was asked for, read with every fault at once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from secrets import randbelow
from typing import TypeVar

from frameworks.faults import Fault, Faults, TableFaults
from frameworks.kpis.clients import read_clients
from frameworks.kpis.report import ClientReport, report_of, with_clients
from frameworks.kpis.satisfaction import read_answers
from frameworks.kpis.tables import iso_date, read_csv
from frameworks.schema import Framework

LARGEST_SEED = 2**32
LONGEST_NUMBER = 18

Read = TypeVar("Read")


@dataclass(frozen=True)
class Wanted:
    """The words of the command, as they were typed."""

    clients: str
    satisfaction: str | None
    assessed_on: str
    seed: str | None
    sample_size: str | None


def report_for(framework: Framework, wanted: Wanted) -> ClientReport:
    """Return the report that was asked for.

    Raises:
        Faults: every fault of the options, the list and the answers together.
    """
    fidelity, periods = with_clients(framework)
    faults: list[Fault] = []

    def read(reading: Callable[[], Read]) -> Read | None:
        try:
            return reading()
        except TableFaults as error:
            faults.extend(error.faults)
            return None

    satisfied = fidelity.measures[periods.clients_satisfied]
    given = wanted.satisfaction
    assessed_on = read(lambda: _day("--assessed-on", wanted.assessed_on))
    seed = read(lambda: _whole("--seed", wanted.seed))
    size = read(lambda: _whole("--sample-size", wanted.sample_size))
    listed = read(lambda: read_clients(read_csv(wanted.clients)))
    answers = None if given is None else read(lambda: read_answers(read_csv(given), satisfied))
    if faults or assessed_on is None or listed is None:
        raise Faults(faults)
    drawn = randbelow(LARGEST_SEED) if seed is None else seed
    return report_of(framework, listed, answers, assessed_on, seed=drawn, sample_size=size)


def _day(option: str, text: str) -> date:
    day = iso_date(text)
    if day is None:
        problem = f"a date as YYYY-MM-DD was expected, not '{text}'"
        raise TableFaults([Fault("", option, problem)])
    return day


def _whole(option: str, text: str | None) -> int | None:
    if text is None:
        return None
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= LONGEST_NUMBER):
        raise TableFaults([Fault("", option, f"a whole number was expected, not '{text[:40]}'")])
    return int(text)
