"""Indicators of a long client list and scores of many reviews, beside plain numpy in the same run.

The floor knows nothing of faults, of exact fractions or of reasons in words; what it comes to is
compared, so that both have done the same. A list must be done within some seconds, with the web
part too; a score has no bar, as nobody waits for ten thousand of them.
"""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, Final, TypeVar
from uuid import UUID, uuid4

import numpy as np
from openpyxl import Workbook
from sqlalchemy import insert

from bench.asking import WrongAnswer, signed_in
from bench.company import Names, role_row
from bench.databases import KINDS, new_database
from bench.report import OVER
from config import DevelopmentConfig
from epa.app import create_app
from epa.clock import utc_now
from epa.database import Base, db, unit_of_work
from epa.people.models import Organisation, OrganisationKindHeld, Person, RoleAssignment
from epa.people.names import search_form
from epa.people.rules import OrganisationKind, Role
from frameworks import load_framework, score
from frameworks.kpis.clients import read_clients
from frameworks.kpis.indicators import months_before
from frameworks.kpis.report import report_of, with_clients
from frameworks.kpis.tables import read_csv
from frameworks.quality_framework import WeightedFidelity

CLIENTS: Final = 100_000
REVIEWS: Final = 10_000
MOST_SECONDS: Final = 5.0
_ON: Final = date(2026, 4, 1)
_HEAD: Final = ("reference", "service_start", "job_start", "job_end", "age", "gender", "ethnicity")
_SEE_OTHER: Final = 303
_ENOUGH: Final = 1e-6
Found = TypeVar("Found")


@dataclass(frozen=True)
class Timed:
    """Seconds by the clock on the wall, and of this process."""

    wall: float
    cpu: float


def lines(clients: int = CLIENTS, reviews: int = REVIEWS) -> Iterator[str]:
    """The lines of the table as they are known; one that took too long ends in ``OVER``."""
    yield f"{'':44}{'wall':>8}{'CPU':>8}{'numpy':>8}{'ratio':>8}   seconds, CPU beside CPU"
    with TemporaryDirectory(prefix="plumbline-bench-", ignore_cleanup_errors=True) as folder:
        table, book = Path(folder, "clients.csv"), Path(folder, "clients.xlsx")
        rows = list(_clients(clients))
        _write(rows, table, book)
        framework, _ = with_clients(load_framework("seqf"))
        report, took = _timed(
            lambda: report_of(framework, read_clients(read_csv(table)), None, _ON, seed=1)
        )
        plain, floor = _timed(lambda: _plain_indicators(table, framework))
        for one in report.indicators:
            _same(one.letter, one.outcome.value, plain.get(one.letter))
        yield _line(f"Indicators of {clients:,} clients", took, floor, MOST_SECONDS)
        for file in (table, book):
            took = _uploaded(file)
            kind = "CSV" if file is table else "Excel"
            yield _line(f"  uploaded and kept on the web, {kind}", took, floor, MOST_SECONDS)
    yield _scores(framework, reviews)


def _timed(act: Callable[[], Found]) -> tuple[Found, Timed]:
    wall, cpu = time.perf_counter(), time.process_time()
    found = act()
    return found, Timed(time.perf_counter() - wall, time.process_time() - cpu)


def _line(title: str, took: Timed, floor: Timed, most: float | None = None) -> str:
    ratio = took.cpu / floor.cpu
    verdict = "" if most is None else "  within" if took.wall <= most else f"  {OVER}"
    said = f"{title:44}{took.wall:8.2f}{took.cpu:8.2f}{floor.cpu:8.3f}{ratio:8.1f}"
    return f"{said}   {'' if most is None else f'at most {most:g} s'}{verdict}".rstrip()


def _same(what: str, ours: Any, plain: float | None) -> None:
    if plain is not None and (ours is None or abs(float(ours) - plain) > _ENOUGH):
        raise WrongAnswer(f"{what}: {ours} here, {plain} by numpy")


# ------------------------------------------------------------------------------ clients


