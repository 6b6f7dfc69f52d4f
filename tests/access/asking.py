"""Asking for pages as one reader after the other, and what came back."""

import hashlib
import io
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from uuid import uuid4

from flask import g, has_app_context
from openpyxl import load_workbook
from sqlalchemy import event, select, text

from epa.database import Base, db
from epa.invigilation import pages as sessions
from epa.judgements import blank_page
from epa.reports import pages as reports
from epa.review_reports import pages as review_reports
from question_bank.papers import pages as papers
from question_bank.responses import documents as responses
from tests.access.turns import Turns
from tests.page import words

UNKNOWN = str(uuid4())


@dataclass
class Answer:
    """One answer, with everything of it that somebody could read."""

    reader: str
    method: str
    endpoint: str
    path: str
    record: str
    response: object
    wrote: bool

    @property
    def status(self):
        return self.response.status_code

    def __str__(self):
        record = f" of {self.record}" if self.record else ""
        return f"{self.reader}: {self.method} {self.endpoint}{record}: {self.status}"

    @cached_property
    def raw(self):
        """Headers and body."""
        head = "\n".join(f"{name}: {value}" for name, value in self.response.headers)
        return f"{head}\n{self.shown}"

    @cached_property
    def shown(self):
        """The body as text: of a workbook, what is in its cells."""
        body = self.response.get_data()
        shown = body.decode("utf-8", "replace")
        if self.response.mimetype.endswith("spreadsheetml.sheet"):
            rows = load_workbook(io.BytesIO(body)).active.values
            shown = "\n".join("\t".join(map(str, row)) for row in rows)
        return shown

    @cached_property
    def text(self):
        return words(self.response)


class Asker:
    """Sends requests as a reader; each in a transaction of its own that is rolled back."""

    def __init__(self, app, connection, world, patch):
        self.app, self.connection, self.world = app, connection, world
        self.is_postgresql = connection.dialect.name == "postgresql"
        self.turns = Turns(app, world)
        self._statements, self._clients = [], {}
        event.listen(connection, "before_cursor_execute", self._note)
        # What the application commits is a savepoint's, inside the transaction of the request.
        patch.setitem(db.session.session_factory.kw, "join_transaction_mode", "create_savepoint")
        self._show_what_is_printed(patch)
        with self._undone():
            self.digest = self._digest()

    def _note(self, _connection, _cursor, statement, *_rest):
        self._statements.append(statement.lstrip()[:6].upper())

    def _show_what_is_printed(self, patch):
        """A document is answered as the page it is printed from, with all its words.

        An engine prints no word that is not there, and would take most of the time of these tests.
        """

        def unprinted(html, **how):
            told = " ".join(str(one) for one in how.values())
            return f"%PDF-1.7\n{html}\n{told}".encode()

        for room in (reports, blank_page, papers, responses, review_reports, sessions):
            patch.setattr(room, "render_pdf", unprinted)

    def client(self, reader):
        """The reader's browser."""
        if reader.name not in self._clients:
            client = self.app.test_client()
            if reader.token:
                with client.session_transaction() as cookie:
                    cookie["_user_id"], cookie["_fresh"] = reader.token, True
            self._clients[reader.name] = client
        return self._clients[reader.name]

    def ask(self, reader, method, endpoint, path, record="", **kwargs):
        """One request; what it did is undone."""
        if has_app_context():
            g.pop("_login_user", None)
        self._statements.clear()
        with self._undone():
            client = self.client(reader)
            cookies = dict(client._cookies)
            response = self._answer(client, path, method, kwargs)
            client._cookies.clear()
            client._cookies.update(cookies)
            wrote = self._is_refused(response) and self._has_written() and self._changed()
        return Answer(reader.name, method, endpoint, path, record, response, wrote)

    @contextmanager
    def world_where(self, statement):
        """The same world, but for one change."""
        with self._undone():
            self.connection.execute(text(statement))
            yield

    @contextmanager
    def _undone(self):
        """A transaction that is never committed; in another one a savepoint."""
        is_inside = self.connection.in_transaction()
        begun = self.connection.begin_nested() if is_inside else self.connection.begin()
        try:
            yield
        finally:
            begun.rollback()

    def _answer(self, client, path, method, kwargs):
        """The answer; a crash, which tests are shown as what was raised, as the 500 it is."""
        try:
            response = client.open(path, method=method, **kwargs)
            response.get_data()
        except Exception as fault:  # noqa: BLE001 (whatever it is, it is a 500 to a browser)
            return self.app.response_class(f"{type(fault).__name__}: {fault}", 500)
        return response

    def _is_refused(self, response):
        return response.status_code in {401, 403, 404, 405} or "/sign-in" in (
            response.headers.get("Location", "")
        )

    def _changed(self):
        return self._digest() != self.digest

    def _has_written(self):
        return not {"INSERT", "UPDATE", "DELETE"}.isdisjoint(self._statements)

    def _digest(self):
        """Everything in the database, as one number."""
        whole = hashlib.sha256()
        for table in Base.metadata.sorted_tables:
            rows = self.connection.execute(select(table)).all()
            whole.update(table.name.encode())
            whole.update("\n".join(sorted(map(repr, rows))).encode())
        return whole.hexdigest()
