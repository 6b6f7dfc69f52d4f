"""A test's sitting, its marks by each marker, and where the two differ."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from epa.allowances.queries import allowance_of
from epa.allowances.rules import adjusted
from epa.database import db
from epa.knowledge_test.models import MarkEntry, PaperSitting
from epa.knowledge_test.rules import MARKERS
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import MethodAttempt
from epa.lifecycle.queries import attempt_for
from epa.lifecycle.rules import Duty
from epa.people.models import Person
from epa.people.rules import Permission, Role
from frameworks import MarkedMethod
from question_bank.marking import rules as marking
from question_bank.sittings import queries as sittings
from question_bank.sittings.rules import SittingState


def test_for(person: Person, permission: Permission, attempt_id: UUID) -> MethodAttempt | None:
    """The attempt, if it is of a method with marks and this person may do this to it."""
    attempt = attempt_for(person, permission, attempt_id)
    return attempt if attempt is not None and is_marked(attempt) else None


def is_marked(attempt: MethodAttempt) -> bool:
    """Whether the attempt's method is graded by marks."""
    method = framework_of(attempt.assessment).methods[attempt.method_code]
    return isinstance(method, MarkedMethod)


def method_of(attempt: MethodAttempt) -> MarkedMethod:
    """The marked method of an attempt, with the time that was granted; KeyError when it is judged."""
    plan = framework_of(attempt.assessment)
    return adjusted(plan.marked_method(attempt.method_code), allowance_of(attempt))


def paper_of(attempt: MethodAttempt) -> tuple[marking.PaperQuestion, ...]:
    """The questions of the attempt's paper, in order."""
    return marking.layout(method_of(attempt))


def sitting_of(attempt: MethodAttempt) -> PaperSitting | None:
    """The recorded sitting, if there is one."""
    return db.session.scalar(select(PaperSitting).where(PaperSitting.attempt_id == attempt.id))


def is_on_screen(attempt: MethodAttempt) -> bool:
    """Whether the test is taken on a screen: a paper was issued for it that is not void."""
    sitting = sittings.of_attempts([attempt.id]).get(attempt.id)
    return sitting is not None and sitting.state is not SittingState.VOIDED


def is_marked_anew(attempt: MethodAttempt) -> bool:
    """Whether a test that was graded is open again, because its key or guide was corrected."""
    sitting = sittings.of_attempts([attempt.id]).get(attempt.id)
    is_open = sitting is not None and sitting.state is SittingState.SUBMITTED
    return is_open and attempt.grade is not None


def marker_duty(attempt: MethodAttempt, person: Person) -> Duty | None:
    """Which marker this person is on the attempt, if either."""
    return next(
        (duty for duty in MARKERS if (held := attempt.allocated(duty)) and held.id == person.id),
        None,
    )


def may_record_sitting(attempt: MethodAttempt, person: Person) -> bool:
    """Whether this person is the test's invigilator, or an administrator of its EPAO."""
    invigilator = attempt.allocated(Duty.INVIGILATOR)
    return (invigilator is not None and invigilator.id == person.id) or any(
        held.role is Role.ADMINISTRATOR and held.organisation_id == attempt.assessment.epao_id
        for held in person.current_roles
    )


def newest_entry(attempt: MethodAttempt, duty: Duty) -> MarkEntry | None:
    """The newest marks under a duty, by whoever holds it now."""
    holder = attempt.allocated(duty)
    if holder is None:
        return None
    return db.session.scalar(
        select(MarkEntry)
        .where(
            MarkEntry.attempt_id == attempt.id,
            MarkEntry.duty == duty,
            MarkEntry.entered_by_id == holder.id,
        )
        .order_by(MarkEntry.version.desc())
        .limit(1)
    )


def newest_entries(attempt: MethodAttempt) -> dict[Duty, MarkEntry]:
    """The newest marks by duty, of those who have entered any."""
    found = ((duty, newest_entry(attempt, duty)) for duty in MARKERS)
    return {duty: entry for duty, entry in found if entry is not None}


def last_version(attempt: MethodAttempt, duty: Duty) -> int:
    """The number of the last entry under a duty, 0 before the first."""
    versions = select(MarkEntry.version).where(
        MarkEntry.attempt_id == attempt.id, MarkEntry.duty == duty
    )
    return max(db.session.scalars(versions), default=0)


def differences(attempt: MethodAttempt) -> tuple[int, ...] | None:
    """The questions on which the two entries differ; None until both markers have entered."""
    entries = newest_entries(attempt)
    if len(entries) < len(MARKERS):
        return None
    first, second = (entries[duty].marks for duty in MARKERS)
    return marking.differences(first, second)