def _clients(many: int) -> Iterator[list[str]]:
    """Clients of three years, invented; the same on every run."""
    chance = Random(many)  # noqa: S311 (reproducible on purpose)
    for number in range(many):
        start = date(2023, 4, 1) + timedelta(days=chance.randrange(1000))
        job = start + timedelta(days=chance.randrange(20, 300)) if chance.random() < 0.45 else None  # noqa: PLR2004 (a share)
        ends = job is not None and chance.random() < 0.4  # noqa: PLR2004 (a share)
        end = job + timedelta(days=chance.randrange(20, 400)) if job and ends else ""
        yield [
            *(f"C-{number:06}", str(start), str(job or ""), str(end)),
            str(chance.randrange(16, 65)),
            chance.choice(("woman", "man", "other")),
            chance.choice(("Asian", "Black", "Mixed", "Other", "White")),
        ]


def _write(rows: list[list[str]], table: Path, book: Path) -> None:
    with table.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(_HEAD)
        writer.writerows(rows)
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("Clients")
    sheet.append(list(_HEAD))
    for reference, *days, age, gender, ethnicity in rows:
        dates = [date.fromisoformat(day) if day else None for day in days]
        sheet.append([reference, *dates, int(age), gender, ethnicity])
    workbook.save(book)


def _plain_indicators(table: Path, framework: WeightedFidelity) -> dict[str, float]:
    """A, B and E of a list with one job to a client and no fault in it."""
    measures = framework.client_measures
    if measures is None:
        raise LookupError("the definition has no measures of clients")
    with table.open(encoding="utf-8", newline="") as stream:
        columns = list(zip(*list(csv.reader(stream))[1:], strict=True))
    started, job, end = (np.array(columns[place], dtype="datetime64[D]") for place in (1, 2, 3))
    on = np.datetime64(_ON)
    is_starter = started <= on
    has_job = job <= on
    waits = (job - started)[has_job & ~np.isnat(started)]
    eligible = job < np.datetime64(months_before(_ON, measures.eligible_after_months))
    until = np.where(np.isnat(end) | (end > on), on, end)
    kept = (until - job)[eligible] >= np.timedelta64(measures.kept_days, "D")
    return {
        "A": float(100 * (is_starter & has_job).sum() / is_starter.sum()),
        "B": float(waits.astype(int).mean() / 7),
        "E": float(100 * kept.mean()),
    }


def _uploaded(file: Path) -> Timed:
    """Send a list to a new application as a browser would, and see that it is kept."""
    with new_database(KINDS[0]) as environ:
        app = create_app(DevelopmentConfig(environ, WTF_CSRF_ENABLED=False))
        with app.app_context():
            Base.metadata.create_all(db.engine)
            epao, provider, lead = _people()
        client = signed_in(app, lead)
        days = {"starts_on": (1, 4, 2023), "ends_on": (31, 3, 2026), "assessed_on": (1, 4, 2026)}
        data: dict[str, Any] = {
            f"{name}-{part}": str(figure)
            for name, figures in days.items()
            for part, figure in zip(("day", "month", "year"), figures, strict=True)
        }
        data |= {"epao": str(epao), "clients": (io.BytesIO(file.read_bytes()), file.name)}
        answer, took = _timed(
            lambda: client.post(f"/organisations/{provider}/client-lists/new", data=data)
        )
        if answer.status_code != _SEE_OTHER:
            raise WrongAnswer(f"the list was answered {answer.status_code}")
        with app.app_context():
            db.engine.dispose()
    return took


