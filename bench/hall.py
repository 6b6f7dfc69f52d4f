"""Candidates before the start of a test on a screen: unlocked, signed in, twenty to an invigilator."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import insert

from bench.cases import FRAMEWORK, STANDARD
from bench.company import Names, Rows, role_row
from epa.audit.services import record
from epa.database import unit_of_work
from epa.invigilation.models import EventCandidate, EventShift, InvigilatedEvent
from epa.invigilation.rules import Delivery, EventStatus
from epa.lifecycle.definitions import latest
from epa.lifecycle.models import Apprenticeship, EndPointAssessment, MethodAttempt
from epa.lifecycle.rules import Stage
from epa.people.models import Organisation, OrganisationKindHeld, Person, RoleAssignment
from epa.people.names import search_form
from epa.people.rules import OrganisationKind, Role
from epa.sign_in.models import SignInSession
from epa.sign_in.rules import SESSION_LENGTH, new_token, token_hash
from frameworks import MarkedMethod
from question_bank.drawing.loading import default_blueprint
from question_bank.items.models import QuestionBank
from question_bank.papers.models import Paper
from question_bank.papers.rules import PaperPurpose
from question_bank.sittings.models import PaperDelivered, Sitting
from question_bank.sittings.rules import SittingState

METHOD: Final = "knowledge_test"
_TO_A_BOARD: Final = 20
_OPTIONS: Final = 4
_ULN: Final = "9900000000"
_CHOICE: Final = "multiple_choice"
_STEM: Final = (
    "<p>A participant who has been out of work for two years says that nobody has called back."
    " What would you do <strong>first</strong>, and why before anything else?</p>"
)
# Tables in the order in which rows point to each other.
_TABLES: Final[tuple[Any, ...]] = (
    *(Organisation, OrganisationKindHeld, Person, RoleAssignment, SignInSession, QuestionBank),
    *(Apprenticeship, EndPointAssessment, MethodAttempt, Paper, Sitting, PaperDelivered),
    *(InvigilatedEvent, EventShift, EventCandidate),
)
Headers = Mapping[str, str]


@dataclass(frozen=True)
class Seat:
    """A candidate: the sitting, what their browser sends with everything, and their questions.

    ``options`` are the names of each question's options by its number; none where one writes.
    """

    sitting: UUID
    headers: Headers
    options: Mapping[int, Sequence[str]]


@dataclass(frozen=True)
class Board:
    """An invigilator's board: where it is, and what their browser sends."""

    address: str
    headers: Headers


@dataclass(frozen=True)
class Hall:
    """All candidates and the boards on which they are seen."""

    seats: Sequence[Seat]
    boards: Sequence[Board]


def filled(app: Flask, many: int, at: datetime) -> Hall:
    """Seat so many candidates, each with a whole paper of their own.

    Args:
        app: whose database they stand in, and whose key signs what their browsers hold.
        many: how many.
        at: when they are unlocked; they were signed in just before.
    """
    making = _Making(app, at)
    seats = [making.seat() for _ in range(many)]
    making.close_event()
    with app.app_context(), unit_of_work() as session:
        for model in _TABLES:
            if making.rows[model]:
                session.connection().execute(insert(model.__table__), making.rows[model])
        # In use the log has long begun when a test starts.
        record(None, "hall filled", session.get_one(Sitting, seats[0].sitting), at=at)
    return Hall(seats, making.boards)


