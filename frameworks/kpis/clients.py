"""The list of clients: one row a client, with services and jobs, and every fault with its row."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from operator import attrgetter, itemgetter
from typing import NamedTuple

from frameworks.faults import Fault, TableFaults
from frameworks.kpis.tables import SIGNS, Table, is_formula, iso_date, lacking

REQUIRED = ("reference", "service_start", "job_start", "job_end")
OPTIONAL_DATES = ("referral_date", "eligibility_meeting", "profile_start")
DATES = {"service_start", *OPTIONAL_DATES}
TEXTS = ("status", "age", "gender", "ethnicity")
_SIGNS = frozenset(SIGNS)
_BEGAN = attrgetter("start")
JOB_COLUMN = re.compile(r"job(\d*)_(start|end)")


class Job(NamedTuple):
    """A paid job; without an end it still goes on."""

    start: date
    end: date | None


class Client(NamedTuple):
    """One client under the provider's reference, with jobs in the order they began."""

    row: int
    reference: str
    service_start: date | None
    jobs: tuple[Job, ...]
    referral_date: date | None = None
    eligibility_meeting: date | None = None
    profile_start: date | None = None
    status: str = ""
    age: str = ""
    gender: str = ""
    ethnicity: str = ""


@dataclass(frozen=True)
class ClientList:
    """All clients, the columns that were read, and those that mean nothing here."""

    clients: tuple[Client, ...]
    columns: tuple[str, ...]
    ignored: tuple[str, ...]


@dataclass(frozen=True)
class _Layout:
    """Where each column stands, and the names and places of the pairs that hold a job each."""

    places: Mapping[str, int]
    jobs: tuple[tuple[tuple[str, int], tuple[str, int]], ...]

    @cached_property
    def pick(self) -> Callable[[Sequence[str]], tuple[str, ...]]:
        """Take the reference, the four dates and the texts of a row, in the order of `Client`."""
        names = ("reference", "service_start", *OPTIONAL_DATES, *TEXTS)
        return itemgetter(*(self.places[name] for name in names))

    @cached_property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """Where the start and the end of each job stand."""
        return tuple((start, end) for (_, start), (_, end) in self.jobs)


def read_clients(table: Table) -> ClientList:
    """Return the clients of a table.

    Args:
        table: columns `reference`, `service_start`, `job_start` and `job_end`; if wanted
            `referral_date`, `eligibility_meeting`, `profile_start`, `status`, `age`, `gender`,
            `ethnicity`, and `job2_start`, `job2_end` and so on. Dates are ISO or empty.

    Raises:
        TableFaults: every row whose dates cannot be, with what is wrong; nothing is left out.
    """
    layout = _layout_of(table)
    width = len(table.columns)
    faults: list[Fault] = []
    clients: list[Client] = []
    rows: dict[str, int] = {}
    try:
        for number, cells in table.rows:
            texts = table.texts(cells)
            client = _plain_client(layout, number, texts) if len(cells) <= width else None
            if client is None or client.reference in rows:
                found = tuple(_row_faults(table, layout, rows, number, cells))
                faults.extend(found)
                client = None if found else _client(layout, number, texts)
            rows.setdefault(texts[layout.places["reference"]], number)
            if client is not None:
                clients.append(client)
    except TableFaults as error:
        faults.extend(error.faults)
    if faults:
        raise TableFaults(faults)
    jobs = {name for pair in layout.jobs for name, _ in pair}
    known = {*REQUIRED, *OPTIONAL_DATES, *TEXTS, *jobs}
    return ClientList(
        clients=tuple(clients),
        columns=tuple(name for name in table.columns if name in known),
        ignored=tuple(name for name in table.columns if name and name not in known),
    )


def _row_faults(
    table: Table, layout: _Layout, rows: Mapping[str, int], number: int, cells: Sequence[str]
) -> Iterator[Fault]:
    """Find everything that is wrong with a row, given the rows of the references before it."""
    texts = table.texts(cells)
    yield from table.width_faults(number, cells)
    yield from _faults_in(table, layout, number, texts)
    reference = texts[layout.places["reference"]]
    if reference in rows:
        problem = f"'{reference}' stands in row {rows[reference]} too"
        yield table.fault(number, "reference", problem)


def _plain_client(layout: _Layout, number: int, texts: Sequence[str]) -> Client | None:
    """The client of a row in which nothing can be wrong, in a tenth of the time; None to look closer.

    Each date is read once, and a text is no formula when it begins with no sign of one.
    """
    reference, *days, status, age, gender, ethnicity = layout.pick(texts)
    begins = reference[:1]
    firsts = (begins, status[:1], age[:1], gender[:1], ethnicity[:1])
    if not begins or not _SIGNS.isdisjoint(firsts):
        return None
    started, referred, met, profiled = dates = [day and iso_date(day) for day in days]
    if None in dates:
        return None
    jobs = _plain_jobs(layout, started or None, texts)
    if jobs is None:
        return None
    known = (referred or None, met or None, profiled or None, status, age, gender, ethnicity)
    return Client(number, reference, started or None, jobs, *known)