def _people() -> tuple[UUID, UUID, UUID]:
    """An EPAO, a provider and its quality lead."""
    at, epao, provider, lead = utc_now(), uuid4(), uuid4(), Names()
    person = lead.person(at)
    with unit_of_work() as session:
        connection = session.connection()
        for key, name, kind in (
            (epao, "Calder Vale Assessment", OrganisationKind.EPAO),
            (provider, "Fellgate Works", OrganisationKind.EMPLOYABILITY_PROVIDER),
        ):
            about = {"id": key, "name": name, "search_name": search_form(name), "created_at": at}
            connection.execute(insert(Organisation.__table__), [about])  # type: ignore[arg-type]  # a mapped table
            held = {"organisation_id": key, "kind": kind}
            connection.execute(insert(OrganisationKindHeld.__table__), [held])  # type: ignore[arg-type]  # a mapped table
        connection.execute(insert(Person.__table__), [person])  # type: ignore[arg-type]  # a mapped table
        role = {"id": uuid4(), **role_row(person["id"], Role.PROVIDER_QUALITY_LEAD, provider, at)}
        connection.execute(insert(RoleAssignment.__table__), [role])  # type: ignore[arg-type]  # a mapped table
    return epao, provider, person["id"]


# ------------------------------------------------------------------------------- scores


def _scores(framework: WeightedFidelity, many: int) -> str:
    """The line of so many scores, each with its outcome."""
    reviews = list(_reviews(framework, many))
    found, took = _timed(lambda: [score(framework, review) for review in reviews])
    (scores, outcomes), floor = _timed(lambda: _plain_scores(framework, reviews))
    for one, plain, outcome in zip(found, scores, outcomes, strict=True):
        document = one.as_json()
        _same("score", document["score"], float(plain))
        if document["outcome"] != outcome:
            raise WrongAnswer(f"{document['outcome']} here, {outcome} by numpy")
    return _line(f"Scores of {many:,} reviews", took, floor)


def _reviews(framework: WeightedFidelity, many: int) -> Iterator[dict[str, Any]]:
    chance = Random(many)  # noqa: S311 (reproducible on purpose)
    rated = [one.code for one in framework.criteria if one.code not in framework.measures]
    for _ in range(many):
        good = chance.random()
        yield {
            "ratings": {code: 2 - (chance.random() > good) for code in rated},
            "measures": {
                code: round(chance.uniform(measure.lowest, min(100, measure.highest)), 3)
                for code, measure in framework.measures.items()
            },
        }


def _plain_scores(
    framework: WeightedFidelity, reviews: list[dict[str, Any]]
) -> tuple[np.ndarray[Any, Any], list[str]]:
    """Scores and outcomes of complete reviews whose values are all in range."""
    rated = [one for one in framework.criteria if one.code not in framework.measures]
    points = np.array([[one["ratings"][criterion.code] for criterion in rated] for one in reviews])
    marks = {
        code: _plain_marks(measure, np.array([one["measures"][code] for one in reviews]))
        for code, measure in framework.measures.items()
    }
    best = max(level.points or 0 for level in framework.scale)
    scores = np.zeros(len(reviews))
    for section in framework.sections:
        places = [place for place, one in enumerate(rated) if one.section == section.code]
        measured = [
            one.code
            for one in framework.criteria
            if one.section == section.code and one.code in marks
        ]
        reached = points[:, places].sum(axis=1) + sum(marks[code] for code in measured)
        most = best * len(places) + sum(framework.measures[code].marks_max for code in measured)
        scores += reached / most * section.weight
    return scores, _plain_outcomes(framework, scores, marks)


def _plain_marks(measure: Any, values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    if measure.marks_are_value:
        return values
    marks = np.zeros(len(values))
    for step in measure.steps:
        reached = values >= step.at if measure.better == "more" else values <= step.at
        marks[reached] = step.earns
    return marks


def _plain_outcomes(
    framework: WeightedFidelity,
    scores: np.ndarray[Any, Any],
    marks: Mapping[str, np.ndarray[Any, Any]],
) -> list[str]:
    sums = {gate.code: sum(marks[code] for code in gate.sums) for gate in framework.gates}
    outcomes = np.full(len(scores), framework.bands[0].code, dtype=object)
    for band in framework.bands:
        holds = scores >= band.from_percent
        for gate, needed in band.gates.items():
            holds &= sums[gate] >= needed
        outcomes[holds] = band.code
    return [str(one) for one in outcomes]
