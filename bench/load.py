"""``make load``: hundreds of candidates start at once, answer and hand in; every answer is looked for.

Server and database run on one core where there are two, the candidates on the other. What a save
costs is the processor time of all processes of the server and of the database, beside a bare Flask
view that keeps one row durably in the same database, behind the same web server, in turns.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import quantiles
from typing import Any, Final

from flask import Flask
from sqlalchemy import func, select, text

from bench.candidate import OK, Candidate, LineLost, Tally, asked
from bench.databases import KINDS, new_database
from bench.floor import bare_app
from bench.hall import Board, Hall, Seat, filled
from bench.processes import cores, cpu_seconds, family_of, parent_of, pin
from bench.report import OVER
from bench.serving import Served, served
from config import DevelopmentConfig
from epa.app import create_app
from epa.clock import utc_now
from epa.database import Base, db
from question_bank.sittings.finishing import is_unchanged
from question_bank.sittings.models import AnswerEdit, Sitting

KEPT: Final = Path(__file__).resolve().parents[1] / "var" / "load.txt"
SAVE_BAR: Final = 2.0
START_P95, SAVE_P95, BOARD_WITHIN = 2000.0, 300.0, 5000.0
_CANDIDATES: Final = {KINDS[0]: 200, KINDS[1]: 500}
_SECONDS, _SPEED, _SAVES, _STARTS = 120.0, 1.0, 400, 60
_WORKERS: Final = 3
_BOARD_EVERY: Final = 5.0
_HANDS: Final = 4
_TURNS: Final = 4
_WARM: Final = 20
_LAST_AFTER: Final = 120.0
_VALUE: Final = "I would ask what they tried already and agree one small step with a day to it. "


@dataclass(frozen=True)
class Plan:
    """How much is done.

    Attributes:
        candidates: how many start at once.
        seconds: for how long they answer.
        speed: how many times faster than life.
        saves: on how many saves their cost is measured, and as many of the bare view.
        starts: on how many starts theirs is.
    """

    candidates: int
    seconds: float = _SECONDS
    speed: float = _SPEED
    saves: int = _SAVES
    starts: int = _STARTS


def lines(kind: str, plan: Plan) -> Iterator[str]:
    """The lines of the table of one database as they are known; what is out of bounds says so."""
    with new_database(kind) as environ, ExitStack() as stack:
        app = create_app(DevelopmentConfig(environ))
        with app.app_context():
            Base.metadata.create_all(db.engine)
            bare = bare_app(db.engine, {})
        hall = filled(app, plan.candidates + plan.starts + _HANDS, utc_now())
        run = _Run(app, bare, hall, plan, stack)
        yield f"{kind}: {plan.candidates} candidates for {plan.seconds:g} s, {run.pace}; {run.where}"
        # In a thread of its own: whoever asks for the lines may have a loop running already.
        with ThreadPoolExecutor(1) as pool:
            yield from pool.submit(asyncio.run, run.measured()).result()
        yield from run.checked()


class _Run:
    """One run: the servers, the candidates, and what they saw."""

    def __init__(self, app: Flask, bare: Flask, hall: Hall, plan: Plan, stack: ExitStack) -> None:
        self._app, self._plan, self._hall = app, plan, hall
        self._tally, self._chance = Tally(), Random(plan.candidates)  # noqa: S311 (the same on every run)
        self._before = cores()
        ours, theirs = (self._before[0], self._before[1]) if len(self._before) > 1 else (None, None)
        with app.app_context():
            dialect = db.engine.dialect.name
            self._database = _database_process() if dialect == "postgresql" else None
            db.engine.dispose()
        self._server = stack.enter_context(served(app, dialect, _WORKERS, ours))
        self._bare = stack.enter_context(served(bare, dialect, _WORKERS, ours))
        stack.callback(os.sched_setaffinity, 0, set(self._before))
        self.where = "server and database on one core, candidates on the other"
        if ours is None or theirs is None:
            self.where = "all on one core"
        else:
            pin([os.getpid()], theirs)
            if self._database:
                pin(family_of(self._database), ours)

    @property
    def pace(self) -> str:
        """How fast they are, in words."""
        return "at life's pace" if self._plan.speed == 1 else f"{self._plan.speed:g} times as fast"

    async def measured(self) -> list[str]:
        """The run itself, then the cost of saves alone."""
        first = _HANDS + self._plan.starts
        everybody = [self._candidate(one) for one in self._hall.seats[first:]]
        await _wait(everybody)
        used, wall = self._cpu(self._server), time.monotonic()
        await self._sit(everybody)
        took = sum(self._cpu(self._server)) - sum(used)
        share = took / (time.monotonic() - wall)
        said = [
            _times("Start, all at once", self._tally.starts, START_P95),
            _times("Save", self._tally.saves, SAVE_P95),
            _times("Board of 20", self._tally.boards, BOARD_WITHIN),
        ]
        said += [await self._start_cost(), *await self._cost()]
        room = self._plan.candidates * self._plan.speed / share
        return [*said, f"{'Candidates a core':28}{room:8.0f}"]

    def checked(self) -> Iterator[str]:
        """Compare every acknowledged edit with the database, and every receipt with its log."""
        tally = self._tally
        with self._app.app_context():
            query = select(
                AnswerEdit.sitting_id,
                AnswerEdit.number,
                AnswerEdit.device,
                AnswerEdit.sequence,
                AnswerEdit.value,
            )
            kept = {tuple(row) for row in db.session.execute(query)}
            lost = sum(row not in kept for row in tally.acknowledged)
            wrong = sum(
                not is_unchanged(db.session.get_one(Sitting, one)) for one in tally.handed_in
            )
            sittings = db.session.scalar(select(func.count()).select_from(Sitting))
            db.session.remove()
            db.engine.dispose()
        is_right = not (lost or wrong or tally.server_errors or tally.refusals)
        is_whole = len(tally.handed_in) == self._plan.candidates
        yield (
            f"{len(tally.acknowledged):,} edits acknowledged, {lost} lost; {tally.dropped} lines"
            f" dropped; {tally.server_errors} server errors; {len(tally.refusals)} refusals;"
            f" {len(tally.handed_in)} receipts, {wrong} wrong; {sittings} sittings  "
            + ("within" if is_right and is_whole else OVER)
        )
        yield from sorted(set(tally.refusals))

    async def _sit(self, everybody: Sequence[Candidate]) -> None:
        """All start at once, and end by themselves."""
        watching = [asyncio.create_task(self._watch(one)) for one in self._hall.boards]
        try:
            async with asyncio.timeout(self._plan.seconds + _LAST_AFTER):
                await asyncio.gather(*(one.start() for one in everybody))
                await asyncio.gather(*(one.sit(self._plan.seconds) for one in everybody))
        finally:
            for one in watching:
                one.cancel()
            await asyncio.gather(*watching, return_exceptions=True)

    def _candidate(self, seat: Seat) -> Candidate:
        chance = Random(self._chance.random())  # noqa: S311 (the same on every run)
        return Candidate(seat, self._server.port, self._plan.speed, chance, self._tally)

    async def _watch(self, board: Board) -> None:
        while True:
            await asyncio.sleep(self._chance.random() * _BOARD_EVERY / self._plan.speed)
            begun = time.perf_counter()
            try:
                status, _rows = await asked(self._server.port, board.address, board.headers)
            except LineLost:
                status = 500
            self._tally.server_errors += status != OK
            self._tally.boards.append((time.perf_counter() - begun) * 1000)
            await asyncio.sleep(_BOARD_EVERY / self._plan.speed)

    async def _start_cost(self) -> str:
        """A common start with nothing beside it."""
        late = [self._candidate(one) for one in self._hall.seats[_HANDS:][: self._plan.starts]]
        await _wait(late)
        before = self._cpu(self._server)
        await asyncio.gather(*(one.open() for one in late))
        used = zip(before, self._cpu(self._server), strict=True)
        ours, theirs = ((now - then) * 1000 / len(late) for then, now in used)
        return f"{'CPU of a start, ms':28}{ours:8.2f} server{theirs:8.2f} database"

    async def _cost(self) -> list[str]:
        """Saves and bare upserts in turns, so that whatever else the machine does falls on both."""
        hands = [self._candidate(seat) for seat in self._hall.seats[:_HANDS]]
        for hand in hands:
            hand.loses = 0.0  # nothing is sent twice there: the bare view's line is never lost
            await hand.open()
        sitting = str(self._hall.seats[0].sitting)
        numbers = iter(range(10**9))

        async def upsert() -> None:
            sent = {"sitting": sitting, "number": next(numbers) % 40, "value": _VALUE * 3}
            status, _said = await asked(self._bare.port, "/answer", {}, sent)
            self._tally.server_errors += status != OK

        each = max(1, self._plan.saves // _TURNS // _HANDS)
        saving, putting = [hand.save for hand in hands], [upsert] * _HANDS
        ours, floor = [0.0, 0.0], [0.0, 0.0]
        await _repeat(saving, min(each, _WARM))
        await _repeat(putting, min(each, _WARM))
        for _ in range(_TURNS):
            for what, server, spent in ((saving, self._server, ours), (putting, self._bare, floor)):
                before = self._cpu(server)
                await _repeat(what, each)
                for place, used in enumerate(self._cpu(server)):
                    spent[place] += used - before[place]
        done = each * _HANDS * _TURNS / 1000
        ratio = sum(ours) / sum(floor) if sum(floor) else 0.0
        verdict = "within" if ratio <= SAVE_BAR else OVER
        return [
            f"{'CPU of a save, ms':28}{ours[0] / done:8.2f} server{ours[1] / done:8.2f} database",
            f"{'CPU of a bare upsert, ms':28}{floor[0] / done:8.2f} server{floor[1] / done:8.2f} database",
            f"{'A save beside it':28}{ratio:8.2f} times, bar {SAVE_BAR}  {verdict}",
        ]

    def _cpu(self, server: Served) -> tuple[float, float]:
        """What a server and the database have used so far, in seconds."""
        return cpu_seconds(server.pid), cpu_seconds(self._database) if self._database else 0.0


async def _wait(candidates: Sequence[Candidate]) -> None:
    """All go to the waiting room, some before others."""
    for place in range(0, len(candidates), _HANDS):
        await asyncio.gather(*(one.wait() for one in candidates[place : place + _HANDS]))


async def _repeat(acts: Sequence[Callable[[], Coroutine[Any, Any, None]]], times: int) -> None:
    """Each act so many times, one after the other, all of them side by side."""

    async def again(act: Callable[[], Coroutine[Any, Any, None]]) -> None:
        for _ in range(times):
            await act()

    await asyncio.gather(*map(again, acts))


def _times(title: str, found: Sequence[float], bar: float) -> str:
    """A line of milliseconds: the half, and what all but five or one in a hundred keep within."""
    if len(found) < 2:  # noqa: PLR2004 (of one there is no share)
        return f"{title:28}{'none':>8}"
    cut = quantiles(found, n=100, method="inclusive")
    verdict = "within" if cut[94] <= bar else OVER
    figures = "".join(f"{cut[place]:8.0f}" for place in (49, 94, 98))
    return f"{title:28}{figures}  ms at p50, p95, p99 of {len(found):,}, bar {bar:g}  {verdict}"


def _database_process() -> int:
    """PostgreSQL's first process, which all of its others descend from."""
    backend = db.session.scalar(text("SELECT pg_backend_pid()"))
    db.session.remove()
    return parent_of(int(backend or 0))


def main() -> int:
    """Run on both databases; 1 when something is out of bounds."""
    kinds = os.environ.get("LOAD_DATABASES", " ".join(KINDS)).split()
    said: list[str] = []
    for kind in kinds:
        plan = Plan(
            int(os.environ.get("LOAD_CANDIDATES", _CANDIDATES[kind])),
            float(os.environ.get("LOAD_SECONDS", _SECONDS)),
            float(os.environ.get("LOAD_SPEED", _SPEED)),
        )
        for line in lines(kind, plan):
            print(line, flush=True)  # noqa: T201 (what it is for)
            said.append(line)
    KEPT.parent.mkdir(exist_ok=True)
    KEPT.write_text("\n".join(said) + "\n", encoding="utf-8")
    return 1 if any(line.endswith(OVER) for line in said) else 0


if __name__ == "__main__":
    sys.exit(main())
