"""Apprentices in every stage, with what their stage brings: gateway, bookings, sheets, grades."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any, Final
from uuid import UUID, uuid4

from bench.company import Company, Names, Rows, role_row
from epa.booking.models import Booking
from epa.booking.states import BookingStatus
from epa.clock import london_date
from epa.gateway.models import GatewayRequirement, GatewayReview
from epa.gateway.rules import RequirementDecision
from epa.grading.models import OverallGrade
from epa.judgements.models import EvidenceNote, Judgement, MarkSheet
from epa.knowledge_test.models import PaperSitting
from epa.lifecycle.definitions import latest
from epa.lifecycle.models import Allocation, Apprenticeship, EndPointAssessment, MethodAttempt
from epa.lifecycle.rules import Duty, Grade, Stage
from epa.people.models import Person, RoleAssignment
from epa.people.rules import Role
from epa.portfolio.models import PortfolioVersion
from epa.portfolio.rules import PortfolioStatus

STANDARD: Final = "ST0663"
FRAMEWORK: Final = "st0663"
# Of every twenty apprentices, where they stand; the order spreads the stages over employers.
_STAGES: Final = (
    *(Stage.ON_PROGRAMME, Stage.COMPLETE, Stage.ASSESSMENT, Stage.ON_PROGRAMME, Stage.GATEWAY),
    *(Stage.ON_PROGRAMME, Stage.COMPLETE, Stage.WITHDRAWN, Stage.ON_PROGRAMME, Stage.ASSESSMENT),
    *(Stage.COMPLETE, Stage.ON_PROGRAMME, Stage.RESULTS, Stage.COMPLETE, Stage.GATEWAY),
    *(Stage.ON_PROGRAMME, Stage.PAUSED, Stage.ASSESSMENT, Stage.COMPLETE, Stage.ON_PROGRAMME),
)
_CLOSED_EACH: Final = 97
_FIRST_ULN: Final = 9_900_000_000
_JUDGED: Final = ("observation", "presentation")
_ROLES: Final = {
    Duty.ASSESSOR: Role.INDEPENDENT_ASSESSOR,
    Duty.INVIGILATOR: Role.INVIGILATOR,
    Duty.FIRST_MARKER: Role.MARKER,
    Duty.SECOND_MARKER: Role.MARKER,
}
_GRADED: Final = frozenset({Stage.RESULTS, Stage.COMPLETE, Stage.CLOSED})


class Cases:
    """Makes the rows of apprentices one after the other.

    ``rows`` are those of the last call, ``apprentice`` the first who is in the EPA period, ``sheet``
    the first that is open: its attempt and its assessor.
    """

    def __init__(self, company: Company, names: Names, at: datetime) -> None:
        self._company, self._names, self._at = company, names, at
        self._plan = latest(FRAMEWORK)
        self._number = count()
        self._in_period = count()
        self.rows: Rows = {}
        self.apprentice: UUID | None = None
        self.sheet: tuple[UUID, UUID] | None = None

    def next(self, many: int) -> Rows:
        """The rows of so many more apprentices."""
        # Tables in the order in which rows point to each other.
        self.rows = {
            one: []
            for one in (
                *(Person, RoleAssignment, Apprenticeship, EndPointAssessment, MethodAttempt),
                *(Allocation, Booking, GatewayReview, GatewayRequirement, PortfolioVersion),
                *(MarkSheet, Judgement, EvidenceNote, PaperSitting, OverallGrade),
            )
        }
        for _ in range(many):
            self._apprentice(next(self._number))
        return self.rows

    def _add(self, table: Any, **values: Any) -> UUID:
        row = {"id": uuid4(), **values}
        self.rows[table].append(row)
        return UUID(str(row["id"]))

    def _days(self, days: int, hours: int = 0) -> datetime:
        return self._at + timedelta(days=days, hours=hours)

    def _apprentice(self, number: int) -> None:
        stage = Stage.CLOSED if number % _CLOSED_EACH == 1 else _STAGES[number % len(_STAGES)]
        person = self._names.person(self._at)
        self.rows[Person].append(person)
        self.rows[RoleAssignment].append(
            role_row(person["id"], Role.APPRENTICE, self._company.epao, self._at)
        )
        has_started = stage is Stage.ASSESSMENT or stage in _GRADED
        starts_on = self._period_start(number, stage) if has_started else None
        started = london_date(self._days(-400 - number % 300))
        about = self._add(
            Apprenticeship,
            person_id=person["id"],
            uln=str(_FIRST_ULN + number),
            date_of_birth=date(1975 + number % 30, 1 + number % 12, 1 + number % 28),
            standard_reference=STANDARD,
            employer_id=self._company.employers[number % len(self._company.employers)],
            provider_id=self._company.providers[number % len(self._company.providers)],
            learning_start_on=started,
            original_start_on=started,
            planned_end_on=started + timedelta(days=600),
            registered_at=self._days(-300),
        )
        assessment = self._add(
            EndPointAssessment,
            apprenticeship_id=about,
            epao_id=self._company.epao,
            framework_code=FRAMEWORK,
            framework_version=self._plan.version,
            stage=stage,
            stage_since=self._days(-(number % 50)),
            gateway_accepted_at=self._days(-100) if starts_on else None,
            epa_starts_on=starts_on,
            lock_version=1,
        )
        if stage in {Stage.ON_PROGRAMME, Stage.GATEWAY}:
            self._before(assessment, person["id"], number, stage)
        elif starts_on:
            if stage is Stage.ASSESSMENT and self.apprentice is None:
                self.apprentice = person["id"]
            self._within(assessment, number, stage)

    def _period_start(self, number: int, stage: Stage) -> date:
        ago = 10 + number * 7 % 75 if stage is Stage.ASSESSMENT else 120 + number % 200
        return london_date(self._days(-ago))

    def _before(self, assessment: UUID, apprentice: UUID, number: int, stage: Stage) -> None:
        """A portfolio, and at the gateway a review in which most is supplied and half decided."""
        at_gateway = stage is Stage.GATEWAY
        submitted = {"submitted_at": self._days(-9), "submitted_by_id": apprentice}
        self._add(
            PortfolioVersion,
            assessment_id=assessment,
            number=1,
            status=PortfolioStatus.SUBMITTED if at_gateway else PortfolioStatus.DRAFT,
            created_at=self._days(-60),
            lock_version=1,
            **(submitted if at_gateway else dict.fromkeys(submitted)),
        )
        if not at_gateway:
            return
        review = self._add(
            GatewayReview,
            assessment_id=assessment,
            opened_at=self._days(-20),
            opened_by_id=apprentice,
            changed_at=self._days(-5),
            changed_by_id=apprentice,
            changed_what="supplied",
            lock_version=1,
        )
        for position, one in enumerate(self._plan.gateway.requirements):
            by = self._company.clients[Role.TRAINING_PROVIDER]
            is_supplied = one.evidence != "portfolio" and (number + position) % 4 != 0
            is_decided = is_supplied and (number + position) % 3 == 0
            decider = self._company.one(Role.ADMINISTRATOR, number)
            self._add(
                GatewayRequirement,
                review_id=review,
                code=one.code,
                position=position,
                number=int(is_supplied),
                supplied={"given": True} if is_supplied else None,
                supplied_at=self._days(-8) if is_supplied else None,
                supplied_by_id=by if is_supplied else None,
                decision=RequirementDecision.ACCEPTED
                if is_decided
                else RequirementDecision.PENDING,
                shown="Given" if is_decided else None,
                decided_at=self._days(-3) if is_decided else None,
                decided_by_id=decider if is_decided else None,
            )

    def _within(self, assessment: UUID, number: int, stage: Stage) -> None:
        """Three attempts: nobody allocated yet, held, confirmed, over, or graded, in turn."""
        decider = self._company.one(Role.INTERNAL_QUALITY_ASSURER, number)
        released = stage is not Stage.RESULTS
        how_far = next(self._in_period) % 5
        for turn, code in enumerate(self._plan.methods):
            is_graded = stage in _GRADED or (how_far == 4 and turn == 0)  # noqa: PLR2004 (the last of five)
            grade = Grade.FAIL if stage is Stage.CLOSED and turn == 0 else Grade.PASS
            when = {2: self._days(6 + number % 20), 3: self._days(-1 - number % 5)}.get(how_far)
            when = self._days(-15) if is_graded else when
            attempt = self._attempt(assessment, code, when)
            row = self.rows[MethodAttempt][-1]
            if stage in _GRADED or how_far:
                self._allocate(attempt, code, number)
            if is_graded:
                row |= self._graded(code, number, grade)
            if is_graded and released:
                row |= {"released_at": self._days(-4), "released_by_id": decider}
            self._booked(attempt, how_far, when)
            if code in _JUDGED and when and when < self._at:
                self._sheet(attempt, code, number, is_signed=is_graded)
            elif when and when < self._at:
                self._sat(attempt, number)
        if stage in {Stage.COMPLETE, Stage.CLOSED}:
            self._finished(assessment, number, decider, stage)

    def _attempt(self, assessment: UUID, code: str, when: datetime | None) -> UUID:
        empty = ("grade", "scoring_input", "explanation", "graded_at", "graded_by_id")
        return self._add(
            MethodAttempt,
            assessment_id=assessment,
            method_code=code,
            opened_at=self._days(-30),
            scheduled_at=when,
            place="Eastmoor Works, meeting room 2" if when else None,
            held_on=london_date(when) if when and when < self._at else None,
            lock_version=1,
            released_at=None,
            released_by_id=None,
            **dict.fromkeys(empty),
        )

    def _allocate(self, attempt: UUID, code: str, number: int) -> None:
        for turn, duty in enumerate(self._plan.methods[code].duties):
            self._add(
                Allocation,
                attempt_id=attempt,
                person_id=self._company.one(_ROLES[Duty(duty)], number + turn),
                duty=Duty(duty),
                allocated_at=self._days(-12),
                allocated_by_id=self._company.one(Role.ADMINISTRATOR, number),
                accepted_at=None if number % 11 == 0 else self._days(-11),
            )

    def _graded(self, code: str, number: int, grade: Grade) -> dict[str, Any]:
        role = Role.INDEPENDENT_ASSESSOR if code in _JUDGED else Role.MARKER
        ratings = dict.fromkeys(self._plan.ksbs_of(code), grade.value)
        return {
            "grade": grade,
            "scoring_input": {"ratings": ratings} if code in _JUDGED else {"marks": 48},
            "explanation": ["Every pass descriptor is met."],
            "graded_at": self._days(-6),
            "graded_by_id": self._company.one(role, number),
        }

    def _booked(self, attempt: UUID, how_far: int, when: datetime | None) -> None:
        held = how_far == 1 and when is None
        starts_at = when or (self._days(12) if held else None)
        self._add(
            Booking,
            attempt_id=attempt,
            status=BookingStatus.CONFIRMED
            if when
            else BookingStatus.HELD
            if held
            else BookingStatus.OPEN,
            starts_at=starts_at,
            place="Eastmoor Works, meeting room 2" if starts_at else None,
            held_until=self._days(3) if held else None,
            lock_version=1,
        )

    def _sheet(self, attempt: UUID, code: str, number: int, *, is_signed: bool) -> None:
        assessor = self._company.one(Role.INDEPENDENT_ASSESSOR, number)
        sheet = self._add(
            MarkSheet,
            attempt_id=attempt,
            opened_at=self._days(-5),
            opened_by_id=assessor,
            conduct={},
            signed_at=self._days(-4) if is_signed else None,
            signed_by_id=assessor if is_signed else None,
            digest="0" * 64 if is_signed else None,
            lock_version=1,
        )
        if not is_signed and code == "observation" and self.sheet is None:
            self.sheet = attempt, assessor
        source = self._plan.judged_method(code).sources[0].code
        for sequence, ksb in enumerate(self._plan.ksbs_of(code)[: 0 if is_signed else 12], 1):
            mine = {"sheet_id": sheet, "sequence": 1}
            self._add(
                Judgement,
                ksb_code=ksb,
                grade=Grade.PASS,
                judged_at=self._days(-1),
                judged_by_id=assessor,
                **mine,
            )
            self._add(
                EvidenceNote,
                **{**mine, "sequence": sequence},
                ksbs=[ksb],
                source=source,
                text="Agreed three next steps with SU-2, each with a day, and wrote them down.",
                noted_at=self._days(-1),
                noted_by_id=assessor,
            )

    def _sat(self, attempt: UUID, number: int) -> None:
        self._add(
            PaperSitting,
            attempt_id=attempt,
            held_on=london_date(self._days(-2)),
            minutes=75,
            identity_checked=True,
            venue_checked=True,
            recorded_at=self._days(-2),
            recorded_by_id=self._company.one(Role.INVIGILATOR, number),
            lock_version=1,
        )

    def _finished(self, assessment: UUID, number: int, by: UUID, stage: Stage) -> None:
        self._add(
            OverallGrade,
            assessment_id=assessment,
            grade=Grade.FAIL if stage is Stage.CLOSED else Grade.PASS,
            scoring_input=dict.fromkeys(self._plan.methods, Grade.PASS.value),
            explanation=["Every method is passed."],
            framework_code=FRAMEWORK,
            framework_version=self._plan.version,
            released_at=self._days(-3 - number % 300),
            released_by_id=by,
            no_resit_reason="The period is over." if stage is Stage.CLOSED else None,
            statement_number=f"BENCH-{number:06}",
        )