class _Making:
    """The rows of a hall, one candidate after the other."""

    def __init__(self, app: Flask, at: datetime) -> None:
        self._app, self._at = app, at
        self._names = Names(uuid4().hex)
        self._plan = latest(FRAMEWORK)
        method = self._plan.methods[METHOD]
        assert isinstance(method, MarkedMethod), "a test is marked"
        self._minutes = method.minutes
        self._marks = {kind.code: max(kind.marks) for kind in method.question_types}
        self._kinds = [
            cell.type_code for cell in default_blueprint(FRAMEWORK).cells for _ in range(cell.count)
        ]
        self.rows: Rows = {model: [] for model in _TABLES}
        self.boards: list[Board] = []
        self._epao = self._organisation(OrganisationKind.EPAO)
        self._employer = self._organisation(OrganisationKind.EMPLOYER)
        self._bank = self._add(
            QuestionBank,
            code=f"bench-{uuid4().hex[:12]}",
            title="Bench",
            epao_id=self._epao,
            framework_code=FRAMEWORK,
            created_at=at,
        )
        self._waiting: list[UUID] = []

    def seat(self) -> Seat:
        """One candidate more."""
        person, headers = self._person(Role.APPRENTICE)
        attempt = self._attempt(person)
        layout, content = self._paper()
        number = len(self.rows[Paper]) + 1
        paper = self._add(
            Paper,
            bank_id=self._bank,
            number=number,
            purpose=PaperPurpose.LIVE,
            seed=str(number),
            blueprint={},
            record={},
            digest=secrets.token_hex(32),
            candidate_id=person,
            drawn_at=self._at,
        )
        sitting = self._add(
            Sitting,
            candidate_id=person,
            attempt_id=attempt,
            paper_id=paper,
            state=SittingState.UNLOCKED,
            issued_at=self._at,
            allowed_seconds=self._minutes * 60,
            rest_seconds=0,
        )
        self.rows[PaperDelivered].append(
            {"sitting_id": sitting, "layout": layout, "content": content}
        )
        self._waiting.append(attempt)
        if len(self._waiting) == _TO_A_BOARD:
            self.close_event()
        return Seat(sitting, headers, {one["number"]: one["options"] for one in layout})

    def close_event(self) -> None:
        """Put those who are seated so far before an invigilator of their own."""
        if not self._waiting:
            return
        invigilator, headers = self._person(Role.INVIGILATOR)
        event = self._add(
            InvigilatedEvent,
            epao_id=self._epao,
            framework_code=FRAMEWORK,
            method_code=METHOD,
            starts_at=self._at,
            minutes=2 * self._minutes,
            delivery=Delivery.ONLINE,
            place="Room 1",
            status=EventStatus.PLANNED,
            planned_at=self._at,
            planned_by_id=invigilator,
            lock_version=1,
        )
        added = {"event_id": event, "added_at": self._at, "added_by_id": invigilator}
        self._add(EventShift, person_id=invigilator, **added)
        for attempt in self._waiting:
            self._add(EventCandidate, attempt_id=attempt, **added)
        self._waiting.clear()
        self.boards.append(Board(f"/test-sessions/{event}/board/rows", headers))

    def _add(self, model: Any, **values: Any) -> UUID:
        key = uuid4()
        self.rows[model].append({"id": key, **values})
        return key

    def _organisation(self, kind: OrganisationKind) -> UUID:
        name = f"Calder Vale {kind.value}"
        key = self._add(Organisation, name=name, search_name=search_form(name), created_at=self._at)
        self.rows[OrganisationKindHeld].append({"organisation_id": key, "kind": kind})
        return key

    def _person(self, role: Role) -> tuple[UUID, Headers]:
        """Somebody with a role, signed in, and what their browser sends."""
        row = self._names.person(self._at)
        self.rows[Person].append(row)
        self.rows[RoleAssignment].append(
            {"id": uuid4(), **role_row(row["id"], role, self._epao, self._at)}
        )
        token, seed = new_token(), secrets.token_hex(20)
        self._add(
            SignInSession,
            token_hash=token_hash(token),
            person_id=row["id"],
            started_at=self._at,
            completed_at=self._at,
            last_seen_at=self._at,
            ends_at=self._at + SESSION_LENGTH,
        )
        signer = SecureCookieSessionInterface().get_signing_serializer(self._app)
        assert signer is not None, "the application has a key"
        cookie = signer.dumps({"_user_id": token, "_fresh": True, "csrf_token": seed})
        csrf = URLSafeTimedSerializer(self._app.secret_key or "", salt="wtf-csrf-token")
        name = self._app.config["SESSION_COOKIE_NAME"]
        return row["id"], {
            "Cookie": f"{name}={_text(cookie)}",
            "X-CSRFToken": _text(csrf.dumps(seed)),
        }

    def _attempt(self, person: UUID) -> UUID:
        day = date(2025, 1, 6)
        about = self._add(
            Apprenticeship,
            person_id=person,
            uln=_ULN,
            date_of_birth=date(1998, 4, 1),
            standard_reference=STANDARD,
            employer_id=self._employer,
            learning_start_on=day,
            original_start_on=day,
            registered_at=self._at,
        )
        assessment = self._add(
            EndPointAssessment,
            apprenticeship_id=about,
            epao_id=self._epao,
            framework_code=FRAMEWORK,
            framework_version=self._plan.version,
            stage=Stage.ASSESSMENT,
            stage_since=self._at,
            gateway_accepted_at=self._at - timedelta(days=20),
            epa_starts_on=(self._at - timedelta(days=20)).date(),
            lock_version=1,
        )
        return self._add(
            MethodAttempt,
            assessment_id=assessment,
            method_code=METHOD,
            opened_at=self._at,
            lock_version=1,
            scoring_input=None,
            explanation=None,
        )

    def _paper(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """A paper as `question_bank.sittings.making` makes it, of invented questions."""
        layout, content = [], []
        for number, kind in enumerate(self._kinds, 1):
            offered = range(_OPTIONS if kind == _CHOICE else 0)
            names = [secrets.token_hex(6) for _ in offered]
            shared = {"number": number, "kind": kind, "marks": self._marks[kind]}
            order = [place + 1 for place in offered]
            layout.append({**shared, "options": names, "order": order, "version": str(uuid4())})
            texts = [{"id": name, "text": "<p>Agree one small next step.</p>"} for name in names]
            content.append({**shared, "title": "Question", "stem": _STEM, "options": texts})
        return layout, content


def _text(signed: str | bytes) -> str:
    return signed if isinstance(signed, str) else signed.decode()
