"""Asking to take a failed method again, answering, planning actions, opening the new attempt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm.attributes import flag_modified

from epa.audit.services import record
from epa.clock import london_date
from epa.database import db
from epa.errors import RuleBroken, RulesBroken
from epa.in_transaction import lock
from epa.lifecycle import services as lifecycle
from epa.lifecycle.models import MethodAttempt
from epa.lifecycle.queries import attempt_for
from epa.lifecycle.rules import AttemptKind
from epa.people.models import Person
from epa.people.rules import Permission
from epa.resits import letters, queries, rules
from epa.resits.models import PlannedAction, ResitRequest
from epa.resits.rules import UNDER_WAY, ActionOwner, Fault, ResitStatus


def ask(
    attempt: MethodAttempt, kind: AttemptKind, words: str | None, *, actor: Person, at: datetime
) -> ResitRequest:
    """Ask that a failed method is taken again; an employer who asks agrees with it.

    Args:
        attempt: the newest attempt at the method, with a released Fail.
        kind: a re-sit (no further learning) or a re-take (with further learning).
        words: what else matters; may be empty.
        actor: the apprentice, somebody of the employer or provider, or an administrator.
        at: when.

    Raises:
        RuleBroken: the method is not failed, is asked for already, or was taken as often as it may.
    """
    # Two who ask at once: the second waits here and then finds the first.
    lock(attempt)
    _refuse(rules.asking_fault(queries.failing_of(attempt)))
    if kind is AttemptKind.FIRST:
        raise RuleBroken("kind", "Choose a re-sit or a re-take", "kind")
    request = ResitRequest(
        attempt=attempt,
        number=_next_number(attempt),
        kind=kind,
        words=(words or "").strip() or None,
        status=ResitStatus.ASKED,
        asked_at=at,
        asked_by=actor,
    )
    db.session.add(request)
    db.session.flush()
    record(actor, "attempt asked for", request, at=at, method=attempt.method_code, kind=kind)
    if attempt_for(actor, Permission.AGREE_TO_RESIT, attempt.id) is not None:
        agree(request, actor=actor, at=at)
    else:
        letters.ask_employer(attempt, at=at)
    return request


def agree(
    request: ResitRequest, *, actor: Person, at: datetime, agreement: str | None = None
) -> None:
    """Keep that the employer agrees.

    Args:
        request: one that waits for it.
        actor: somebody of the employer; or an administrator, who says how the employer agreed.
        at: when.
        agreement: how the employer agreed, where they have not done so here themselves.

    Raises:
        RuleBroken: it waits for no agreement, or nothing says how the employer agreed.
    """
    if request.status is not ResitStatus.ASKED:
        raise RuleBroken("not-asked", "This does not wait for an agreement any more.")
    is_theirs = attempt_for(actor, Permission.AGREE_TO_RESIT, request.attempt_id) is not None
    told = (agreement or "").strip() or None
    if not is_theirs and told is None:
        raise RuleBroken("how-agreed", "Write how the employer agreed", "agreement")
    request.status = ResitStatus.AGREED
    request.agreed_at, request.agreed_by = at, actor
    request.agreement = None if is_theirs else told
    db.session.flush()
    record(actor, "attempt agreed to", request, at=at, by_employer=is_theirs)
    letters.tell_of_answer(request, actor=actor, at=at)


def decline(request: ResitRequest, reason: str, *, actor: Person, at: datetime) -> None:
    """Say, as the employer, that the method is not taken again now.

    Raises:
        RuleBroken: nothing waits for an answer, or no reason is given.
    """
    _end(request, ResitStatus.DECLINED, reason, actor=actor, at=at)
    letters.tell_of_answer(request, actor=actor, at=at)


def refuse(request: ResitRequest, reason: str, *, actor: Person, at: datetime) -> None:
    """Refuse the request as the EPAO, for instance where no circumstances are exceptional.

    Raises:
        RuleBroken: it is not under way any more, or no reason is given.
    """
    _end(request, ResitStatus.REFUSED, reason, actor=actor, at=at)
    letters.tell_of_answer(request, actor=actor, at=at)


def withdraw(request: ResitRequest, *, actor: Person, at: datetime) -> None:
    """Take a request back before it is opened; another may be made.

    Raises:
        RuleBroken: it is not under way any more, or neither the asker nor the EPAO takes it back.
    """
    decides = attempt_for(actor, Permission.DECIDE_RESIT, request.attempt_id) is not None
    if request.asked_by_id != actor.id and not decides:
        raise RuleBroken("not-yours", "Whoever asked takes it back, or the organisation does.")
    _end(request, ResitStatus.WITHDRAWN, None, actor=actor, at=at)


def record_circumstances(
    request: ResitRequest, reason: str, closes_on: date, *, actor: Person, at: datetime
) -> None:
    """Keep exceptional circumstances, for which the attempt may be taken after the period.

    Args:
        request: one that is under way.
        reason: what was outside the apprentice's and the employer's control.
        closes_on: the last day on which the attempt may be taken.
        actor: an administrator of the EPAO.
        at: when.

    Raises:
        RuleBroken: it is not under way, no reason is given, or the day is inside the period.
    """
    _refuse_unless_under_way(request)
    if not reason.strip():
        raise RuleBroken("reason", "Write what the circumstances are", "reason")
    last_day = queries.last_day_of(request.attempt)
    _refuse(rules.extension_fault(closes_on, today=london_date(at), last_day=last_day))
    request.circumstances, request.closes_on = reason.strip(), closes_on
    request.circumstances_at, request.circumstances_by = at, actor
    db.session.flush()
    record(
        actor,
        "exceptional circumstances recorded",
        request,
        at=at,
        method=request.attempt.method_code,
        closes_on=closes_on.isoformat(),
    )


@dataclass(frozen=True)
class ActionFields:
    """An action as it is typed: for which KSB, what is done, whose it is, by when."""

    ksb_code: str
    action: str
    owner: ActionOwner
    due_on: date


def plan_action(
    request: ResitRequest, fields: ActionFields, *, actor: Person, at: datetime
) -> PlannedAction:
    """Add an action to the plan.

    Raises:
        RuleBroken: the request is not under way, the KSB was met, or nothing says what is done.
    """
    _refuse_unless_under_way(request)
    if fields.ksb_code not in queries.to_plan_for(request.attempt):
        raise RuleBroken("ksb", "Choose one that was not met", "ksb_code")
    if not fields.action.strip():
        raise RuleBroken("action", "Write what is to be done", "action")
    if fields.owner is ActionOwner.TRAINING_PROVIDER and (
        request.attempt.assessment.apprenticeship.provider_id is None
    ):
        raise RuleBroken("owner", "There is no training provider; choose somebody else", "owner")
    number = max((one.number for one in request.actions), default=0) + 1
    planned = PlannedAction(
        number=number,
        ksb_code=fields.ksb_code,
        action=fields.action.strip(),
        owner=fields.owner,
        due_on=fields.due_on,
        added_at=at,
        added_by=actor,
    )
    request.actions.append(planned)
    _count_up(request)
    record(actor, "action planned", request, at=at, number=number, ksb=fields.ksb_code)
    return planned


def remove_action(planned: PlannedAction, *, actor: Person, at: datetime) -> None:
    """Take an action out of the plan while the attempt is not opened.

    Raises:
        RuleBroken: the request is not under way any more.
    """
    request = planned.request
    _refuse_unless_under_way(request)
    record(actor, "action removed", request, at=at, number=planned.number, ksb=planned.ksb_code)
    request.actions.remove(planned)
    _count_up(request)


def mark_done(planned: PlannedAction, *, is_done: bool, actor: Person, at: datetime) -> None:
    """Keep that an action is done, or that it is not done after all."""
    planned.done_at = at if is_done else None
    planned.done_by = actor if is_done else None
    db.session.flush()
    action = "action done" if is_done else "action not done"
    record(actor, action, planned.request, at=at, number=planned.number, ksb=planned.ksb_code)


def open_attempt(request: ResitRequest, *, actor: Person, at: datetime) -> MethodAttempt:
    """Open the attempt that was asked for, so that it can be booked.

    Raises:
        RulesBroken: agreement or actions are missing, or the period is over; each is named.
        RuleBroken: it is not under way, or the method was taken as often as it may be.
    """
    _refuse_unless_under_way(request)
    failed = request.attempt
    lock(failed.assessment)
    _refuse(rules.limit_fault(failed.number, queries.attempts_limit(failed)))
    faults = list(rules.opening_faults(queries.preparation_of(request), london_date(at)))
    if faults:
        raise RulesBroken([RuleBroken(one.code, one.message, one.field) for one in faults])
    attempt = lifecycle.open_attempt(
        failed, request.kind, closes_on=request.closes_on, actor=actor, at=at
    )
    request.status, request.new_attempt = ResitStatus.OPENED, attempt
    db.session.flush()
    letters.tell_of_opening(request, at=at)
    return attempt


def note_reading(attempt: MethodAttempt, *, actor: Person, at: datetime) -> None:
    """Write down that somebody read of a Fail and of what is to follow it."""
    record(actor, "failed method read", attempt, at=at, method=attempt.method_code)


def note_list_read(shown: Sequence[MethodAttempt], *, actor: Person, at: datetime) -> None:
    """Write down that somebody was shown a list of failed methods; an empty one says nothing."""
    if shown:
        of = [str(one.id) for one in shown]
        record(actor, "list of failed methods read", actor, at=at, attempts=of)


def _end(
    request: ResitRequest, status: ResitStatus, reason: str | None, *, actor: Person, at: datetime
) -> None:
    _refuse_unless_under_way(request)
    given = (reason or "").strip() or None
    if status is not ResitStatus.WITHDRAWN and given is None:
        raise RuleBroken("reason", "Write why, so that everybody concerned can read it", "reason")
    request.status = status
    request.ended_at, request.ended_by, request.ended_reason = at, actor, given
    db.session.flush()
    record(actor, f"attempt {status.value}", request, at=at, method=request.attempt.method_code)


def _refuse_unless_under_way(request: ResitRequest) -> None:
    if request.status not in UNDER_WAY:
        title = rules.STATUS_TITLES[request.status].lower()
        raise RuleBroken("not-under-way", f"This request is {title} already.")
    if request.attempt.assessment.stage not in rules.OPEN_STAGES:
        raise RuleBroken("not-under-way", "The assessment is not under way any more.")


def _count_up(request: ResitRequest) -> None:
    """Count the request's version up: whoever agrees to it or opens it has seen its plan."""
    flag_modified(request, "status")
    db.session.flush()


def _next_number(attempt: MethodAttempt) -> int:
    newest = select(func.max(ResitRequest.number)).where(ResitRequest.attempt_id == attempt.id)
    return (db.session.scalar(newest) or 0) + 1


def _refuse(fault: Fault | None) -> None:
    if fault is not None:
        raise RuleBroken(fault.code, fault.message, fault.field)
