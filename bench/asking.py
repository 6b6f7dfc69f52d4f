"""What is asked: each role's pages, and the saves of a mark sheet, by somebody who is signed in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event

from bench.floor import Statement
from epa.clock import utc_now
from epa.database import db, unit_of_work
from epa.people.models import Person
from epa.people.rules import Role
from epa.sign_in.services import open_session

_OK: Final = 200
_TOKEN: Final = re.compile(r'name="csrf_token" value="([^"]+)"')
# Whose page, what it is called, where it is.
PAGES: Final = (
    *(
        (role, "What needs you", "/")
        for role in (
            *(Role.ADMINISTRATOR, Role.INDEPENDENT_ASSESSOR, Role.MARKER, Role.INVIGILATOR),
            *(Role.INTERNAL_QUALITY_ASSURER, Role.AUDITOR, Role.APPRENTICE, Role.EMPLOYER),
            Role.TRAINING_PROVIDER,
        )
    ),
    *(
        (role, "Apprentices", "/apprentices")
        for role in (
            *(Role.ADMINISTRATOR, Role.INDEPENDENT_ASSESSOR, Role.EMPLOYER, Role.TRAINING_PROVIDER),
        )
    ),
    (Role.ADMINISTRATOR, "Apprentices, searched", "/apprentices?words=an"),
    (Role.ADMINISTRATOR, "Apprentices, a stage searched", "/apprentices?words=an&stage=assessment"),
    (Role.TRAINING_PROVIDER, "Apprentices, searched", "/apprentices?words=an"),
    (Role.ADMINISTRATOR, "Search", "/search?q=an"),
)


class WrongAnswer(RuntimeError):
    """A page or save that was to be measured did not answer as it should."""


@dataclass(frozen=True)
class Page:
    """One page of one person."""

    role: Role
    title: str
    address: str
    client: FlaskClient

    @property
    def key(self) -> str:
        """Its name among the floors."""
        return f"{self.role.value}-{self.title}".replace(" ", "-").replace(",", "").lower()

    def fetch(self) -> str:
        """The page as it is sent."""
        answer = self.client.get(self.address)
        if answer.status_code != _OK:
            raise WrongAnswer(f"{self.address} answered {answer.status_code}")
        return answer.get_data(as_text=True)


class Sheet:
    """An open mark sheet in its assessor's browser, and what the page's script sends from it."""

    def __init__(self, client: FlaskClient, attempt: UUID, ksb: str, source: str) -> None:
        self._client, self._ksb, self._source = client, ksb, source
        self._address = f"/attempts/{attempt}/observation"
        page = client.get(self._address)
        token = _TOKEN.search(page.get_data(as_text=True))
        if token is None:
            raise WrongAnswer(f"{self._address} answered {page.status_code} without a token")
        self._headers = {"X-CSRFToken": token[1]}
        self._seen = 1

    def judge(self) -> None:
        """Change a judgement: the newest of the KSB counts."""
        grade = "pass" if self._seen % 2 else "fail"
        self._seen = self._post("judgement", {"grade": grade, "seen": self._seen})["sequence"]

    def note(self) -> None:
        """Write a note for the KSB."""
        text = "Asked what had gone well, waited, and put the answer in the person's own words."
        self._post("note", {"source": self._source, "text": text, "token": str(uuid4())})

    def _post(self, what: str, sent: dict[str, Any]) -> dict[str, Any]:
        answer = self._client.post(
            f"{self._address}/ksbs/{self._ksb}/{what}", json=sent, headers=self._headers
        )
        if answer.status_code != _OK:
            raise WrongAnswer(f"{what} answered {answer.status_code}")
        said: dict[str, Any] = answer.get_json()
        return said


def signed_in(app: Flask, person_id: UUID) -> FlaskClient:
    """A browser in which a person is signed in."""
    with app.app_context(), unit_of_work():
        person = db.session.get(Person, person_id)
        if person is None:
            raise LookupError("nobody to sign in")
        token = open_session(person, at=utc_now(), complete=True)
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
    return client


@contextmanager
def statements_of(engine: Engine) -> Iterator[list[Statement]]:
    """The statements sent to the database meanwhile, without the words that open a transaction."""
    sent: list[Statement] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            sent.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