def _plain_jobs(
    layout: _Layout, started: date | None, texts: Sequence[str]
) -> tuple[Job, ...] | None:
    """The jobs of such a row, in the order they began; None where one of them is to be looked at."""
    jobs = []
    for start, end in layout.spans:
        if not texts[start]:
            if texts[end]:
                return None
            continue
        began, ended = iso_date(texts[start]), texts[end] and iso_date(texts[end])
        if began is None or ended is None or (started is not None and began < started):
            return None
        if ended and ended < began:
            return None
        jobs.append(Job(began, ended or None))
    if len(jobs) > 1:
        jobs.sort(key=_BEGAN)
    return tuple(jobs)


def _layout_of(table: Table) -> _Layout:
    """Find the columns; one that looks like a job's and is none would be missed unseen."""
    faults = list(lacking(table, REQUIRED))
    jobs = [("job_start", "job_end")]
    for name in table.columns:
        job = JOB_COLUMN.fullmatch(name)
        if name.startswith("job") and (job is None or job[1] in {"0", "1"}):
            problem = "unknown; further jobs stand in job2_start, job2_end, job3_start and so on"
            faults.append(Fault(table.file, name, problem))
        elif job and job[1]:
            pair = (f"job{job[1]}_start", f"job{job[1]}_end")
            faults.extend(lacking(table, pair))
            if job[2] == "start":
                jobs.append(pair)
    if faults:
        raise TableFaults(faults)
    places = {name: table.place(name) for name in ("reference", *sorted(DATES), *TEXTS)}
    return _Layout(
        places,
        tuple(((start, table.place(start)), (end, table.place(end))) for start, end in jobs),
    )


def _faults_in(table: Table, layout: _Layout, number: int, texts: Sequence[str]) -> Iterator[Fault]:
    places = layout.places
    if not texts[places["reference"]]:
        yield table.fault(number, "reference", "a reference was expected")
    for column, place in places.items():
        text = texts[place]
        if column in DATES:
            if text and iso_date(text) is None:
                yield _bad_date(table, number, column, text)
        elif is_formula(text):
            yield table.fault(number, column, "a formula; write what it comes to")
    started = iso_date(texts[places["service_start"]])
    for start, end in layout.jobs:
        if texts[start[1]] or texts[end[1]]:
            columns = (start[0], end[0])
            yield from _job_faults(
                table, number, columns, started, (texts[start[1]], texts[end[1]])
            )


def _job_faults(
    table: Table,
    number: int,
    columns: tuple[str, str],
    started: date | None,
    texts: tuple[str, str],
) -> Iterator[Fault]:
    for column, text in zip(columns, texts, strict=True):
        if text and iso_date(text) is None:
            yield _bad_date(table, number, column, text)
    start, end = map(iso_date, texts)
    if start is None:
        if not texts[0]:
            yield table.fault(number, columns[0], f"empty, and {columns[1]} is {texts[1]}")
        return
    if end is not None and end < start:
        yield table.fault(number, columns[1], f"{end}, before {columns[0]}, {start}")
    if started is not None and start < started:
        yield table.fault(number, columns[0], f"{start}, before service_start, {started}")


def _bad_date(table: Table, number: int, column: str, text: str) -> Fault:
    if is_formula(text):
        return table.fault(number, column, "a formula; write the date it comes to as YYYY-MM-DD")
    return table.fault(number, column, f"a date as YYYY-MM-DD was expected, not '{text[:40]}'")


def _client(layout: _Layout, number: int, texts: Sequence[str]) -> Client:
    places = layout.places
    jobs = [
        Job(began, iso_date(texts[end[1]]))
        for start, end in layout.jobs
        if (began := iso_date(texts[start[1]])) is not None
    ]
    return Client(
        row=number,
        reference=texts[places["reference"]],
        service_start=iso_date(texts[places["service_start"]]),
        jobs=tuple(sorted(jobs, key=_BEGAN)),
        referral_date=iso_date(texts[places["referral_date"]]),
        eligibility_meeting=iso_date(texts[places["eligibility_meeting"]]),
        profile_start=iso_date(texts[places["profile_start"]]),
        status=texts[places["status"]],
        age=texts[places["age"]],
        gender=texts[places["gender"]],
        ethnicity=texts[places["ethnicity"]],
    )
