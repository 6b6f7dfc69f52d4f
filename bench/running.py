"""One run on one database: fill it, count queries with few and many rows, then take the time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Final
from uuid import UUID

from flask import Flask
from sqlalchemy import Engine, insert, text

from bench.asking import PAGES, Page, Sheet, signed_in, statements_of
from bench.cases import FRAMEWORK, Cases
from bench.company import Company, Names, Rows, company
from bench.floor import Plain, bare_app
from bench.measuring import PAGE_BAR, SAVE_BAR, cost_of
from bench.report import Line
from config import DevelopmentConfig
from epa.app import create_app
from epa.clock import utc_now
from epa.database import Base, db, unit_of_work
from epa.lifecycle.definitions import latest
from epa.people.rules import ROLE_TITLES, Role

_CHUNK: Final = 1000


class Run:
    """A database with apprentices, and the browsers of those who look at them."""

    def __init__(self, app: Flask, apprentices: int) -> None:
        names, at = Names(), utc_now()
        self._app, self._apprentices = app, apprentices
        with app.app_context():
            self._engine: Engine = db.engine
            Base.metadata.create_all(self._engine)
        self._company, rows = company(apprentices, names, at)
        self._cases = Cases(self._company, names, at)
        self._keep(rows)

    def lines(self, rounds: int, few: int) -> Iterator[Line]:
        """Fill, count and measure; each line as soon as it is known.

        Args:
            rounds: how many turns each takes.
            few: with how many apprentices queries are counted first, then with all.
        """
        self._grow(few)
        people = _people(self._company, self._cases)
        clients = {role: signed_in(self._app, person) for role, person in people.items()}
        pages = [Page(role, title, at, clients[role]) for role, title, at in PAGES]
        before = {page.key: self._plain(page) for page in pages}
        self._grow(self._apprentices - few)
        after = {page.key: self._plain(page) for page in pages}
        bare = bare_app(self._engine, after).test_client()
        for page in pages:
            cost = cost_of(page.fetch, partial(bare.get, f"/pages/{page.key}"), rounds)
            both = (before[page.key], after[page.key])
            yield Line(
                f"{ROLE_TITLES[page.role]}: {page.title}",
                cost,
                PAGE_BAR,
                (len(both[0].statements), len(both[1].statements)),
                (both[0].rows_read, both[1].rows_read),
            )
        sheet = self._sheet()
        sent = {"grade": "pass", "text": "Asked what had gone well, and waited."}
        for title, act in (("Judgement", sheet.judge), ("Note", sheet.note)):
            cost = cost_of(act, lambda: bare.post("/save", json=sent), rounds)
            yield Line(f"Mark sheet saved: {title.lower()}", cost, SAVE_BAR)

    def _plain(self, page: Page) -> Plain:
        page.fetch()
        with statements_of(self._engine) as statements:
            shown = page.fetch()
        plain = Plain.of(shown, statements)
        plain.answer(self._engine)
        return plain

    def _sheet(self) -> Sheet:
        if self._cases.sheet is None:
            raise LookupError("there are too few apprentices for an open mark sheet")
        attempt, assessor = self._cases.sheet
        plan = latest(FRAMEWORK)
        source = plan.judged_method("observation").sources[0].code
        ksb = plan.ksbs_of("observation")[0]
        return Sheet(signed_in(self._app, assessor), attempt, ksb, source)

    def _grow(self, many: int) -> None:
        left = many
        while left > 0:
            self._keep(self._cases.next(min(left, _CHUNK)))
            left -= _CHUNK
        if self._engine.dialect.name == "postgresql":
            # What its own housekeeping does within a minute of so many new rows.
            with self._engine.begin() as connection:
                connection.execute(text("ANALYZE"))

    def _keep(self, rows: Rows) -> None:
        with self._app.app_context(), unit_of_work() as session:
            for model, several in rows.items():
                if several:
                    session.connection().execute(insert(model.__table__), several)


def _people(of: Company, cases: Cases) -> dict[Role, UUID]:
    """Who signs in, by role."""
    if cases.apprentice is None:
        raise LookupError("there are too few apprentices for one in the EPA period")
    staff = {role: people[0] for role, people in of.staff.items()}
    return {**staff, **of.clients, Role.APPRENTICE: cases.apprentice}


@contextmanager
def run_on(environ: Mapping[str, str], apprentices: int) -> Iterator[Run]:
    """A run on the database that the settings name; its connections are closed afterwards."""
    app = create_app(DevelopmentConfig(environ))
    try:
        yield Run(app, apprentices)
    finally:
        with app.app_context():
            db.engine.dispose()
